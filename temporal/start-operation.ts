import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import {
  type InstallInput,
  type OperationInput,
  type UninstallInput,
  type UpdateInput,
  searchAttributes,
  taskQueues,
} from '../contract/workflows.ts';

/** Which workflow carries an operation out, and with what. */
export type OperationStart =
  | { name: 'installConnector'; input: InstallInput }
  | { name: 'updateConnector'; input: UpdateInput }
  | { name: 'uninstallConnector'; input: UninstallInput };

const verbOf = { installConnector: 'Install', updateConnector: 'Update', uninstallConnector: 'Take out' } as const;

const keys = {
  project: defineSearchAttributeKey(searchAttributes.project, 'KEYWORD'),
  connector: defineSearchAttributeKey(searchAttributes.connector, 'KEYWORD'),
  environment: defineSearchAttributeKey(searchAttributes.environment, 'KEYWORD'),
};

/** Starts an operation's workflow; false when one runs under this id, which stays as it is. Errors are the client's. */
export async function startOperation(client: Client, workflowId: string, operation: OperationStart): Promise<boolean> {
  const { project, connector, environment }: OperationInput = operation.input;
  try {
    await client.workflow.start(operation.name, {
      workflowId,
      taskQueue: taskQueues.control,
      args: [operation.input],
      workflowIdConflictPolicy: 'FAIL',
      staticSummary: `${verbOf[operation.name]} ${connector} (${environment})`,
      typedSearchAttributes: [
        { key: keys.project, value: project },
        { key: keys.connector, value: connector },
        { key: keys.environment, value: environment },
      ],
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}
