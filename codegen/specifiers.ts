import { posix } from 'node:path';

/** How `from` imports `module`; both are paths from the app folder, `module` without its ending. */
export function relativeSpecifier(from: string, module: string): string {
  const relative = posix.relative(posix.dirname(from), module);
  return relative.startsWith('.') ? relative : `./${relative}`;
}

/** A source file's path without its ending. */
export function withoutEnding(path: string): string {
  return path.replace(/\.[cm]?[jt]sx?$/, '');
}

/** Does a specifier in `from` mean `module` (a path without ending), relatively or by a path alias of the app? */
export function meansModule(from: string, specifier: string, module: string): boolean {
  const bare = withoutEnding(specifier);
  const path = bare.startsWith('.') ? posix.join(posix.dirname(from), bare) : undefined;
  if (path !== undefined) return path === module || `${path}/index` === module;
  const tail = module.replace(/^src\//, '').replace(/\/index$/, '');
  return bare.endsWith(`/${tail}`) && tail.includes('/');
}

/** The file a relative specifier in `from` means, among the app's paths. */
export function resolveFile(from: string, specifier: string, exists: (path: string) => boolean): string | undefined {
  const path = posix.join(posix.dirname(from), specifier);
  const endings = ['', '.tsx', '.ts', '.jsx', '.js', '/index.tsx', '/index.ts', '/index.jsx', '/index.js'];
  return endings.map((ending) => path + ending).find((candidate) => /\.[jt]sx?$/.test(candidate) && exists(candidate));
}
