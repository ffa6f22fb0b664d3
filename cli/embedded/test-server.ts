import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GraftError } from '../../contract/errors.ts';
import { type Say, cacheFolder, fillCache } from './cache.ts';
import { download, findDownloaded } from './sdk-download.ts';

const version = '1.38.0';

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>graft</groupId>
  <artifactId>time-skipping-server</artifactId>
  <version>1</version>
  <dependencies>
    <dependency><groupId>io.temporal</groupId><artifactId>temporal-test-server</artifactId><version>${version}</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
  </dependencies>
</project>
`;

/**
 * The path of a script that runs Temporal's time-skipping server (its one argument is the port) and ends with its parent:
 * cached, else the SDK's download, else from Maven. Throws `unavailable` with what to install when none of these works.
 */
export async function resolveTestServer(say: Say): Promise<string> {
  const script = join(cacheFolder(), `test-server-${version}.sh`);
  if (existsSync(script)) return script;
  return fillCache('test-server', say, async () => {
    if (existsSync(script)) return script;
    const downloaded = findDownloaded('testServer') ?? (await download('testServer', say));
    const command = downloaded === undefined ? fromMaven(say) : `"${downloaded}"`;
    // The SDK kills the server in an orderly end only; the loop sees every other end of the parent.
    const lines = [
      '#!/bin/sh',
      'p=$PPID',
      '( while kill -0 $p && kill -0 $$; do sleep 1; done; kill -9 $$ ) >/dev/null 2>&1 &',
      `exec ${command} "$@"`,
    ];
    const draft = `${script}.${process.pid}`;
    writeFileSync(draft, `${lines.join('\n')}\n`);
    chmodSync(draft, 0o755);
    renameSync(draft, script);
    return script;
  });
}

function fromMaven(say: Say): string {
  const missing = ['mvn', 'java'].filter((program) => spawnSync(program, ['-version']).status !== 0);
  if (missing.length > 0) {
    throw new GraftError(
      'unavailable',
      `The time-skipping test server cannot be downloaded, and ${missing.join(' and ')} to get it from Maven is missing. ` +
        'Install a JDK (17 or newer) and Maven, then run this command again.',
    );
  }
  say(`Fetching io.temporal:temporal-test-server:${version} from Maven, once for this machine …`);
  const libraries = join(cacheFolder(), `test-server-${version}`);
  const folder = `${libraries}.${process.pid}`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'pom.xml'), pom);
  const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
  const args = [
    '--batch-mode',
    '--quiet',
    '--file',
    'pom.xml',
    goal,
    '-DoutputDirectory=libraries',
    '-DincludeScope=runtime',
  ];
  const result = spawnSync('mvn', args, { cwd: folder, encoding: 'utf8' });
  if (result.status !== 0) {
    rmSync(folder, { recursive: true, force: true });
    throw new GraftError(
      'unavailable',
      `The time-skipping test server could not be fetched. Maven said:\n${result.stdout.slice(-3000)}`,
    );
  }
  rmSync(libraries, { recursive: true, force: true });
  renameSync(folder, libraries);
  return `java -XX:TieredStopAtLevel=1 -cp "${libraries}/libraries/*" io.temporal.testserver.TestServer`;
}
