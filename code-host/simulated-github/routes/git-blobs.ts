import { readBlob, writeBlob } from '../git/objects.ts';
import { nodeId } from '../json/node-id.ts';
import { repositoryUrl } from '../json/repository-json.ts';
import { optionalText, text } from '../server/body.ts';
import { created, ok, repositoryRoute, type RepositoryCall, type Reply } from '../server/call.ts';
import { checkNotEmpty, invalidRequest, notFound, Problem } from '../server/problem.ts';

const largestRead = 100 * 1024 ** 2;
const rawType = /^application\/vnd\.github\.(v3\.)?raw(\+json)?$/;

export const gitBlobRoutes = [
  repositoryRoute('GET /git/blobs/{file_sha}', { docs: 'git/blobs#get-a-blob', needs: { contents: 'read' } }, getBlob),
  repositoryRoute('POST /git/blobs', { docs: 'git/blobs#create-a-blob', needs: { contents: 'write' } }, createBlob),
];

async function getBlob(call: RepositoryCall): Promise<Reply> {
  const sha = call.params['file_sha'] ?? '';
  const bytes = await readBlob(call.folder, sha);
  if (bytes === undefined) throw notFound();
  if (bytes.length > largestRead) {
    const message =
      'This API returns blobs up to 100 MB in size. The requested blob is too large to fetch via the API, but you can always clone the repository via git to obtain the blob.';
    throw new Problem(403, message, { errors: [{ resource: 'Blob', field: 'data', code: 'too_large' }] });
  }
  const accept = call.accept.split(',').map((type) => type.trim());
  if (accept.some((type) => rawType.test(type))) {
    return { status: 200, body: bytes, headers: { 'content-type': 'application/vnd.github.raw; charset=utf-8' } };
  }
  return ok({
    sha,
    node_id: nodeId('B', `${call.repository.id}:${sha}`),
    size: bytes.length,
    url: `${repositoryUrl(call.world, call.repository)}/git/blobs/${sha}`,
    // In lines of 60 characters, as GitHub sends it.
    content: (bytes.toString('base64').match(/.{1,60}/g) ?? []).map((line) => `${line}\n`).join(''),
    encoding: 'base64',
  });
}

async function createBlob(call: RepositoryCall): Promise<Reply> {
  checkNotEmpty(call.repository);
  const content = text(call.body, 'content');
  const encoding = optionalText(call.body, 'encoding') ?? 'utf-8';
  if (encoding !== 'utf-8' && encoding !== 'base64') throw invalidRequest(`${encoding} is not a supported encoding.`);
  if (encoding === 'base64' && !/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(content)) {
    throw new Problem(422, 'content is not valid Base64');
  }
  const sha = await writeBlob(call.folder, Buffer.from(content, encoding));
  return created({ sha, url: `${repositoryUrl(call.world, call.repository)}/git/blobs/${sha}` });
}
