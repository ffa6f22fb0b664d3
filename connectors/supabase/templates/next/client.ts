import { createBrowserClient } from '@supabase/ssr';

import { projectUrl, publishableKey } from '../config';
// @if rows
import type { Database } from '../database.types';
// @end

// Where a server renders the page there may be no WebSocket (Node 20), and the SDK throws without one.
const canConnect = typeof WebSocket !== 'undefined';

/**
 * The one client of the browser, which keeps the session in cookies; undefined while a value is missing. While a server renders
 * the page it stands for nobody: there `server/request-client` knows who asks.
 */
export const supabase =
  projectUrl && publishableKey && canConnect
    ? createBrowserClient/* @if rows */<Database>/* @end */(projectUrl, publishableKey, { isSingleton: false })
    : undefined;
