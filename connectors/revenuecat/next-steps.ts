import type { AppFacts, NextStep } from '../../contract/connector.ts';
import { importPath } from '../app-modules.ts';
import type { Options } from './options.ts';

interface Generated {
  options: Options;
  app: AppFacts;
  /** Of the generated code, relative to the app. */
  folder: string;
}

/** What is left for people after the merge, in the order to do it. */
export function nextSteps(generated: Generated): NextStep[] {
  return [
    {
      kind: 'build',
      text: {
        en: 'RevenueCat brings native code, so build the app anew: a reload, or a build made before, does not have it. In Expo Go only the Test Store works.',
        ar: 'يضيف RevenueCat شيفرة أصلية، لذا أعد بناء التطبيق: لا تكفي إعادة التحميل ولا بناء سابق. في Expo Go لا يعمل إلا متجر الاختبار.',
      },
      snippet: 'npx expo run:ios\nnpx expo run:android',
    },
    {
      kind: 'values',
      text: {
        en: 'Bring the SDK keys into .env.local (git ignores it): the first command runs where Graft is, and --to names the folder of the app. Then restart Expo with a clean cache.',
        ar: 'اجلب مفاتيح SDK إلى .env.local (يتجاهله git): يُشغَّل الأمر الأول في مجلد Graft، و--to يحدد مجلد التطبيق. ثم أعد تشغيل Expo بذاكرة مؤقتة نظيفة.',
      },
      snippet: 'npm run -s env -- pull <project> <environment> --to <app>\nnpx expo start --clear',
    },
    ...useSteps(generated),
    ...providerSteps(generated),
  ];
}

function useSteps({ options, app, folder }: Generated): NextStep[] {
  const from = importPath(app, folder);
  const steps: NextStep[] = [
    {
      kind: 'use',
      text: {
        en: `Ask whether the customer has "${options.entitlement}" wherever something is for paying customers only.`,
        ar: `اسأل إن كان لدى العميل "${options.entitlement}" حيثما كان شيء مخصصًا لمن دفع.`,
      },
      snippet: `import { useEntitlement } from '${from}/use-entitlement';\n\nconst { active } = useEntitlement();`,
    },
  ];
  if (options.paywall) {
    steps.push({
      kind: 'use',
      text: {
        en: 'Put the button on a screen and press it: it shows the paywall of the current offering, and is gone once the customer has the entitlement.',
        ar: 'ضع الزر في شاشة واضغطه: يعرض شاشة البيع للعرض الحالي، ويختفي حين يحصل العميل على الاستحقاق.',
      },
      snippet: `import { PaywallButton } from '${from}/paywall-button';\n\n<PaywallButton />`,
    });
  } else {
    steps.push({
      kind: 'use',
      text: {
        en: 'Put the packages of the current offering on a screen and buy one. Apple asks for the button that restores, which is part of it.',
        ar: 'ضع باقات العرض الحالي في شاشة واشترِ واحدة. تطلب Apple زر استعادة المشتريات، وهو مضمّن فيها.',
      },
      snippet: `import { PackageList } from '${from}/package-list';\n\n<PackageList />`,
    });
  }
  if (options.customerCenter) {
    steps.push({
      kind: 'use',
      text: {
        en: 'Put the button to the Customer Center on the screen for the account.',
        ar: 'ضع زر مركز العملاء في شاشة الحساب.',
      },
      snippet: `import { CustomerCenterButton } from '${from}/customer-center-button';\n\n<CustomerCenterButton />`,
    });
  }
  steps.push({
    kind: 'use',
    text: {
      en: 'When people sign in to your app, tie their purchases to them, so that they have them on each device.',
      ar: 'حين يسجّل الناس الدخول إلى تطبيقك اربط مشترياتهم بهم، لتكون معهم على كل جهاز.',
    },
    snippet: `import { signIn, signOut } from '${from}/purchases';\n\nawait signIn(user.id);`,
  });
  return steps;
}

function providerSteps({ options }: Generated): NextStep[] {
  const steps: NextStep[] = [
    {
      kind: 'provider',
      text: {
        en: `Create the entitlement "${options.entitlement}" at RevenueCat, attach products to it, and put them into the current offering. With a Test Store you can buy before anything exists at Apple or Google.`,
        ar: `أنشئ الاستحقاق "${options.entitlement}" في RevenueCat واربط به منتجات وضعها في العرض الحالي. مع متجر الاختبار يمكنك الشراء قبل إعداد أي شيء لدى Apple أو Google.`,
      },
      snippet: 'https://app.revenuecat.com/projects',
    },
    {
      kind: 'provider',
      text: {
        en: 'In App Store Connect sign the Paid Apps agreement, create the products, and give RevenueCat the in-app purchase key. The identifier of the app needs the capability In-App Purchase.',
        ar: 'في App Store Connect وقّع اتفاقية Paid Apps وأنشئ المنتجات وأعطِ RevenueCat مفتاح الشراء داخل التطبيق. يحتاج معرّف التطبيق إلى قدرة In-App Purchase.',
      },
      snippet:
        'https://www.revenuecat.com/docs/service-credentials/itunesconnect-app-specific-shared-secret/in-app-purchase-key-configuration',
    },
    {
      kind: 'provider',
      text: {
        en: 'In the Play Console set up a payments profile, upload a signed build to a test track, create the products, and give RevenueCat a service account.',
        ar: 'في Play Console أعد ملف المدفوعات وارفع نسخة موقّعة إلى مسار اختبار وأنشئ المنتجات وأعطِ RevenueCat حساب خدمة.',
      },
      snippet: 'https://www.revenuecat.com/docs/service-credentials/creating-play-service-credentials',
    },
    {
      kind: 'provider',
      text: {
        en: "On Android RevenueCat asks for the launch mode standard or singleTop, and Expo writes singleTask: a purchase can be canceled when the customer goes to their bank's app to confirm it. Graft leaves it as it is, because links into the app depend on it; try such a purchase before the release.",
        ar: 'على أندرويد يطلب RevenueCat وضع التشغيل standard أو singleTop بينما يكتب Expo الوضع singleTask: قد يُلغى الشراء حين ينتقل العميل إلى تطبيق بنكه للتأكيد. يتركه Graft كما هو لأن الروابط إلى التطبيق تعتمد عليه؛ جرّب شراءً كهذا قبل الإصدار.',
      },
      snippet: 'https://www.revenuecat.com/docs/getting-started/installation/reactnative',
    },
  ];
  if (options.paywall) {
    steps.push({
      kind: 'provider',
      text: {
        en: 'Design a paywall for the current offering in the RevenueCat dashboard and publish it.',
        ar: 'صمّم شاشة بيع للعرض الحالي في لوحة RevenueCat وانشرها.',
      },
      snippet: 'https://www.revenuecat.com/docs/tools/paywalls',
    });
  }
  if (options.customerCenter) {
    steps.push({
      kind: 'provider',
      text: {
        en: 'Set up the Customer Center in the RevenueCat dashboard; it needs the Pro or Enterprise plan.',
        ar: 'أعدّ مركز العملاء في لوحة RevenueCat؛ يتطلب خطة Pro أو Enterprise.',
      },
      snippet: 'https://www.revenuecat.com/docs/tools/customer-center',
    });
  }
  return steps;
}
