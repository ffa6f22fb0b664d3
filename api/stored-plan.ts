import { z } from 'zod';
import type { ArtifactStore } from '../artifacts/store.ts';

const Text = z.object({ en: z.string(), ar: z.string() });

/** What people are shown of a plan in the artifact store. */
const StoredPlan = z.object({
  diff: z.string(),
  plan: z.object({
    status: z.enum(['planned', 'nothing', 'manual']),
    planHash: z.string(),
    files: z.array(z.object({ path: z.string(), change: z.enum(['add', 'edit', 'delete']), reason: z.string() })),
    manual: z.array(z.object({ file: z.string(), reason: z.string(), snippet: z.string() })),
    changesLock: z.boolean(),
    notes: z.array(z.string()),
    nextSteps: z.array(z.object({ kind: z.string(), text: Text, snippet: z.string().optional() })),
  }),
});

/** Reads a plan that an activity stored: status, hash, files, unified diff, and what people must do by hand. */
export async function readStoredPlan(artifacts: ArtifactStore, project: string, artifact: string) {
  const bytes = await artifacts.get(project, artifact);
  const { plan, diff } = StoredPlan.parse(JSON.parse(Buffer.from(bytes).toString()));
  return { ...plan, diff };
}
