import type { ConfigContext, ExpoConfig } from 'expo/config';

export default ({ config }: ConfigContext): ExpoConfig => ({
  ...config,
  name: process.env.STAGE === 'test' ? 'Shop (test)' : 'Shop',
  slug: 'shop',
  plugins: [
    'expo-font',
    ...(process.env.STAGE === 'test' ? ['./test-plugin'] : []),
    ['@payments/react-native', { merchantIdentifier: 'merchant.example' }],
    'analytics-react-native',
    [
      'expo-build-properties',
      { android: { minSdkVersion: 26 }, ios: { deploymentTarget: '15.1' } },
    ],
  ],
});
