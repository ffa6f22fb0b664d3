import { afterAll } from 'vitest';
import { testCodeHost } from '../../test/conformance/code-host.ts';
import { closeGithub, makeGithubHost } from '../../test/harness/github-code-host.ts';

testCodeHost('github, with a token', async (files) => await makeGithubHost(files, 'token'));

afterAll(closeGithub);
