import { applyPlan } from '../../codegen/apply.ts';
import { decodeText } from '../../codegen/draft.ts';
import { plan } from '../../codegen/plan.ts';
import { readProject } from '../../codegen/read-project.ts';
import type { Plan, Snapshot, WantedConnector } from '../../contract/codegen.ts';

/** A snapshot of regular files from their texts. */
export function snapshotOf(files: Readonly<Record<string, string>>): Snapshot {
  return new Map(Object.entries(files).map(([path, text]) => [path, { mode: '100644', bytes: Buffer.from(text) }]));
}

/** The texts of a snapshot, by path in order. */
export function textsOf(snapshot: Snapshot): Record<string, string> {
  return Object.fromEntries(
    [...snapshot]
      .map(([path, file]) => [path, decodeText(file) ?? ''])
      .toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1)),
  );
}

/** The snapshot with some texts changed. */
export function edited(snapshot: Snapshot, changes: Readonly<Record<string, (text: string) => string>>): Snapshot {
  const texts = textsOf(snapshot);
  for (const [path, change] of Object.entries(changes)) texts[path] = change(texts[path] ?? '');
  return snapshotOf(texts);
}

/** A plan that adds connectors to an app. */
export function planAdd(snapshot: Snapshot, add: readonly WantedConnector[], appDir = ''): Plan {
  return plan({ snapshot, appDir, facts: readProject(snapshot, appDir), add, remove: [] });
}

/** The app with connectors brought to what is wanted of them now; `originals` as in a plan's input. */
export function update(
  snapshot: Snapshot,
  wanted: readonly WantedConnector[],
  originals: ReadonlyMap<string, string> = new Map(),
): Snapshot {
  const facts = readProject(snapshot, '');
  return applyPlan(snapshot, plan({ snapshot, appDir: '', facts, add: wanted, remove: [], originals }));
}

/** A plan that removes connectors from an app by their records. */
export function planRemove(snapshot: Snapshot, remove: readonly WantedConnector[], appDir = ''): Plan {
  return plan({ snapshot, appDir, facts: readProject(snapshot, appDir), add: [], remove });
}

/** The app with connectors installed. */
export function install(snapshot: Snapshot, ...add: WantedConnector[]): Snapshot {
  return applyPlan(snapshot, planAdd(snapshot, add));
}

/** The app with connectors removed. */
export function uninstall(snapshot: Snapshot, ...remove: WantedConnector[]): Snapshot {
  return applyPlan(snapshot, planRemove(snapshot, remove));
}

export const appTsx = `import { StatusBar } from 'expo-status-bar';
import { StyleSheet, Text, View } from 'react-native';

export default function App() {
  return (
    <View style={styles.container}>
      <Text>Open up App.tsx to start working on your app!</Text>
      <StatusBar style="auto" />
    </View>
  );
}

const styles = StyleSheet.create({
  container: {
    flex: 1,
  },
});
`;

/** A small Expo app with TypeScript, \`App.tsx\` and no lock file; some of its files may be given. */
export function blankApp(files: Readonly<Record<string, string>> = {}): Snapshot {
  return snapshotOf({
    'App.tsx': appTsx,
    'index.ts':
      "import { registerRootComponent } from 'expo';\n\nimport App from './App';\n\nregisterRootComponent(App);\n",
    'app.json':
      '{\n  "expo": {\n    "name": "Blank",\n    "slug": "blank",\n    "web": {\n      "favicon": "./assets/favicon.png"\n    }\n  }\n}\n',
    'package.json':
      '{\n  "name": "blank",\n  "main": "index.ts",\n  "dependencies": {\n    "expo": "~57.0.26",\n    "expo-status-bar": "~57.0.1",\n    "react": "19.2.3",\n    "react-native": "0.86.3"\n  },\n  "scripts": {\n    "start": "expo start"\n  }\n}',
    '.gitignore': 'node_modules/\n\n# local env files\n.env*.local\n',
    'tsconfig.json': '{\n  "extends": "expo/tsconfig.base"\n}\n',
    ...files,
  });
}
