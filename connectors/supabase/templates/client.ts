import { createClient } from '@supabase/supabase-js';

import { projectUrl, publishableKey/* @if ownSession */, storageKey/* @end */ } from './config';
// @if rows
import type { Database } from './database.types';
// @end
import { sessionOptions } from './session-options';

// Where a server renders the app there may be no WebSocket (Node 20), and the SDK throws without one.
const canConnect = typeof WebSocket !== 'undefined';

/** The one client of the app; undefined while a value is missing. */
export const supabase =
  projectUrl && publishableKey && canConnect
    ? createClient/* @if rows */<Database>/* @end */(projectUrl, publishableKey, {
        auth: { ...sessionOptions, flowType: 'pkce'/* @if ownSession */, storageKey/* @end */ },
      })
    : undefined;
