import { styleText } from 'node:util';

export const say = (line: string) => void process.stdout.write(`${line}\n`);
export const heading = (line: string) => say(`\n${styleText('bold', line)}`);
