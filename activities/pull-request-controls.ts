import type { CodeChange, CodeHostKind } from '../contract/closed-sets.ts';
import { type Command, commands } from '../contract/code-host.ts';
import { code, list } from './markdown.ts';

/** What a person may ask for at a pull request: tick boxes where a host has them, and comments. */
export function controls({
  codeHost,
  installation,
  operation,
}: {
  codeHost: CodeHostKind;
  installation: string;
  operation: CodeChange;
}): string {
  const does: Record<Command, string> = {
    retry: 'Validate this branch again',
    regenerate: 'Plan our edits again on the current base',
    abort: {
      install: 'Give up: close and undo',
      update: 'Give up: close, and everything stays as it is',
      remove: 'Give up: close, and everything stays installed',
    }[operation],
  };
  if (codeHost === 'local')
    return (
      list(
        commands.map(
          (command) => `${does[command]}: ${code(`npm run review -- ${installation} --comment "/graft ${command}"`)}`,
        ),
      ) ?? ''
    );
  const boxes = list(commands.map((command) => `[ ] ${does[command]} <!-- graft:${command} -->`));
  const said = commands.map((command) => code(`/graft ${command}`)).join(', ');
  return `${boxes}\n\nTick a box, or write one of these as a comment: ${said}. Whoever may write to this repository is obeyed.`;
}
