import { describe, expect, it } from 'vitest';
import type { Plan, PlanInput, WantedConnector } from '../contract/codegen.ts';
import { blankApp } from '../test/harness/apps.ts';
import { contribution, payments } from '../test/harness/made-up-connectors.ts';
import { blobId } from './blob.ts';
import { checkPlan } from './check-plan.ts';
import { plan as planEdits } from './plan.ts';
import { readProject } from './read-project.ts';

const snapshot = blankApp();
const facts = readProject(snapshot, '');
const inputOf = (...add: WantedConnector[]): PlanInput => ({ snapshot, appDir: '', facts, add, remove: [] });
const check = (input: PlanInput, plan: Plan, secrets: string[] = []) =>
  checkPlan({ snapshot, appDir: '', facts, plan, input, secrets });

/** The plan with one file's text changed. */
function tampered(plan: Plan, path: string, change: (text: string) => string): Plan {
  const files = plan.files.map((file) => {
    const text = file.path === path ? change(file.text ?? '') : file.text;
    return { ...file, text, after: text === null ? null : blobId(text) };
  });
  return { ...plan, files };
}

describe('checkPlan', () => {
  const input = inputOf(payments(''));
  const plan = planEdits(input);

  it('passes a plan as it was made', () => {
    expect(() => check(input, plan)).not.toThrow();
  });

  it.each([
    ['parse', 'App.tsx', (text: string) => `${text}(`],
    ['parse', 'app.json', (text: string) => `${text}]`],
    ['post-conditions', 'App.tsx', (text: string) => text.replaceAll(/<\/?ConnectorProviders>/g, '')],
    ['post-conditions', 'package.json', (text: string) => text.replace(/.*@payments.*\n/, '')],
    ['idempotence', '.graft/payments.json', (text: string) => text.replace('"merchant.example"', '"other"')],
    ['round trip', 'App.tsx', (text: string) => text.replace('flex: 1', 'flex: 2')],
    ['round trip', 'package.json', (text: string) => text.replace('"blank"', '"other"')],
  ])('finds a fault of %s in %s', (name, path, change) => {
    expect(() => check(input, tampered(plan, path, change))).toThrow(
      expect.objectContaining({ code: 'validation_failed', details: { check: name } }),
    );
  });

  it('finds a secret in what is added, without repeating it', () => {
    const secret = ['made', 'up', 'value'].join('-').repeat(3);
    const leak: WantedConnector = {
      connector: 'leak',
      alias: '',
      version: '1',
      options: {},
      contribution: contribution({
        files: [{ path: 'connectors/leak/a.ts', text: `export const a = '${secret}';\n`, purpose: '' }],
      }),
    };
    const leaking = planEdits(inputOf(leak));
    expect(() => check(inputOf(leak), leaking)).not.toThrow();
    expect(() => check(inputOf(leak), leaking, [secret])).toThrow('connectors/leak/a.ts would hold a secret');
    expect(() => check(inputOf(leak), leaking, [secret])).not.toThrow(secret);
  });
});
