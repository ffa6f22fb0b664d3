import { testConnector } from '../../test/conformance/connector.ts';
import type { ConnectorSamples } from '../../test/conformance/connector-samples.ts';
import { onesignal } from './index.ts';
import { appId, combinations, key, valuesOf } from './samples.ts';

const organization = key('x').replace('_app_', '_org_');

const samples: ConnectorSamples = {
  credentials: (_, behaviour) => valuesOf(behaviour),
  malformed: [
    {
      what: 'a key as the App ID',
      change: { appId: key('x') },
      field: 'appId',
      fix: /must never be built into an app/,
    },
    { what: 'an App ID that is cut off', change: { appId: appId.slice(0, -4) }, field: 'appId', fix: /looks like/ },
    { what: 'a space before the App ID', change: { appId: ` ${appId}` }, field: 'appId', fix: /spaces/ },
    { what: 'a number as the App ID', change: { appId: 42 }, field: 'appId', fix: /Paste the OneSignal App ID/ },
    { what: 'the key of an organization', change: { apiKey: organization }, field: 'apiKey', fix: /organization/ },
    { what: 'the App ID as the key', change: { apiKey: appId }, field: 'apiKey', fix: /an ID and not a key/ },
    { what: 'a key of the old kind', change: { apiKey: 'x'.repeat(48) }, field: 'apiKey', fix: /old kind/ },
    { what: 'a masked key', change: { apiKey: 'os_v2_app_abcd••••••••' }, field: 'apiKey', fix: /masked/ },
    { what: 'a foreign letter', change: { apiKey: `${key('x')}A` }, field: 'apiKey', fix: /small letters/ },
    { what: 'a key that is cut off', change: { apiKey: key('x').slice(0, 60) }, field: 'apiKey', fix: /cut off/ },
    { what: 'two keys in one', change: { apiKey: key('x'.repeat(140)) }, field: 'apiKey', fix: /longer/ },
    { what: 'a line end after the key', change: { apiKey: `${key('x')}\n` }, field: 'apiKey', fix: /spaces/ },
  ],
  invalidOptions: [
    { what: 'a prompt that is none', options: { permissionPrompt: 'never' }, field: 'permissionPrompt', fix: /button/ },
    { what: 'a text for a flag', options: { inAppMessages: 'yes' }, field: 'inAppMessages', fix: /true or false/ },
    { what: 'a mode that is none', options: { mode: 'staging' }, field: 'mode', fix: /production, development/ },
  ],
  optionPairs: {
    permissionPrompt: [{}, { permissionPrompt: 'start' }],
    inAppMessages: [{}, { inAppMessages: false }],
    mode: [{}, { mode: 'development' }],
  },
  combinations,
  permission: /IP allowlist/,
};

testConnector(onesignal, samples);
