import { GraftError } from '../contract/errors.ts';
import type { PipelineReport } from '../contract/pipeline.ts';
import { expoEnvironment } from './build.ts';
import { findExpo } from './find-framework.ts';
import type { BaseTree } from './outcome.ts';
import { type ToolContext, runTool, succeeded } from './tools.ts';

const seconds = 120;

/**
 * Does the change need a new native build? The app's own `fingerprint` of Expo, iOS and Android together, on the result and
 * on the base with the base's dependencies; undefined where that cannot be told, which fails nothing.
 */
export async function compareFingerprints(
  tree: string,
  appDir: string,
  publicKeys: readonly string[],
  base: BaseTree,
  context: ToolContext,
): Promise<PipelineReport['nativeBuild']> {
  const after = await fingerprint(tree, appDir, publicKeys, context);
  if (after === undefined) return undefined;
  const baseTree = await base().catch(noRegistry);
  const before = baseTree === undefined ? undefined : await fingerprint(baseTree, appDir, publicKeys, context);
  return before === undefined ? undefined : { before, after };
}

async function fingerprint(
  tree: string,
  appDir: string,
  publicKeys: readonly string[],
  context: ToolContext,
): Promise<string | undefined> {
  const tool = await findExpo(tree, appDir, 'fingerprint');
  if (tool === undefined) return undefined;
  const environment = expoEnvironment(publicKeys);
  const command = [tool, 'fingerprint:generate'];
  const ending = await runTool({ tree, appDir, command, environment, writable: [], readOnly: [], seconds }, context);
  // It ends its line of JSON with the hash over all sources, whose own hashes come before.
  return succeeded(ending) ? /"hash":"([0-9a-f]{16,128})"\}\s*$/.exec(ending.output)?.[1] : undefined;
}

/** The steps whose verdicts count tell of a registry that gives nothing; here it only leaves a question open. */
function noRegistry(error: unknown): undefined {
  const isRegistry =
    error instanceof GraftError && (error.code === 'unavailable' || error.code === 'registry_credentials');
  if (!isRegistry) throw error;
}
