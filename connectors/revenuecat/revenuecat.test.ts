import { testConnector } from '../../test/conformance/connector.ts';
import type { ConnectorSamples } from '../../test/conformance/connector-samples.ts';
import { revenuecat } from './index.ts';
import { combinations, key, keysOf } from './samples.ts';

const nothing = { iosKey: undefined, androidKey: undefined, testStoreKey: undefined };

const samples: ConnectorSamples = {
  credentials: keysOf,
  malformed: [
    { what: 'no SDK key at all', change: nothing, field: 'iosKey', fix: /at least one store/ },
    {
      what: 'empty SDK keys only',
      change: { iosKey: '', androidKey: '', testStoreKey: '' },
      field: 'iosKey',
      fix: /at least one store/,
    },
    {
      what: 'goog_ where appl_ belongs',
      change: { iosKey: key('goog', 'x') },
      field: 'iosKey',
      fix: /belongs in androidKey/,
    },
    {
      what: 'appl_ where goog_ belongs',
      change: { androidKey: key('appl', 'x') },
      field: 'androidKey',
      fix: /belongs in iosKey/,
    },
    {
      what: 'test_ where appl_ belongs',
      change: { iosKey: key('test', 'x') },
      field: 'iosKey',
      fix: /belongs in testStoreKey/,
    },
    {
      what: 'a secret key among the public ones',
      change: { androidKey: key('sk', 'x') },
      field: 'androidKey',
      fix: /must never be built into an app/,
    },
    {
      what: 'a secret key as the Test Store’s',
      change: { testStoreKey: key('sk', 'x') },
      field: 'testStoreKey',
      fix: /begins with test_/,
    },
    { what: 'a Web Billing key', change: { iosKey: key('rcb', 'x') }, field: 'iosKey', fix: /Web Billing/ },
    {
      what: 'a public key where the secret belongs',
      change: { secretKey: key('appl', 'x') },
      field: 'secretKey',
      fix: /begins with sk_/,
    },
    { what: 'an OAuth token', change: { secretKey: key('atk', 'x') }, field: 'secretKey', fix: /OAuth token/ },
    {
      what: 'a Stripe key',
      change: { secretKey: key('sk_test', 'x') },
      field: 'secretKey',
      fix: /Stripe secret key/,
    },
    {
      what: 'another product’s key',
      change: { secretKey: 'x'.repeat(30) },
      field: 'secretKey',
      fix: /begins with sk_/,
    },
    { what: 'a space before the key', change: { iosKey: ` ${key('appl', 'x')}` }, field: 'iosKey', fix: /spaces/ },
    {
      what: 'a line end after the key',
      change: { secretKey: `${key('sk', 'x')}\n` },
      field: 'secretKey',
      fix: /spaces/,
    },
    { what: 'a key that is cut off', change: { androidKey: 'goog_abc' }, field: 'androidKey', fix: /cut off/ },
    {
      what: 'two keys in one',
      change: { secretKey: key('sk', 'x'.repeat(130)) },
      field: 'secretKey',
      fix: /longer/,
    },
    {
      what: 'a foreign character',
      change: { iosKey: `${key('appl', 'x')}é` },
      field: 'iosKey',
      fix: /letters and digits/,
    },
    { what: 'a masked key', change: { secretKey: 'sk_•••••••••abcd' }, field: 'secretKey', fix: /masked/ },
    { what: 'a number', change: { iosKey: 42 }, field: 'iosKey', fix: /Paste the App Store SDK key/ },
  ],
  invalidOptions: [
    { what: 'an empty entitlement', options: { entitlement: '' }, field: 'entitlement', fix: /1 to 200/ },
    { what: 'an entitlement of two lines', options: { entitlement: 'a\nb' }, field: 'entitlement', fix: /one line/ },
    { what: 'a space after it', options: { entitlement: 'pro ' }, field: 'entitlement', fix: /as the dashboard/ },
    { what: 'a text for a flag', options: { paywall: 'yes' }, field: 'paywall', fix: /true or false/ },
    { what: 'a number for a flag', options: { customerCenter: 1 }, field: 'customerCenter', fix: /true or false/ },
  ],
  optionPairs: {
    entitlement: [{}, { entitlement: 'premium' }],
    paywall: [{}, { paywall: true }],
    customerCenter: [{}, { customerCenter: true }],
  },
  combinations,
  permission: /project_configuration:projects:read/,
};

testConnector(revenuecat, samples);
