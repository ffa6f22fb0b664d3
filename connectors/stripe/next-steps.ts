import type { AppFacts, EnvironmentKey, NextStep } from '../../contract/connector.ts';
import { extensionOf, importPath } from '../app-modules.ts';
import { nativeIntent } from '../native-intent.ts';
import type { Options } from './options.ts';

/** What the steps tell of. */
export interface Generated {
  options: Options;
  app: AppFacts;
  /** Of the generated code, relative to the app. */
  folder: string;
  /** Where the app calls the handlers. */
  apiPath: string;
  environmentKeys: readonly EnvironmentKey[];
}

/** What is left for people after the merge, in the order to do it. */
export function nextSteps(generated: Generated): NextStep[] {
  return [
    {
      kind: 'build',
      text: {
        en: 'Stripe brings native code, so build the app anew: a reload, or a build made before, does not have it.',
        ar: 'يضيف Stripe شيفرة أصلية، لذا أعد بناء التطبيق: لا تكفي إعادة التحميل ولا بناء سابق.',
      },
      snippet: 'npx expo run:ios\nnpx expo run:android',
    },
    {
      kind: 'values',
      text: {
        en: 'Bring the keys into .env.local (git ignores it): the first command runs where Graft is, and --to names the folder of the app. Then restart Expo with a clean cache.',
        ar: 'اجلب المفاتيح إلى .env.local (يتجاهله git): يُشغَّل الأمر الأول في مجلد Graft، و--to يحدد مجلد التطبيق. ثم أعد تشغيل Expo بذاكرة مؤقتة نظيفة.',
      },
      snippet: 'npm run -s env -- pull <project> <environment> --to <app>\nnpx expo start --clear',
    },
    ...useSteps(generated),
    ...serverSteps(generated),
    ...stripeSteps(generated),
  ];
}

/** How to put what sells on a screen. */
export function useSteps({ options, app, folder }: Generated): NextStep[] {
  const from = importPath(app, folder);
  const steps: NextStep[] = [];
  if (options.oneTimePayments) {
    steps.push({
      kind: 'use',
      text: {
        en: `Put the button on a screen and press it. Your products and their prices are in ${folder}/prices.${extensionOf(app)}. In test mode pay with the card 4242 4242 4242 4242.`,
        ar: `ضع الزر في شاشة واضغطه. منتجاتك وأسعارها في ${folder}/prices.${extensionOf(app)}. في وضع الاختبار ادفع بالبطاقة 4242 4242 4242 4242.`,
      },
      snippet: `import { CheckoutButton } from '${from}/checkout-button';\n\n<CheckoutButton product="example" />`,
    });
  }
  if (options.subscriptions) {
    steps.push({
      kind: 'use',
      text: {
        en: `Put the plans on a screen, with the e-mail address of the signed-in person. Your plans are in ${folder}/prices.${extensionOf(app)}.`,
        ar: `ضع الخطط في شاشة مع البريد الإلكتروني للشخص المسجّل دخوله. خططك في ${folder}/prices.${extensionOf(app)}.`,
      },
      snippet: `import { SubscriptionPlans } from '${from}/subscription-plans';\n\n<SubscriptionPlans email={user.email} />`,
    });
  }
  return steps;
}

/** How to run the handlers where the app has no server of its own. */
export function serverSteps({ options, app, folder, apiPath, environmentKeys }: Generated): NextStep[] {
  const secretKey = environmentKeys.find(({ credential }) => credential === 'secretKey')?.key ?? '';
  if (app.serverRoutes && options.serverUrl === '') {
    return [
      {
        kind: 'use',
        text: {
          en: `The payment handlers are API routes of the app. Deploy its server with ${secretKey} in its environment, and give release builds its address as \`origin\` of the expo-router plugin.`,
          ar: `معالجات الدفع مسارات API في التطبيق. انشر خادمه مع ${secretKey} في بيئته، وامنح نسخ الإصدار عنوانه عبر \`origin\` في إضافة expo-router.`,
        },
        snippet: '["expo-router", { "origin": "https://app.example.com" }]',
      },
    ];
  }
  const handlers = [
    ...(options.oneTimePayments ? [['payment-intent', 'createPaymentIntent'] as const] : []),
    ...(options.subscriptions ? [['subscription', 'createSubscription'] as const] : []),
    ...(options.webhooks ? [['webhook', 'receiveStripeEvent'] as const] : []),
  ];
  const where = options.serverUrl === '' ? `serverUrl of ${folder}/config.${extensionOf(app)}` : options.serverUrl;
  return [
    {
      kind: 'use',
      text: {
        en: `Deploy the handlers of ${folder}/server with ${secretKey} in their environment: plain functions from a web Request to a Response, for Cloudflare Workers, Vercel, Deno, Bun or EAS Hosting. The app calls them below ${where}.`,
        ar: `انشر معالجات ${folder}/server مع ${secretKey} في بيئتها: دوال عادية من Request إلى Response، تعمل على Cloudflare Workers أو Vercel أو Deno أو Bun أو EAS Hosting. يستدعيها التطبيق تحت ${where}.`,
      },
      snippet: handlers.map(([path, handler]) => `POST ${apiPath}/${path} → ${handler}(request)`).join('\n'),
    },
  ];
}

/** What to set up at Stripe besides keys, whatever the app is made with. */
export function webhookSteps({ options, app, folder, apiPath }: Generated): NextStep[] {
  const steps: NextStep[] = [
    {
      kind: 'provider',
      text: {
        en: options.webhooks
          ? `Add an endpoint for the events below at Stripe, with the address of your server and ${apiPath}/webhook. Say what happens then in ${folder}/server/on-stripe-event.${extensionOf(app)}.`
          : 'Deliver what was bought when Stripe tells your server, not when the payment sheet closes: turn the option webhooks on, or add a webhook of your own for the events below.',
        ar: options.webhooks
          ? `أضف في Stripe نقطة استقبال للأحداث أدناه بعنوان خادمك متبوعًا بـ ${apiPath}/webhook، وحدد ما يحدث عندها في ${folder}/server/on-stripe-event.${extensionOf(app)}.`
          : 'سلّم ما تم شراؤه حين يخبر Stripe خادمك، لا حين تُغلق شاشة الدفع: فعّل خيار webhooks، أو أضف webhook خاصًا بك للأحداث أدناه.',
      },
      snippet: [
        ...(options.oneTimePayments ? ['payment_intent.succeeded'] : []),
        ...(options.subscriptions ? ['invoice.paid', 'customer.subscription.deleted'] : []),
      ].join('\n'),
    },
  ];
  if (options.subscriptions) {
    steps.push({
      kind: 'provider',
      text: {
        en: 'Create a recurring price in the Stripe dashboard and give it the lookup key "monthly". Before release, let the subscription handler take the e-mail address from your own sign-in.',
        ar: 'أنشئ سعرًا متكررًا في لوحة Stripe وأعطه مفتاح البحث "monthly". قبل الإصدار اجعل معالج الاشتراك يأخذ البريد الإلكتروني من تسجيل الدخول لديك.',
      },
      snippet: 'https://dashboard.stripe.com/products',
    });
  }
  return steps;
}

function stripeSteps(generated: Generated): NextStep[] {
  const { options, app } = generated;
  const steps = webhookSteps(generated);
  if (options.applePay) {
    steps.push({
      kind: 'provider',
      text: {
        en: `Register ${options.merchantIdentifier} with Apple, then add a certificate for it in the Stripe dashboard.`,
        ar: `سجّل ${options.merchantIdentifier} لدى Apple، ثم أضف شهادة له في لوحة Stripe.`,
      },
      snippet: 'https://dashboard.stripe.com/settings/ios_certificates',
    });
  }
  if (options.googlePay) {
    steps.push({
      kind: 'provider',
      text: {
        en: 'Ask Google for production access to Google Pay before release; test keys use its test environment.',
        ar: 'اطلب من Google الوصول الإنتاجي إلى Google Pay قبل الإصدار؛ مفاتيح الاختبار تستخدم بيئته التجريبية.',
      },
      snippet: 'https://pay.google.com/business/console',
    });
  }
  if (app.scheme === undefined) {
    steps.push({
      kind: 'provider',
      text: {
        en: 'The app has no URL scheme, so payment methods that lead through another page stay hidden on iOS. Give it a `scheme` in app.json and install again to have them.',
        ar: 'ليس للتطبيق مخطط URL، لذا تبقى وسائل الدفع التي تمر بصفحة أخرى مخفية على iOS. أضف `scheme` في app.json ثم أعد التثبيت لتظهر.',
      },
    });
  } else if (app.router === 'expo-router') {
    const { file, snippet } = nativeIntent(app, 'stripe-redirect', 'null');
    steps.push({
      kind: 'provider',
      text: {
        en: `A bank's page leads back by ${app.scheme}://stripe-redirect. Keep the router from taking it for a screen, in ${file}; where that file is there already, add the condition to it.`,
        ar: `تعود صفحة البنك إلى التطبيق عبر ${app.scheme}://stripe-redirect. امنع الموجّه من اعتبارها شاشة، في ${file}؛ وإن كان الملف موجودًا فأضف الشرط إليه.`,
      },
      snippet,
    });
  }
  return steps;
}
