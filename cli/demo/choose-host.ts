import type { Stack } from '../embedded/stack.ts';
import type { DemoHost } from './demo-host.ts';
import type { DemoFlags } from './flags.ts';
import { createLocalDemoHost } from './local-demo-host.ts';
import { openGithubDemoHost } from './github-demo-host.ts';
import { createSimulatedDemoHost } from './simulated-demo-host.ts';

const appName = 'demo-app';

/** The code host that the demo was asked for, with an app in it. */
export async function chooseDemoHost(stack: Stack, { codeHost, repo, merge }: DemoFlags): Promise<DemoHost> {
  if (repo !== undefined) return openGithubDemoHost(repo, { merge, environment: process.env });
  return codeHost === 'local' ? createLocalDemoHost(stack, appName) : createSimulatedDemoHost(stack, appName);
}
