import type { Account } from '../state.ts';
import type { World } from '../world.ts';
import { nodeId } from './node-id.ts';

/** A `simple-user`. */
export function userJson(world: World, account: Account) {
  const url = `${world.origin}/users/${encodeURIComponent(account.login)}`;
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId(account.type === 'Bot' ? 'BOT' : 'U', account.id),
    avatar_url: `${world.origin}/avatars/${account.id}?v=4`,
    gravatar_id: '',
    url,
    html_url: htmlUrl(world, account),
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: account.type,
    user_view_type: 'public',
    site_admin: false,
  };
}

/** A `public-user`, which is what a fine-grained token sees of its own person. */
export function publicUserJson(world: World, account: Account) {
  return {
    ...userJson(world, account),
    name: account.login,
    company: null,
    blog: '',
    location: null,
    email: null,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: account.createdAt,
    updated_at: account.createdAt,
  };
}

/** The address that GitHub writes into commits which an account makes through the web or the API. */
export function noreplyMail(account: Account): string {
  return `${account.id}+${account.login}@users.noreply.github.com`;
}

function htmlUrl(world: World, account: Account): string {
  return account.type === 'Bot'
    ? `${world.origin}/apps/${account.login.replace(/\[bot\]$/, '')}`
    : `${world.origin}/${account.login}`;
}
