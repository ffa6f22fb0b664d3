import type { ExpoConfig } from 'expo/config';

const config: ExpoConfig = {
  name: 'shop',
  slug: 'shop',
  plugins: ['expo-font', process.env.STAGE === 'test' && './test-plugin'].filter((one) => typeof one === 'string'),
};

export default config;
