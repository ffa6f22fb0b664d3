import type { NextStep } from '../../contract/connector.ts';
import { restartStep } from '../restart-step.ts';
import { type Generated, serverSteps, useSteps, webhookSteps } from './next-steps.ts';

/** What is left for people after the merge into an app of Next.js, in the order to do it. */
export function nextStepsOnWeb(generated: Generated): NextStep[] {
  const { app, options } = generated;
  return [
    restartStep,
    {
      kind: 'values',
      text: {
        en: 'Bring the keys into .env.local (git ignores it): the command runs where Graft is, and --to names the folder of the app. Where the app is deployed, set them for the build and the server.',
        ar: 'اجلب المفاتيح إلى .env.local (يتجاهله git): يُشغَّل الأمر في مجلد Graft، و--to يحدد مجلد التطبيق. وحيث يُنشر التطبيق عيّنها للبناء وللخادم.',
      },
      snippet: 'npm run -s env -- pull <project> <environment> --to <app>',
    },
    ...useSteps(generated),
    ...(app.serverRoutes && options.serverUrl === '' ? [ownServerStep(generated)] : serverSteps(generated)),
    ...webhookSteps(generated),
    ...(options.applePay || options.googlePay ? [walletStep] : []),
  ];
}

function ownServerStep({ apiPath, environmentKeys }: Generated): NextStep {
  const secretKey = environmentKeys.find(({ credential }) => credential === 'secretKey')?.key ?? '';
  return {
    kind: 'use',
    text: {
      en: `The payment handlers are API routes of the app, below ${apiPath}. They need ${secretKey} in the environment of its server.`,
      ar: `معالجات الدفع مسارات API في التطبيق تحت ${apiPath}. تحتاج إلى ${secretKey} في بيئة خادمه.`,
    },
  };
}

const walletStep: NextStep = {
  kind: 'provider',
  text: {
    en: 'Register the domain of the app with Stripe, or Apple Pay and Google Pay stay hidden there.',
    ar: 'سجّل نطاق التطبيق لدى Stripe، وإلا يبقى Apple Pay وGoogle Pay مخفيين فيه.',
  },
  snippet: 'https://dashboard.stripe.com/settings/payment_method_domains',
};
