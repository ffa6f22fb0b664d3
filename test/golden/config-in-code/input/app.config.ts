import type { ConfigContext, ExpoConfig } from 'expo/config';

export default ({ config }: ConfigContext): ExpoConfig => ({
  ...config,
  name: process.env.STAGE === 'test' ? 'Shop (test)' : 'Shop',
  slug: 'shop',
  plugins: [
    'expo-font',
    ...(process.env.STAGE === 'test' ? ['./test-plugin'] : []),
  ],
});
