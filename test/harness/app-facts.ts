import type { AppFacts } from '../../contract/connector.ts';

/** A small Expo app with TypeScript and `App.tsx`. */
export const expoApp: AppFacts = {
  framework: 'expo',
  version: '57.0.26',
  major: 57,
  language: 'typescript',
  router: 'none',
  sourceDir: '',
  routesDir: '',
  serverRoutes: false,
  scheme: undefined,
};

/** A small app of Next.js with TypeScript and the app router. */
export const nextApp: AppFacts = {
  ...expoApp,
  framework: 'next',
  version: '16.4.6',
  major: 16,
  router: 'next-app',
  routesDir: 'app',
  serverRoutes: true,
};
