import { testConnector } from '../../test/conformance/connector.ts';
import type { ConnectorSamples } from '../../test/conformance/connector-samples.ts';
import { stripe } from './index.ts';
import { applePay, combinations, key, pair } from './samples.ts';

const samples: ConnectorSamples = {
  credentials: pair,
  malformed: [
    {
      what: 'pk_ where sk_ belongs',
      change: { secretKey: key('pk', 'test', 'x') },
      field: 'secretKey',
      fix: /is a publishable key/,
    },
    {
      what: 'sk_ where pk_ belongs',
      change: { publishableKey: key('sk', 'test', 'x') },
      field: 'publishableKey',
      fix: /is a secret key/,
    },
    {
      what: 'rk_ where pk_ belongs',
      change: { publishableKey: key('rk', 'test', 'x') },
      field: 'publishableKey',
      fix: /is a restricted key/,
    },
    {
      what: 'a webhook secret',
      change: { secretKey: `whsec_${'x'.repeat(24)}` },
      field: 'secretKey',
      fix: /webhook signing secret/,
    },
    {
      what: "an organization's key",
      change: { secretKey: `sk_org_${'x'.repeat(24)}` },
      field: 'secretKey',
      fix: /organization/,
    },
    {
      what: 'another product’s key',
      change: { secretKey: 'x'.repeat(30) },
      field: 'secretKey',
      fix: /begins with sk_test_/,
    },
    {
      what: 'a test and a live key',
      change: { publishableKey: key('pk', 'live', 'x') },
      field: 'publishableKey',
      fix: /same mode/,
    },
    {
      what: 'a space before the key',
      change: { secretKey: ` ${key('sk', 'test', 'x')}` },
      field: 'secretKey',
      fix: /spaces/,
    },
    {
      what: 'a line end after the key',
      change: { publishableKey: `${key('pk', 'test', 'x')}\n` },
      field: 'publishableKey',
      fix: /spaces/,
    },
    { what: 'a key that is cut off', change: { secretKey: 'sk_test_abc' }, field: 'secretKey', fix: /cut off/ },
    {
      what: 'two keys in one',
      change: { secretKey: key('sk', 'test', 'x'.repeat(260)) },
      field: 'secretKey',
      fix: /longer/,
    },
    {
      what: 'a foreign character',
      change: { secretKey: `${key('sk', 'test', 'x')}é` },
      field: 'secretKey',
      fix: /letters and digits/,
    },
    { what: 'a masked key', change: { secretKey: 'sk_test_…abcd' }, field: 'secretKey', fix: /masked/ },
    {
      what: 'the id of an endpoint',
      change: { webhookSecret: 'we_x' },
      field: 'webhookSecret',
      fix: /signing secret/,
    },
    { what: 'a number', change: { secretKey: 42 }, field: 'secretKey', fix: /Paste the secret key/ },
  ],
  invalidOptions: [
    { what: 'no kind of payment', options: { oneTimePayments: false }, field: 'oneTimePayments', fix: /Turn on/ },
    {
      what: 'Apple Pay without an identifier',
      options: { applePay: true },
      field: 'merchantIdentifier',
      fix: /needs the merchant identifier/,
    },
    {
      what: 'a bundle identifier',
      options: { applePay: true, merchantIdentifier: 'com.example.app' },
      field: 'merchantIdentifier',
      fix: /looks like merchant\./,
    },
    { what: 'a currency in capitals', options: { currency: 'USD' }, field: 'currency', fix: /as usd/ },
    { what: 'an invented currency', options: { currency: 'zzq' }, field: 'currency', fix: /ISO 4217/ },
    { what: 'an invented country', options: { merchantCountry: 'QX' }, field: 'merchantCountry', fix: /ISO 3166/ },
    { what: 'an empty name', options: { merchantDisplayName: '' }, field: 'merchantDisplayName', fix: /1 to 60/ },
    {
      what: 'a name of two lines',
      options: { merchantDisplayName: 'a\nb' },
      field: 'merchantDisplayName',
      fix: /one line/,
    },
    {
      what: 'an address without a scheme',
      options: { serverUrl: 'api.example.com' },
      field: 'serverUrl',
      fix: /https:/,
    },
    {
      what: 'an address with a slash at its end',
      options: { serverUrl: 'https://a.example/' },
      field: 'serverUrl',
      fix: /without a slash/,
    },
    { what: 'a text for a flag', options: { subscriptions: 'yes' }, field: 'subscriptions', fix: /true or false/ },
  ],
  optionPairs: {
    oneTimePayments: [{ subscriptions: true }, { subscriptions: true, oneTimePayments: false }],
    subscriptions: [{}, { subscriptions: true }],
    webhooks: [{}, { webhooks: true }],
    applePay: [{ merchantIdentifier: 'merchant.com.example.shop' }, applePay],
    googlePay: [{}, { googlePay: true }],
    currency: [{}, { currency: 'eur' }],
    merchantDisplayName: [{}, { merchantDisplayName: 'Corner shop' }],
    merchantCountry: [{ googlePay: true }, { googlePay: true, merchantCountry: 'SA' }],
    merchantIdentifier: [applePay, { ...applePay, merchantIdentifier: 'merchant.com.example.other' }],
    serverUrl: [{}, { serverUrl: 'https://api.example.com' }],
  },
  combinations,
  permission: /rak_payment_intent_read/,
};

testConnector(stripe, samples);
