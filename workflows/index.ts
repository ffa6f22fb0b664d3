export { detectDrift } from './detect-drift.ts';
export { installConnector } from './install-connector.ts';
export { inspectProject, planInstallation, testConnection } from './questions.ts';
export { reconcileInstallations } from './reconcile-installations.ts';
export { uninstallConnector } from './uninstall-connector.ts';
