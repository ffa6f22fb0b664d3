import { type ObjectLiteralExpression, Project, QuoteKind, type SourceFile, SyntaxKind } from 'ts-morph';

/**
 * An edit of the three shared files as ts-morph's documentation has one do it: the root is what the entry imports and that file's default
 * export, then import and wrap, a package, a config plugin, and the check that the result parses. No records, no own files.
 */
export function editWithTsMorph(texts: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const project = new Project({ useInMemoryFileSystem: true, manipulationSettings: { quoteKind: QuoteKind.Single } });
  for (const name of ['App.tsx', 'index.ts']) project.createSourceFile(name, texts.get(name) ?? '');
  const entry = project.getSourceFileOrThrow('index.ts');
  const app = entry.getImportDeclarationOrThrow('./App').getModuleSpecifierSourceFileOrThrow();
  const [root] = app.getDefaultExportSymbolOrThrow().getDeclarations();
  app.addImportDeclaration({ moduleSpecifier: './connectors/providers', namedImports: ['ConnectorProviders'] });
  const tree = root?.getFirstDescendantByKindOrThrow(SyntaxKind.JsxElement);
  tree?.replaceWithText(`<ConnectorProviders>\n${tree.getText()}\n</ConnectorProviders>`);
  const manifest = project.createSourceFile('package.json', texts.get('package.json') ?? '');
  const dependencies = objectIn(manifest, '"dependencies"');
  dependencies.insertPropertyAssignment(0, { name: '"@stripe/stripe-react-native"', initializer: '"0.64.0"' });
  const config = project.createSourceFile('app.json', texts.get('app.json') ?? '');
  const plugins = '[["@stripe/stripe-react-native", { "enableGooglePay": false }]]';
  objectIn(config, '"expo"').addPropertyAssignment({ name: '"plugins"', initializer: plugins });
  if (project.getProgram().getSyntacticDiagnostics(app).length > 0) throw new Error('ts-morph broke App.tsx.');
  return new Map([app, manifest, config].map((file) => [file.getBaseName(), file.getFullText()]));
}

function objectIn(file: SourceFile, name: string): ObjectLiteralExpression {
  const object = file.getFirstDescendantByKindOrThrow(SyntaxKind.ObjectLiteralExpression);
  return object.getPropertyOrThrow(name).getFirstDescendantByKindOrThrow(SyntaxKind.ObjectLiteralExpression);
}
