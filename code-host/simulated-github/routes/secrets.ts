import { text } from '../server/body.ts';
import {
  noContent,
  ok,
  repositoryRoute,
  type RepositoryCall,
  type RepositoryRoute,
  type Reply,
} from '../server/call.ts';
import { page } from '../server/pages.ts';
import { invalidRequest, notFound, Problem } from '../server/problem.ts';
import { openBox } from '../vault.ts';
import { timeOf } from '../world.ts';
import { checkName } from './value-names.ts';
import { vaultOf } from './environments.ts';

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/;
const largest = 48 * 1024;

export const secretRoutes = [
  ...routesBelow('/actions/secrets', 'secrets', 'a-repository', 'repository'),
  ...routesBelow('/environments/{environment_name}/secrets', 'environments', 'an-environment', 'environment'),
];

function routesBelow(path: string, permission: string, one: string, many: string): RepositoryRoute[] {
  const read = { [permission]: 'read' } as const;
  const write = { [permission]: 'write' } as const;
  const docs = (anchor: string) => `actions/secrets#${anchor}`;
  return [
    repositoryRoute(
      `GET ${path}/public-key`,
      { docs: docs(`get-${one}-public-key`), needs: read, role: 'write' },
      getKey,
    ),
    repositoryRoute(`GET ${path}`, { docs: docs(`list-${many}-secrets`), needs: read, role: 'write' }, listSecrets),
    repositoryRoute(
      `GET ${path}/{secret_name}`,
      { docs: docs(`get-${one}-secret`), needs: read, role: 'write' },
      getSecret,
    ),
    repositoryRoute(
      `PUT ${path}/{secret_name}`,
      { docs: docs(`create-or-update-${one}-secret`), needs: write },
      putSecret,
    ),
    repositoryRoute(`DELETE ${path}/{secret_name}`, { docs: docs(`delete-${one}-secret`), needs: write }, deleteSecret),
  ];
}

function getKey(call: RepositoryCall): Reply {
  const { keyId, publicKey } = vaultOf(call);
  return ok({ key_id: keyId, key: publicKey });
}

function listSecrets(call: RepositoryCall): Reply {
  const secrets = Object.entries(vaultOf(call).secrets).sort(([one], [other]) => one.localeCompare(other));
  const { items, headers } = page(call, secrets);
  return ok(
    {
      total_count: secrets.length,
      secrets: items.map(([name, { createdAt, updatedAt }]) => ({
        name,
        created_at: createdAt,
        updated_at: updatedAt,
      })),
    },
    headers,
  );
}

function getSecret(call: RepositoryCall): Reply {
  const name = nameOf(call);
  const secret = vaultOf(call).secrets[name];
  if (secret === undefined) throw notFound();
  return ok({ name, created_at: secret.createdAt, updated_at: secret.updatedAt });
}

async function putSecret(call: RepositoryCall): Promise<Reply> {
  const { world, body } = call;
  const vault = vaultOf(call);
  const name = nameOf(call);
  checkName('Secret', name);
  const box = text(body, 'encrypted_value');
  const keyId = text(body, 'key_id');
  if (!base64.test(box)) throw invalidRequest(`${box} does not match /${base64.source}/.`);
  const value = keyId === vault.keyId ? await openBox(vault, box) : undefined;
  if (value === undefined) {
    throw new Problem(422, 'Bad request - validation failed due to an improperly encrypted secret');
  }
  if (Buffer.byteLength(value) > largest) throw new Problem(422, 'Secret is too large (maximum is 48 KB)');
  const known = vault.secrets[name];
  const now = timeOf(world);
  vault.secrets[name] = { value, createdAt: known?.createdAt ?? now, updatedAt: now };
  return known === undefined ? { status: 201, body: {} } : noContent;
}

function deleteSecret(call: RepositoryCall): Reply {
  const vault = vaultOf(call);
  const name = nameOf(call);
  if (vault.secrets[name] === undefined) throw notFound();
  delete vault.secrets[name];
  return noContent;
}

// GitHub keeps the names in capitals, whatever was sent.
const nameOf = (call: RepositoryCall) => (call.params['secret_name'] ?? '').toUpperCase();
