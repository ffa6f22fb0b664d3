import { DefaultLogger, bundleWorkflowCode } from '@temporalio/worker';
import { failureConverterPath } from './data-converter.ts';

/** Bundles the workflows that a file exports, with our failure converter: a worker's `workflowBundle`. */
export async function bundleWorkflows(workflowsPath: string): Promise<{ code: string }> {
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    failureConverterPath,
    logger: new DefaultLogger('WARN'),
  });
  return { code };
}
