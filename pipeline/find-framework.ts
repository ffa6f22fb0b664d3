import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findInModules } from './tools.ts';

/** Path of a command of the app's Expo (`cli`, `fingerprint`); undefined where the app itself does not depend on it. */
export async function findExpo(tree: string, appDir: string, command: string): Promise<string | undefined> {
  const dependencies = await readDependencies(tree, appDir);
  return 'expo' in dependencies ? findInModules(tree, appDir, `expo/bin/${command}`) : undefined;
}

/** Path of the app's Next.js; undefined where it has none, also where Next.js only stands beside Expo. */
export async function findNext(tree: string, appDir: string): Promise<string | undefined> {
  const dependencies = await readDependencies(tree, appDir);
  if ('expo' in dependencies || !('next' in dependencies)) return undefined;
  return findInModules(tree, appDir, 'next/dist/bin/next');
}

/** In a workspace the packages of other apps can be found too, so the app's own manifest decides. */
async function readDependencies(tree: string, appDir: string): Promise<Readonly<Record<string, string>>> {
  const text = await readFile(join(tree, appDir, 'package.json'), 'utf8');
  const { dependencies = {} } = JSON.parse(text.replace(/^\uFEFF/, '')) as { dependencies?: Record<string, string> };
  return dependencies;
}
