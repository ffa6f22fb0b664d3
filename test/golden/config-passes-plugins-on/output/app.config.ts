import type { ConfigContext } from 'expo/config';

export default ({ config }: ConfigContext) => ({ ...config, extra: { stage: process.env.STAGE } });
