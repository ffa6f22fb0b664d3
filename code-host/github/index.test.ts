import { afterAll } from 'vitest';
import { testCodeHost } from '../../test/conformance/code-host.ts';
import { closeGithub, makeGithubHost } from '../../test/harness/github-code-host.ts';

testCodeHost('github, as an App', async (files) => await makeGithubHost(files, 'app'));

afterAll(closeGithub);
