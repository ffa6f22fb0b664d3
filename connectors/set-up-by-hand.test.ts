import { describe, expect, it } from 'vitest';
import { checkPlan } from '../codegen/check-plan.ts';
import { readProject } from '../codegen/read-project.ts';
import type { Snapshot, WantedConnector } from '../contract/codegen.ts';
import { appTsx, blankApp, edited, install, planAdd, snapshotOf, textsOf, uninstall } from '../test/harness/apps.ts';
import { connectors, getConnector } from './index.ts';

const wanted = (id: string, app: Snapshot = blankApp()): WantedConnector => {
  const connector = getConnector(id);
  const { manifest } = connector;
  const options = manifest.options.parse({});
  const contribution = connector.contribute({ app: readProject(app, ''), alias: '', options });
  return { connector: id, alias: '', version: manifest.version, options, contribution };
};
const withSetUp = [...connectors.keys()].flatMap((id) => {
  const { setUp } = wanted(id).contribution;
  return setUp === undefined ? [] : setUp.names.map((name) => [id, setUp.module, name] as const);
});
/** The package there already, in its version. */
const withPackage = (id: string, files: Record<string, string> = {}) =>
  edited(blankApp(files), {
    'package.json': (text) =>
      wanted(id).contribution.packages.reduce(
        (manifest, { name, range }) => manifest.replace('"expo":', `"${name}": "${range}",\n    "expo":`),
        text,
      ),
  });

describe.each(withSetUp)('%s in an app that uses %s and its %s by hand', (id, source, name) => {
  it.each([
    ['an import', `import { ${name} as mine } from '${source}';\n`],
    ['the default export', `import Sdk from '${source}';\nSdk.${name}({});\n`],
    ['a namespace', `import * as Sdk from '${source}';\nexport const Mine = () => <Sdk.${name} />;\n`],
    ['require', `const { ${name} } = require('${source}');\n`],
    ['require, whole', `const Sdk = require('${source}').default;\nSdk.${name}({});\n`],
    ['another export', `export { ${name} } from '${source}';\n`],
  ])('is refused for %s, and says where', (_, text) => {
    const app = withPackage(id, { 'lib/sdk.tsx': text });
    expect(() => planAdd(app, [wanted(id)])).toThrow(expect.objectContaining({ code: 'cannot_edit' }));
    expect(() => planAdd(app, [wanted(id)])).toThrow(`${name} in lib/sdk.tsx`);
  });

  it.each([
    ['another name', 'lib/sdk.tsx', `import { somethingElse } from '${source}';\nexport const ${name} = 1;\n`],
    ['a type', 'lib/sdk.tsx', `import type { ${name} } from '${source}';\n`],
    ['a comment', 'lib/sdk.tsx', `// import { ${name} } from '${source}';\n`],
    ['an API route', 'app/api/pay+api.ts', `import { ${name} } from '${source}';\n`],
    ['a test', 'lib/sdk.test.tsx', `import { ${name} } from '${source}';\n`],
    ['another package', 'lib/sdk.tsx', `import { ${name} } from '${source}-else';\n`],
  ])('is planned beside %s', (_, file, text) => {
    expect(planAdd(withPackage(id, { [file]: text }), [wanted(id)]).status).toBe('planned');
  });

  it('keeps a package that was there, and one that is installed may be used by hand as well', () => {
    const app = withPackage(id);
    const installed = install(app, wanted(id));
    expect(textsOf(uninstall(installed, wanted(id)))).toEqual(textsOf(app));
    const used = edited(installed, { 'lib/sdk.tsx': () => `import { ${name} } from '${source}';\n` });
    expect(planAdd(used, [wanted(id)]).files).toEqual([]);
  });
});

it.each([...connectors.keys()])('%s: what is there as planned is adopted, and left on removal', (id) => {
  const planned = textsOf(install(blankApp(), wanted(id)));
  const app = snapshotOf(Object.fromEntries(Object.entries(planned).filter(([path]) => !path.startsWith('.graft/'))));
  const plan = planAdd(app, [wanted(id)]);
  expect(plan.files.map(({ path }) => path)).toEqual([`.graft/${id}.json`, '.graft/shared.json'].toSorted());
  expect(plan.files.every(({ text }) => !text?.includes('"state": "written"'))).toBe(true);
  const facts = readProject(app, '');
  checkPlan({
    snapshot: app,
    appDir: '',
    facts,
    plan,
    input: { snapshot: app, appDir: '', facts, add: [wanted(id)], remove: [] },
  });
  expect(textsOf(uninstall(install(app, wanted(id)), wanted(id)))).toEqual(textsOf(app));
  expect(textsOf(app)['App.tsx'] === appTsx).toBe(wanted(id).contribution.provider === undefined);
});
