export { detectDrift } from './detect-drift.ts';
export { answerReopened } from './answer-reopened.ts';
export { installConnector } from './install-connector.ts';
export { describeCodeHost, inspectProject, planInstallation, testConnection } from './questions.ts';
export { reconcileInstallations } from './reconcile-installations.ts';
export { uninstallConnector } from './uninstall-connector.ts';
export { updateConnector } from './update-connector.ts';
