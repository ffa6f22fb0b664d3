import type { NextStep } from '../contract/connector.ts';

/** What the code itself asks of people after the merge into an app of Next.js that has a server. */
export const restartStep: NextStep = {
  kind: 'build',
  text: {
    en: 'Install the packages and start the app again; the next deployment has the rest.',
    ar: 'ثبّت الحزم وأعد تشغيل التطبيق؛ والنشر التالي يحمل البقية.',
  },
  snippet: 'npm install\nnpx next dev',
};
