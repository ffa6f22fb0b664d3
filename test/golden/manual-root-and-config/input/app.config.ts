import type { ExpoConfig } from 'expo/config';

const config: ExpoConfig = {
  name: 'shop',
  slug: 'shop',
  plugins: ['expo-font'],
};

export default config;
