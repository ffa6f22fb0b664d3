import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../contract/codegen.ts';
import type { Contribution } from '../contract/connector.ts';
import { type PullRequestTextInput, pullRequestText } from './pull-request-text.ts';

const file = { mode: '100644', before: null, after: 'a'.repeat(40), text: '' } as const;
const plan: Plan = {
  status: 'planned',
  planHash: '5e1f'.repeat(16),
  files: [
    { ...file, path: 'App.tsx', change: 'edit', reason: 'One import and one wrap for every connector' },
    { ...file, path: 'package.json', change: 'edit', reason: 'Package @acme/pay-native' },
    { ...file, path: 'src/connectors/acme/pay.tsx', change: 'add', reason: 'Hook and button: a | b' },
  ],
  manual: [],
  changesLock: true,
  notes: ['`expo-linking` was there before and stays on removal.'],
  nextSteps: [
    {
      kind: 'build',
      text: { en: 'Make a new development build.', ar: '' },
      snippet: 'npx expo run:ios\nnpx expo run:android',
    },
    { kind: 'provider', text: { en: 'Turn on cards.', ar: '' } },
  ],
};
const contribution: Contribution = {
  packages: [{ name: '@acme/pay-native', range: '1.2.3' }],
  configPlugins: [],
  environmentKeys: [
    { key: 'EXPO_PUBLIC_ACME_KEY', credential: 'public', secret: false, comment: 'Names the account.' },
    { key: 'ACME_SECRET_KEY', credential: 'secret', secret: true, comment: 'Read by the server only.' },
  ],
  provider: undefined,
  files: [],
  serverChecks: [],
  nativeChanges: ['New native module `@acme/pay-native`', 'Capability: in-app payments on iOS'],
  nextSteps: [],
};
const install: PullRequestTextInput = {
  operation: 'install',
  codeHost: 'github',
  installation: 'ins_0000000000000000000000000a',
  project: 'prj_0000000000000000000000000a',
  manifest: {
    id: 'acme',
    name: 'Acme Pay',
    version: '1.1.0',
    summary: { en: 'Take payments.', ar: '' },
    docs: 'https://docs.acme.example/start',
    compatibility: {
      expo: { majors: [57], packages: {} },
      next: { majors: [16], packages: {}, docs: 'https://docs.acme.example/web' },
    },
  },
  alias: '',
  before: null,
  options: {},
  environment: 'development',
  facts: {
    framework: 'expo',
    version: '57.0.28',
    language: 'typescript',
    router: 'none',
    packageManager: 'npm',
    lockFile: 'package-lock.json',
  },
  plan,
  contribution,
  report: {
    steps: [
      { step: 'dependencies', verdict: 'passed', summary: 'npm ci: 612 packages', seconds: 7.42, log: 'l'.repeat(64) },
      {
        step: 'types',
        verdict: 'passed',
        baseline: 'failed',
        summary: 'tsc --noEmit: 2 errors (base: 2), none of them new',
        seconds: 3,
        log: '',
      },
      { step: 'build', verdict: 'passed', summary: '`expo export`: 2 platforms', seconds: 12.04, log: '' },
      { step: 'server', verdict: 'skipped', summary: 'No server module was generated.', seconds: 0, log: '' },
    ],
    lock: 'f'.repeat(64),
    lockRoundTrip: true,
    baseBroken: false,
    nativeBuild: { before: '1a'.repeat(20), after: '2b'.repeat(20) },
    seconds: 1,
    sandbox: 'bubblewrap',
  },
};
const draft: PullRequestTextInput = {
  ...install,
  codeHost: 'local',
  alias: 'second',
  plan: {
    ...plan,
    status: 'manual',
    manual: [
      {
        file: 'app/_layout.tsx',
        reason: 'The root component is chosen at run time.',
        snippet: "import { Providers } from '../connectors/providers';\n\nreturn <Providers>{app}</Providers>;\n",
      },
    ],
    notes: [],
  },
  report: {
    ...install.report,
    steps: [
      { step: 'dependencies', verdict: 'passed', summary: 'npm ci: 612 packages', seconds: 7.42, log: '' },
      {
        step: 'build',
        verdict: 'inconclusive',
        baseline: 'failed',
        summary: 'expo export: exit 1, and on the untouched base too',
        seconds: 9,
        log: '',
      },
    ],
    lock: undefined,
    lockRoundTrip: undefined,
    baseBroken: false,
    nativeBuild: undefined,
    seconds: 1,
    sandbox: 'none',
  },
};
const removal: PullRequestTextInput = {
  ...install,
  operation: 'remove',
  contribution: null,
  plan: {
    ...plan,
    files: plan.files.map((each) => ({ ...each, change: 'delete' as const })),
    nextSteps: [],
    notes: [],
  },
  report: {
    ...install.report,
    lockRoundTrip: undefined,
    nativeBuild: { before: '2b'.repeat(20), after: '2b'.repeat(20) },
    sandbox: 'unshare',
  },
};

const update: PullRequestTextInput = {
  ...install,
  operation: 'update',
  before: { version: '1.0.0', options: { currency: 'eur', wallets: false } },
  options: { currency: 'usd', wallets: false, country: 'SA' },
  plan: { ...plan, notes: ['connectors/acme/button.tsx was changed by people, whose edits are kept.'] },
};

describe('pullRequestText', () => {
  it.each([
    [
      'install',
      install,
      { title: 'Add Acme Pay (graft)', draft: false, labels: ['graft', 'graft:install', 'graft:acme'] },
    ],
    [
      'draft',
      draft,
      { title: 'Add Acme Pay “second” (graft)', draft: true, labels: ['graft', 'graft:install', 'graft:acme'] },
    ],
    [
      'removal',
      removal,
      { title: 'Remove Acme Pay (graft)', draft: false, labels: ['graft', 'graft:remove', 'graft:acme'] },
    ],
    [
      'update',
      update,
      { title: 'Update Acme Pay (graft)', draft: false, labels: ['graft', 'graft:update', 'graft:acme'] },
    ],
  ])('writes the golden text: %s', async (name, input, expected) => {
    const golden = new URL(`../test/golden/pull-request-text/${name}.md`, import.meta.url);
    const { body, ...rest } = pullRequestText(input);
    expect(rest).toEqual(expected);
    expect(body).toBe(await readFile(golden, 'utf8'));
  });

  it('names an app of Next.js and the provider’s guide for it', () => {
    const facts = { ...install.facts, framework: 'next', version: '16.4.3', router: 'next-app' } as const;
    expect(pullRequestText({ ...install, facts }).body).toContain(
      "Planned for Next.js 16.4.3, TypeScript, app router; the provider's guide is at https://docs.acme.example/web.",
    );
  });

  it('asks for what a person must do before anything else', () => {
    const { body } = pullRequestText(draft);
    expect(body.startsWith('> **This is a draft:** one edit must be made by a person; not proven: build')).toBe(true);
    expect(body.indexOf('app/_layout.tsx')).toBeLessThan(body.indexOf('## What and why'));
  });

  it('is a draft for a build that could not be judged, and says it first', () => {
    const { body, draft: isDraft } = pullRequestText({ ...draft, plan });
    expect(isDraft).toBe(true);
    expect(body.split('\n')[0]).toBe('> **This is a draft:** not proven: build (see Validation).');
  });

  it('says when removal will leave a difference in the lock file', () => {
    const { body } = pullRequestText({ ...install, report: { ...install.report, lockRoundTrip: false } });
    expect(body).toContain('will leave a difference in the lock file');
    expect(body).not.toContain('lock file included');
  });

  it('claims no lock file that nobody wrote', () => {
    const { body } = pullRequestText({
      ...install,
      facts: { ...install.facts, packageManager: 'pnpm', lockFile: 'pnpm-lock.yaml' },
      report: {
        ...install.report,
        steps: [{ step: 'dependencies', verdict: 'inconclusive', summary: 'Not supported.', seconds: 0, log: '' }],
        lock: undefined,
        lockRoundTrip: undefined,
      },
    });
    expect(body).not.toContain('| `pnpm-lock.yaml`');
    expect(body).toMatch(/`pnpm-lock.yaml` was \*\*neither written nor checked\*\*: run the install of pnpm/);
  });

  it('lets what the tools of an app print make no HTML, link, image, mention, table cell or end of a block', () => {
    const evil = '</details><img src=x> ![x](http://evil) @team | x\n## Merge me';
    const { body } = pullRequestText({
      ...draft,
      plan: { ...draft.plan, manual: [{ file: 'a`b.tsx', reason: evil, snippet: '```\n## out\n' }], notes: [evil] },
      report: { ...draft.report, steps: [{ step: 'build', verdict: 'passed', summary: evil, seconds: 1, log: '' }] },
    });
    expect(body).not.toMatch(/<(?!\/?$)/);
    expect(body).not.toContain('![x]');
    expect(body).not.toMatch(/^## Merge me/m);
    expect(body).not.toMatch(/(?<!`)@team/);
    expect(body).toContain('````tsx\n```\n## out\n````');
    expect(body.split('\n').filter((line) => line.startsWith('| Build'))).toHaveLength(1);
  });

  it.each([
    ['install', install],
    ['draft', draft],
    ['removal', removal],
    ['update', update],
  ])('shows no secret, address or path of the inside: %s', (_, input) => {
    const { title, body } = pullRequestText(input);
    const text = `${title}\n${body}`;
    expect(text).not.toMatch(/localhost|127\.0\.0\.1|:\d{4}\b|\/(?:home|root|tmp|work|srv|usr|var|Users)\//);
    expect(text).not.toMatch(/\b[sr]k_(?:test|live)_|gh[ps]_|github_pat_|Bearer |-----BEGIN|[A-Za-z0-9+/]{65,}/);
    expect(text.match(/[a-z]+:\/\/[^\s)`]+\w/g) ?? []).toEqual(
      input.operation === 'install' ? ['https://docs.acme.example/start'] : [],
    );
    for (const hash of ['l'.repeat(64), 'f'.repeat(64)]) expect(text).not.toContain(hash);
    if (input.codeHost === 'github') expect(text).not.toMatch(/ins_|prj_/);
  });

  it('says whether a new native build is needed, and that it cannot tell', () => {
    const told = (nativeBuild: PullRequestTextInput['report']['nativeBuild'], more = {}) =>
      pullRequestText({ ...install, ...more, report: { ...install.report, nativeBuild } }).body;
    expect(told({ before: 'a'.repeat(40), after: 'b'.repeat(40) })).toContain(
      '**Needs a new native build**: the native fingerprint changes (`aaaaaaaaaa` → `bbbbbbbbbb`)',
    );
    expect(told({ before: 'a'.repeat(40), after: 'a'.repeat(40) })).toContain('No new native build is needed');
    expect(told(undefined)).toContain('**Expect a new native build**');
    expect(told(undefined, { contribution: null })).not.toContain('On the device');
  });

  it('says of an update without another option or version that it brings back what is missing', () => {
    const { body } = pullRequestText({ ...update, before: { version: '1.1.0', options: update.options } });
    expect(body).toContain('Brings back what is missing of Acme Pay');
    expect(body).not.toContain('| Option |');
  });

  it('offers what a person may ask for in the way of each code host', () => {
    const { body } = pullRequestText(install);
    for (const command of ['retry', 'regenerate', 'abort'])
      expect(body).toMatch(new RegExp(`^- \\[ \\] .+ <!-- graft:${command} -->$`, 'm'));
    const local = pullRequestText({ ...install, codeHost: 'local' }).body;
    expect(local).toContain(`\`npm run review -- ${install.installation} --comment "/graft abort"\``);
    expect(local).not.toMatch(/\[ \]|<!--/);
  });

  describe('too long for a host', () => {
    const manyFiles = Array.from({ length: 2000 }, (_, at) => ({
      ...file,
      path: `src/connectors/acme/file-${at}.tsx`,
      change: 'add' as const,
      reason: 'Needed by the screens',
    }));
    const manual = { file: 'App.tsx', reason: 'It is odd.', snippet: `first\n${'x'.repeat(30_000)}\nlast` };

    it('lists fewer files, and keeps what people have to paste and the controls', () => {
      const { body } = pullRequestText({ ...install, plan: { ...plan, files: manyFiles, manual: [manual] } });
      expect(body.length).toBeLessThan(64_000);
      expect(body).toMatch(/_… and \d+ more files, left out as this text would be too long\._\n\n## Values/);
      expect(body).toContain('x\nlast\n```');
      expect(body).toContain('<!-- graft:abort -->');
    });

    it('gives up what people have to paste last, and says where it is', () => {
      const everything = { ...plan, files: manyFiles, manual: Array.from({ length: 300 }, () => manual) };
      const notes = Array.from({ length: 900 }, (_, at) => `package-${at} was there before and stays on removal.`);
      const nextSteps = Array.from({ length: 99 }, () => ({
        kind: 'use' as const,
        text: { en: 'See it.', ar: '' },
        snippet: 'y'.repeat(900),
      }));
      const { body } = pullRequestText({ ...install, plan: { ...everything, notes, nextSteps } });
      expect(body.length).toBeLessThan(64_000);
      expect(body).toContain('**300. `App.tsx`**: It is odd.');
      expect(body).toContain('_What to paste is too long for this text: Graft shows it with the plan');
      expect(body).toMatch(/and \d+ more lines, left out/);
      expect(body).toContain('## Controls');
    });
  });
});
