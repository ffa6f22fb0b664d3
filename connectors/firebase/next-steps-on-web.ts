import type { NextStep } from '../../contract/connector.ts';
import { type Generated, productSteps } from './next-steps.ts';

/** What is left for people after the merge into an app of Next.js, in the order to do it. */
export function nextStepsOnWeb(generated: Generated): NextStep[] {
  const native = generated.options.sdk === 'native';
  return [
    {
      kind: 'build',
      text: {
        en: `Install the packages and start the app again.${native ? ' The native SDK is for devices alone: what runs here is the js SDK.' : ''}`,
        ar: `ثبّت الحزم وأعد تشغيل التطبيق.${native ? ' حزمة native للأجهزة فقط: ما يعمل هنا هو حزمة js.' : ''}`,
      },
      snippet: 'npm install\nnpx next dev',
    },
    {
      kind: 'values',
      text: {
        en: 'Bring the values into .env.local (git ignores it): the command runs where Graft is, and --to names the folder of the app. Where the app is deployed, set them for the build, which puts them into the pages.',
        ar: 'اجلب القيم إلى .env.local (يتجاهله git): يُشغَّل الأمر في مجلد Graft، و--to يحدد مجلد التطبيق. وحيث يُنشر التطبيق عيّنها للبناء، فهو يضعها في الصفحات.',
      },
      snippet: 'npm run -s env -- pull <project> <environment> --to <app>',
    },
    ...productSteps(generated),
  ];
}
