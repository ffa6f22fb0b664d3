import { createApp } from './framework';

export default createApp({ screens: ['home'] });
