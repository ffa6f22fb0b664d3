import { posix } from 'node:path';
import type { AppFacts } from '../contract/connector.ts';
import { extensionOf } from './app-modules.ts';

/** The file of an expo-router app that decides what links into it lead to, and its code that leads those with `part` to `target`. */
export function nativeIntent(app: AppFacts, part: string, target: string): { file: string; snippet: string } {
  const event = app.language === 'javascript' ? '{ path }' : '{ path }: { path: string }';
  return {
    file: posix.join(app.routesDir, `+native-intent.${extensionOf(app)}`),
    snippet: `export function redirectSystemPath(${event}) {\n  return path.includes('${part}') ? ${target} : path;\n}`,
  };
}
