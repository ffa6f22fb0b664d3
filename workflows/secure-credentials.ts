import type { Operation } from './operation.ts';
import { forward } from './policies.ts';

/** Steps 2 and 3 as one unit: a submission that a person replaces is tested before it is kept. */
export async function secureCredentials(operation: Operation): Promise<void> {
  const { installation } = operation.input;
  const submission = operation.submission ?? '';
  await testCredentials(operation, submission);
  operation.enter('encrypt');
  await forward.encrypt({ installation, submission });
}

/** Step 2 with what is kept already, or steps 2 and 3 with what a person sent in its place. */
export async function testKept(operation: Operation): Promise<void> {
  if ((operation.submission ?? '') === '') await testCredentials(operation, '');
  else await secureCredentials(operation);
}

async function testCredentials(operation: Operation, submission: string): Promise<void> {
  const { installation, connector } = operation.input;
  operation.enter('test');
  await forward.testCredentials.executeWithOptions({ summary: `test the credentials at ${connector}` }, [
    { installation, submission },
  ]);
}
