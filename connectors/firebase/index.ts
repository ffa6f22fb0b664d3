import type { Connector } from '../../contract/connector.ts';
import { contribute } from './contribution.ts';
import { manifest } from './manifest.ts';
import { rotation } from './rotation.ts';

export const firebase: Connector = {
  manifest,
  rotation,
  contribute,
  loadProbe: async () => (await import('./probe.ts')).probe,
  loadSimulator: async () => (await import('./simulator.ts')).startSimulator,
};
