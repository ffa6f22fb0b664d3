import { clientId } from '../server/json-web-token.ts';
import type { App, Installation } from '../state.ts';
import { accountOf, appOf, type World } from '../world.ts';
import { nodeId } from './node-id.ts';
import { userJson } from './user-json.ts';

/** An `integration`. */
export function appJson(world: World, app: App) {
  return {
    id: app.id,
    client_id: clientId(app),
    slug: app.slug,
    node_id: nodeId('A', app.id),
    owner: userJson(world, accountOf(world, app.owner)),
    name: app.slug,
    description: '',
    external_url: `${world.origin}/${app.slug}`,
    html_url: `${world.origin}/apps/${app.slug}`,
    created_at: app.createdAt,
    updated_at: app.createdAt,
    permissions: { ...app.permissions, metadata: 'read' },
    events: [...app.events],
  };
}

/** An `installation`. */
export function installationJson(world: World, installation: Installation) {
  const app = appOf(world, installation.app);
  const account = accountOf(world, installation.owner);
  return {
    id: installation.id,
    client_id: clientId(app),
    account: userJson(world, account),
    repository_selection: installation.repositories === 'all' ? 'all' : 'selected',
    access_tokens_url: `${world.origin}/app/installations/${installation.id}/access_tokens`,
    repositories_url: `${world.origin}/installation/repositories`,
    html_url: `${world.origin}/settings/installations/${installation.id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: account.id,
    target_type: account.type,
    permissions: { ...app.permissions, metadata: 'read' },
    events: [...app.events],
    created_at: installation.createdAt,
    updated_at: installation.createdAt,
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: null,
    suspended_at: installation.suspendedAt,
  };
}
