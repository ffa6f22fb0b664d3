import { createHmac, timingSafeEqual } from 'node:crypto';
import { git } from '../../git.ts';
import { resolveCommit } from '../git/objects.ts';
import { ok, repositoryRoute, type Reply } from './call.ts';
import { findRepository, folderOf, type World } from '../world.ts';

const validMilliseconds = 5 * 60_000;
const shape = /^\/codeload\/([^/]+)\/([^/]+)\/legacy\.tar\.gz\/(.+)$/;
const missing: Reply = {
  status: 404,
  body: Buffer.from('404: Not Found'),
  headers: { 'content-type': 'text/plain; charset=utf-8' },
};

export const tarballRoutes = ['GET /tarball/{ref}', 'GET /tarball'].map((verb) =>
  repositoryRoute(
    verb,
    { docs: 'repos/contents#download-a-repository-archive-tar', needs: { contents: 'read' } },
    ({ world, repository, params }) => {
      // Whether the ref exists is found out at the other end, as at GitHub.
      const ref = params['ref'] || repository.defaultBranch;
      const path = `/codeload/${repository.owner}/${repository.name}/legacy.tar.gz/${encodeURIComponent(ref)}`;
      const expires = String(world.now().getTime() + validMilliseconds);
      const query = new URLSearchParams({ expires, token: sign(world, `${path}?${expires}`) });
      return { status: 302, headers: { location: `${world.origin}${path}?${query.toString()}` } };
    },
  ),
);

/** Answers the address that a tarball request was sent on to; it carries its own right to read. */
export async function readArchive(world: World, url: URL): Promise<Reply | undefined> {
  const [, owner, name, ref] = shape.exec(url.pathname) ?? [];
  if (owner === undefined || name === undefined || ref === undefined) return undefined;
  const expires = url.searchParams.get('expires') ?? '';
  const wanted = Buffer.from(sign(world, `${url.pathname}?${expires}`));
  const given = Buffer.from(url.searchParams.get('token') ?? '');
  const signed = given.length === wanted.length && timingSafeEqual(given, wanted);
  const repository = findRepository(world, owner, name);
  if (!signed || Number(expires) < world.now().getTime() || repository === undefined) return missing;
  const folder = folderOf(world, repository);
  const commit = await resolveCommit(folder, decodeURIComponent(ref));
  if (commit === undefined) return missing;
  const root = `${repository.owner}-${repository.name}-${commit.slice(0, 7)}`;
  const { output } = await git(folder, ['archive', '--format=tar.gz', `--prefix=${root}/`, commit]);
  return ok(output, {
    'content-type': 'application/x-gzip',
    'content-disposition': `attachment; filename=${root}.tar.gz`,
  });
}

function sign(world: World, text: string): string {
  return createHmac('sha256', world.state.signingKey).update(text).digest('hex');
}
