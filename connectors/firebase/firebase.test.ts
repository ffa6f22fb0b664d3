import { generateKeyPairSync } from 'node:crypto';
import { testConnector } from '../../test/conformance/connector.ts';
import type { ConnectorSamples } from '../../test/conformance/connector-samples.ts';
import { tokenUrl } from './credentials.ts';
import { firebase } from './index.ts';
import { apiKey, combinations, credentials, everything, keyFile } from './samples.ts';

const { privateKey: ellipticKey } = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

const samples: ConnectorSamples = {
  credentials: (_mode, behaviour) => credentials(behaviour),
  tokenUrl,
  malformed: [
    {
      what: 'the whole config where the key belongs',
      change: { apiKey: `{apiKey: ${apiKey('x')}}` },
      field: 'apiKey',
      fix: /alone/,
    },
    { what: 'another kind of key', change: { apiKey: 'sk_test_0123456789' }, field: 'apiKey', fix: /begins with AIza/ },
    { what: 'a key that is cut off', change: { apiKey: 'AIzaabcdef' }, field: 'apiKey', fix: /39 characters/ },
    {
      what: 'a foreign character',
      change: { apiKey: `AIza${'é'.repeat(35)}` },
      field: 'apiKey',
      fix: /letters, digits/,
    },
    { what: 'quotes', change: { apiKey: `"${apiKey('x')}",` }, field: 'apiKey', fix: /quotes and the comma/ },
    { what: 'a line end after the key', change: { apiKey: `${apiKey('x')}\n` }, field: 'apiKey', fix: /spaces/ },
    { what: 'a number', change: { apiKey: 42 }, field: 'apiKey', fix: /Paste apiKey/ },
    {
      what: 'a private key where the public one belongs',
      change: { apiKey: ['-----BEGIN', 'PRIVATE', 'KEY-----'].join(' ') },
      field: 'apiKey',
      fix: /never be built into an app/,
    },
    {
      what: 'an address where the domain belongs',
      change: { authDomain: 'https://my-project.firebaseapp.com' },
      field: 'authDomain',
      fix: /Leave out https/,
    },
    {
      what: 'a domain with a path',
      change: { authDomain: 'my-project.firebaseapp.com/__/auth' },
      field: 'authDomain',
      fix: /without a slash/,
    },
    { what: 'a domain without a dot', change: { authDomain: 'localhost' }, field: 'authDomain', fix: /is a domain/ },
    {
      what: 'the number of the project',
      change: { projectId: '123456789012' },
      field: 'projectId',
      fix: /number of the project/,
    },
    { what: 'the name of the project', change: { projectId: 'My Project' }, field: 'projectId', fix: /small letters/ },
    { what: 'a sender with letters', change: { messagingSenderId: '12a' }, field: 'messagingSenderId', fix: /digits/ },
    {
      what: 'the id of the Android app',
      change: { appId: '1:123456789012:android:0123456789abcdef' },
      field: 'appId',
      fix: /android app.*web app/,
    },
    { what: 'no app id', change: { appId: 'com.example.app' }, field: 'appId', fix: /looks like 1:/ },
    {
      what: 'an app of another project',
      change: { appId: '1:999999999999:web:0123456789abcdef012345' },
      field: 'appId',
      fix: /another project/,
    },
    {
      what: 'a bucket with its scheme',
      change: { storageBucket: 'gs://my-project.firebasestorage.app' },
      field: 'storageBucket',
      fix: /gs:\/\//,
    },
    { what: 'a bucket with a slash', change: { storageBucket: 'my/bucket' }, field: 'storageBucket', fix: /is a name/ },
    {
      what: 'the old kind of measurement id',
      change: { measurementId: 'UA-12345678-1' },
      field: 'measurementId',
      fix: /looks like G-/,
    },
    {
      what: 'half a key file',
      change: { serviceAccount: keyFile().slice(0, 400) },
      field: 'serviceAccount',
      fix: /not JSON, or not all/,
    },
    {
      what: 'google-services.json',
      change: { serviceAccount: '{"project_info":{},"client":[]}' },
      field: 'serviceAccount',
      fix: /google-services\.json/,
    },
    {
      what: 'the web config where the key file belongs',
      change: { serviceAccount: JSON.stringify({ apiKey: 'x', projectId: 'my-project' }) },
      field: 'serviceAccount',
      fix: /web config/,
    },
    {
      what: 'an OAuth client',
      change: { serviceAccount: '{"installed":{"client_id":"x"}}' },
      field: 'serviceAccount',
      fix: /OAuth client/,
    },
    {
      what: 'a key file of a person',
      change: { serviceAccount: keyFile('good', { type: 'authorized_user' }) },
      field: 'serviceAccount',
      fix: /must be service_account/,
    },
    {
      what: 'a token address that is not of Google',
      change: { serviceAccount: keyFile('good', { token_uri: 'https://oauth2.googleapis.com.evil.example/token' }) },
      field: 'serviceAccount',
      fix: /token_uri must be https:\/\/oauth2\.googleapis\.com\/token/,
    },
    {
      what: 'an older token address of Google',
      change: { serviceAccount: keyFile('good', { token_uri: 'https://accounts.google.com/o/oauth2/token' }) },
      field: 'serviceAccount',
      fix: /token_uri must be/,
    },
    {
      what: 'a key file of another project',
      change: { serviceAccount: keyFile('good', { project_id: 'other-project' }) },
      field: 'serviceAccount',
      fix: /another project/,
    },
    {
      what: 'a key file without its address',
      change: { serviceAccount: keyFile('good', { client_email: undefined }) },
      field: 'serviceAccount',
      fix: /client_email/,
    },
    {
      what: 'an address that is none of a service account',
      change: { serviceAccount: keyFile('good', { client_email: 'person@example.com' }) },
      field: 'serviceAccount',
      fix: /client_email/,
    },
    {
      what: 'a private key that is cut off',
      change: { serviceAccount: keyFile('good', { private_key: 'MIIEvQ' }) },
      field: 'serviceAccount',
      fix: /private_key is cut off/,
    },
    {
      what: 'a private key that is no RSA key',
      change: { serviceAccount: keyFile('good', { private_key: ellipticKey }) },
      field: 'serviceAccount',
      fix: /private_key is cut off or changed/,
    },
  ],
  invalidOptions: [
    {
      what: 'no product',
      options: { auth: false, firestore: false },
      field: 'auth',
      fix: /at least one/,
    },
    { what: 'another SDK', options: { sdk: 'flutter' }, field: 'sdk', fix: /js or native/ },
    { what: 'a path for a collection', options: { collection: 'a/b' }, field: 'collection', fix: /collection/ },
    { what: 'code for a collection', options: { collection: "a'b" }, field: 'collection', fix: /collection/ },
    { what: 'a text for a flag', options: { storage: 'yes' }, field: 'storage', fix: /true or false/ },
  ],
  optionPairs: {
    sdk: [{}, { sdk: 'native' }],
    auth: [{}, { auth: false }],
    firestore: [{}, { firestore: false }],
    collection: [{}, { collection: 'tasks' }],
    storage: [{}, { storage: true }],
    analytics: [{}, { analytics: true }],
  },
  combinations: [{}, everything, { ...everything, sdk: 'native' }, ...combinations.slice(1, 4)],
  permission: /firebase\.projects\.get/,
};

testConnector(firebase, samples);
