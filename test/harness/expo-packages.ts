/** The `expo` of an SDK that no connector was tested with, and the list that it brings. */
export const untestedSdk = { version: '99.0.3', major: 99 };
export const bundledList = {
  '@react-native-async-storage/async-storage': '9.2.0',
  '@stripe/stripe-react-native': '9.81.0',
  'expo-build-properties': '~99.0.12',
  'expo-sqlite': '~99.0.18',
  'expo-web-browser': '~99.1.0',
};
export const expoPackages = [
  {
    manifest: { name: 'expo', version: untestedSdk.version },
    files: { 'bundledNativeModules.json': JSON.stringify({ ...bundledList, elsewhere: 'https://example.com/a.tgz' }) },
  },
  { manifest: { name: 'expo', version: '99.0.4' } },
];
