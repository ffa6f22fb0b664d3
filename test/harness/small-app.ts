import type { SeedFile } from '../conformance/code-host.ts';

const text = (lines: unknown) => ({
  mode: '100644' as const,
  text: typeof lines === 'string' ? lines : `${JSON.stringify(lines, null, 2)}\n`,
});
const app = `import { Text } from 'react-native';

export default function App() {
  return <Text>Hello</Text>;
}
`;
/** A TypeScript Expo app without a lock file, and beside it a folder that is no app. */
export const smallApp: Readonly<Record<string, SeedFile>> = {
  'package.json': text({
    name: 'shop',
    main: 'index.ts',
    dependencies: { expo: '57.0.0', react: '19.2.0', 'react-native': '0.86.0' },
  }),
  'app.json': text({ expo: { name: 'shop', slug: 'shop' } }),
  'tsconfig.json': text({ extends: 'expo/tsconfig.base', compilerOptions: { strict: true } }),
  'index.ts': text(
    "import { registerRootComponent } from 'expo';\nimport App from './App';\n\nregisterRootComponent(App);\n",
  ),
  'App.tsx': text(app),
  'tool/package.json': text({ name: 'tool', dependencies: { express: '5.0.0' } }),
};
