import { copyFileSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { GraftError } from '../contract/errors.ts';
import { createKeyFiles } from '../vault/keys.ts';
import { prepare } from './prepare.ts';
import { runCommand } from './run-command.ts';
import { SetupEnvironment } from './setup-env.ts';

/** The one-shot service of a production installation: keys, tables, roles, namespace, search attributes, schedules. Safe to run again. */
async function setup(): Promise<number> {
  const parsed = SetupEnvironment.safeParse(process.env);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`).join('\n');
    const message =
      `Set-up of a production installation needs (see .env.example):\n${faults}\n` +
      'The embedded stack sets itself up: npm start, npm run demo.';
    throw new GraftError('invalid_request', message);
  }
  const environment = parsed.data;
  const keys = await createKeyFiles(join(environment.GRAFT_KEYS, 'control'));
  // api and build worker read copies in folders of their own: they are never given the control worker's.
  const copies = { api: [keys.sealingPublic, keys.codec, keys.apiHash], build: [keys.codec] };
  for (const [reader, files] of Object.entries(copies)) {
    const folder = join(environment.GRAFT_KEYS, reader);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const file of files) copyFileSync(file, join(folder, basename(file)));
  }
  await prepare({
    databaseUrl: environment.DATABASE_URL,
    passwords: { api: environment.GRAFT_API_DATABASE_PASSWORD, control: environment.GRAFT_CONTROL_DATABASE_PASSWORD },
    temporalAddress: environment.TEMPORAL_ADDRESS,
    temporalNamespace: environment.TEMPORAL_NAMESPACE,
    codecKeyFile: keys.codec,
  });
  process.stdout.write('Keys, tables, roles, namespace, search attributes and schedules are there.\n');
  return 0;
}

await runCommand(setup);
