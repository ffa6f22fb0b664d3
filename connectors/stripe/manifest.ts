import type { CredentialField, Manifest, OptionField } from '../../contract/connector.ts';
import { Credentials, modeOfKey } from './credentials.ts';
import { Options } from './options.ts';

export const reactNativePackage = '@stripe/stripe-react-native';
export const webPackages = ['@stripe/react-stripe-js', '@stripe/stripe-js'] as const;

const credentialFields: CredentialField[] = [
  {
    name: 'publishableKey',
    label: { en: 'Publishable key', ar: 'المفتاح العلني' },
    help: {
      en: 'Names your Stripe account to the app. It is built into the app and may be seen by anyone.',
      ar: 'يعرّف التطبيق بحسابك في Stripe. يُبنى داخل التطبيق ويمكن لأي شخص رؤيته.',
    },
    secret: false,
    required: true,
    placeholder: 'pk_test_…',
    environmentKey: 'EXPO_PUBLIC_STRIPE_PUBLISHABLE_KEY',
    url: 'https://dashboard.stripe.com/apikeys',
  },
  {
    name: 'secretKey',
    label: { en: 'Secret or restricted key', ar: 'المفتاح السري أو المقيّد' },
    help: {
      en: 'Used by your server only. A restricted key (rk_…) that may write what the options need is the safest.',
      ar: 'يستخدمه خادمك فقط. الأكثر أمانًا مفتاح مقيّد (rk_…) مسموح له بكتابة ما تحتاجه الخيارات.',
    },
    secret: true,
    required: true,
    placeholder: 'rk_test_… / sk_test_…',
    environmentKey: 'STRIPE_SECRET_KEY',
    url: 'https://dashboard.stripe.com/apikeys',
  },
  {
    name: 'webhookSecret',
    label: { en: 'Webhook signing secret', ar: 'سر توقيع الـ webhook' },
    help: {
      en: 'Proves to your server that an event comes from Stripe. Needed when webhooks are on; shown at the endpoint after you added it.',
      ar: 'يثبت لخادمك أن الحدث قادم من Stripe. مطلوب عند تفعيل الـ webhooks؛ يظهر عند نقطة الاستقبال بعد إضافتها.',
    },
    secret: true,
    required: false,
    placeholder: 'whsec_…',
    environmentKey: 'STRIPE_WEBHOOK_SECRET',
    url: 'https://dashboard.stripe.com/webhooks',
  },
];

const optionFields: OptionField[] = [
  {
    name: 'oneTimePayments',
    label: { en: 'One-time payments', ar: 'دفعات لمرة واحدة' },
    help: {
      en: 'A checkout button, and a server handler that charges a price of your own list.',
      ar: 'زر دفع، ومعالج على الخادم يحصّل سعرًا من قائمة أسعارك.',
    },
    type: 'boolean',
    default: true,
  },
  {
    name: 'subscriptions',
    label: { en: 'Subscriptions', ar: 'الاشتراكات' },
    help: {
      en: 'A list of plans, and a server handler that starts a subscription to a recurring price.',
      ar: 'قائمة خطط، ومعالج على الخادم يبدأ اشتراكًا بسعر متكرر.',
    },
    type: 'boolean',
    default: false,
  },
  {
    name: 'webhooks',
    label: { en: 'Webhooks', ar: 'Webhooks' },
    help: {
      en: 'A server handler that verifies what Stripe tells of, and a file where you say what happens then. Needs the signing secret.',
      ar: 'معالج على الخادم يتحقق مما يخبر به Stripe، وملف تحدد فيه ما يحدث عندها. يحتاج إلى سر التوقيع.',
    },
    type: 'boolean',
    default: false,
  },
  {
    name: 'applePay',
    label: { en: 'Apple Pay', ar: 'Apple Pay' },
    help: {
      en: 'Offers Apple Pay in the payment sheet: on iOS, or in the browser of a Next.js app. Needs a merchant identifier.',
      ar: 'يعرض Apple Pay في شاشة الدفع: على iOS، أو في متصفح تطبيق Next.js. يحتاج إلى معرّف تاجر.',
    },
    type: 'boolean',
    default: false,
  },
  {
    name: 'googlePay',
    label: { en: 'Google Pay', ar: 'Google Pay' },
    help: {
      en: 'Offers Google Pay in the payment sheet: on Android, or in the browser of a Next.js app.',
      ar: 'يعرض Google Pay في شاشة الدفع: على أندرويد، أو في متصفح تطبيق Next.js.',
    },
    type: 'boolean',
    default: false,
  },
  {
    name: 'currency',
    label: { en: 'Currency', ar: 'العملة' },
    help: {
      en: 'Three lower-case letters (ISO 4217). All prices of the list are in it.',
      ar: 'ثلاثة أحرف لاتينية صغيرة (ISO 4217). كل أسعار القائمة بهذه العملة.',
    },
    type: 'text',
    default: 'usd',
  },
  {
    name: 'merchantDisplayName',
    label: { en: 'Business name', ar: 'اسم النشاط التجاري' },
    help: { en: 'Shown on the payment sheet.', ar: 'يظهر في شاشة الدفع.' },
    type: 'text',
    default: 'My store',
  },
  {
    name: 'merchantCountry',
    label: { en: 'Country of the business', ar: 'بلد النشاط التجاري' },
    help: {
      en: 'Two capital letters (ISO 3166). Used by Apple Pay and Google Pay in Expo apps; a Next.js app has no use for it.',
      ar: 'حرفان لاتينيان كبيران (ISO 3166). يستخدمهما Apple Pay و Google Pay في تطبيقات Expo، ولا يحتاجه تطبيق Next.js.',
    },
    type: 'text',
    default: 'US',
  },
  {
    name: 'merchantIdentifier',
    label: { en: 'Apple merchant identifier', ar: 'معرّف التاجر لدى Apple' },
    help: {
      en: 'Made at developer.apple.com under Identifiers, Merchant IDs. Needed when Apple Pay is on. A Next.js app does not use it: there Stripe only has to know the domain.',
      ar: 'يُنشأ في developer.apple.com ضمن Identifiers ثم Merchant IDs. مطلوب عند تفعيل Apple Pay. لا يستخدمه تطبيق Next.js: يكفي هناك تسجيل النطاق لدى Stripe.',
    },
    type: 'text',
    default: '',
  },
  {
    name: 'serverUrl',
    label: { en: 'Address of your server', ar: 'عنوان خادمك' },
    help: {
      en: 'Where the payment handlers run, such as https://api.example.com. Leave it empty when the app has API routes of its own.',
      ar: 'حيث تعمل معالجات الدفع، مثل https://api.example.com. اتركه فارغًا إذا كان للتطبيق مسارات API خاصة به.',
    },
    type: 'text',
    default: '',
  },
];

export const manifest: Manifest = {
  id: 'stripe',
  name: 'Stripe',
  version: '1',
  summary: {
    en: 'Take card payments and subscriptions, with Apple Pay and Google Pay.',
    ar: 'استقبل مدفوعات البطاقات والاشتراكات، مع Apple Pay و Google Pay.',
  },
  description: {
    en: 'Adds the Stripe provider, a checkout button, a hook, a typed checkout module and the server handler that sets the amount. Card data never touches your app or server.',
    ar: 'يضيف مزوّد Stripe وزر دفع وخطافًا ووحدة دفع مكتوبة الأنواع ومعالج الخادم الذي يحدد المبلغ. لا تمر بيانات البطاقة بتطبيقك ولا بخادمك.',
  },
  category: 'payments',
  capabilities: ['payments', 'subscriptions', 'webhooks', 'apple-pay', 'google-pay'],
  difficulty: 'medium',
  docs: 'https://docs.stripe.com/payments/accept-a-payment?platform=react-native',
  credentialFields,
  optionFields,
  credentials: Credentials,
  options: Options,
  hosts: ['api.stripe.com'],
  compatibility: {
    expo: {
      majors: [54, 55, 56, 57],
      packages: { [reactNativePackage]: { 54: '0.50.3', 55: '0.63.0', 56: '0.64.0', 57: '0.64.0' } },
    },
    next: {
      docs: 'https://docs.stripe.com/payments/payment-element',
      majors: [15, 16],
      packages: {
        [webPackages[0]]: { 15: '7.0.1', 16: '7.0.1' },
        [webPackages[1]]: { 15: '10.2.1', 16: '10.2.1' },
      },
    },
  },
  singleton: true,
  modeOf: ({ publishableKey, secretKey }) => modeOfKey(secretKey) ?? modeOfKey(publishableKey),
};
