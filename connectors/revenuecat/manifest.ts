import type { CredentialField, Manifest, OptionField } from '../../contract/connector.ts';
import { Credentials } from './credentials.ts';
import { Options } from './options.ts';

export const purchasesPackage = 'react-native-purchases';
export const uiPackage = 'react-native-purchases-ui';

// react-native-purchases-ui has react-native-purchases as an exact peer, and 10.10.1 is the newest pair; RevenueCat's
// packages are not in Expo's own list and are the same for each SDK.
const pair = { 54: '10.10.1', 55: '10.10.1', 56: '10.10.1', 57: '10.10.1' };

const url = 'https://app.revenuecat.com/projects';

const credentialFields: CredentialField[] = [
  {
    name: 'iosKey',
    label: { en: 'App Store SDK key', ar: 'مفتاح SDK لمتجر App Store' },
    help: {
      en: 'Names the iOS app to RevenueCat; found under API keys. It is built into the app and may be seen by anyone. Leave it empty when there is no iOS app.',
      ar: 'يعرّف RevenueCat بتطبيق iOS، وتجده ضمن API keys. يُبنى داخل التطبيق ويمكن لأي شخص رؤيته. اتركه فارغًا إذا لم يكن لديك تطبيق iOS.',
    },
    secret: false,
    required: false,
    placeholder: 'appl_…',
    environmentKey: 'EXPO_PUBLIC_REVENUECAT_IOS_API_KEY',
    url,
  },
  {
    name: 'androidKey',
    label: { en: 'Play Store SDK key', ar: 'مفتاح SDK لمتجر Play' },
    help: {
      en: 'The same for the Android app. Leave it empty when there is no Android app.',
      ar: 'المفتاح نفسه لتطبيق أندرويد. اتركه فارغًا إذا لم يكن لديك تطبيق أندرويد.',
    },
    secret: false,
    required: false,
    placeholder: 'goog_…',
    environmentKey: 'EXPO_PUBLIC_REVENUECAT_ANDROID_API_KEY',
    url,
  },
  {
    name: 'testStoreKey',
    label: { en: 'Test Store SDK key', ar: 'مفتاح SDK لمتجر الاختبار' },
    help: {
      en: 'Lets development builds and Expo Go buy without a store. For development and staging only: a release never uses it.',
      ar: 'يتيح الشراء دون متجر في نسخ التطوير وفي Expo Go. للتطوير والتجربة فقط: لا تستخدمه نسخة الإصدار أبدًا.',
    },
    secret: false,
    required: false,
    placeholder: 'test_…',
    environmentKey: 'EXPO_PUBLIC_REVENUECAT_TEST_API_KEY',
    url,
  },
  {
    name: 'secretKey',
    label: { en: 'Secret key (V2)', ar: 'المفتاح السري (V2)' },
    help: {
      en: 'Used by Graft alone, to check that the keys above belong to your project; the app never gets it. Create a V2 key that may read projects, apps and entitlements (project configuration).',
      ar: 'يستخدمه Graft وحده للتحقق من أن المفاتيح أعلاه تخص مشروعك، ولا يصل إلى التطبيق أبدًا. أنشئ مفتاح V2 مسموحًا له بقراءة المشاريع والتطبيقات والاستحقاقات (project configuration).',
    },
    secret: true,
    required: true,
    placeholder: 'sk_…',
    environmentKey: 'REVENUECAT_SECRET_API_KEY',
    url,
  },
];

const optionFields: OptionField[] = [
  {
    name: 'entitlement',
    label: { en: 'Entitlement', ar: 'الاستحقاق' },
    help: {
      en: 'Identifier of what customers unlock, as the RevenueCat dashboard shows it.',
      ar: 'معرّف ما يحصل عليه العملاء بالشراء، كما يظهر في لوحة RevenueCat.',
    },
    type: 'text',
    default: 'pro',
  },
  {
    name: 'paywall',
    label: { en: 'Paywall from the dashboard', ar: 'شاشة بيع من لوحة RevenueCat' },
    help: {
      en: 'Shows the paywall that you design at RevenueCat, in place of a plain list of packages. Adds a second native package.',
      ar: 'يعرض شاشة البيع التي تصممها في RevenueCat بدل قائمة باقات بسيطة. يضيف حزمة أصلية ثانية.',
    },
    type: 'boolean',
    default: false,
  },
  {
    name: 'customerCenter',
    label: { en: 'Customer Center', ar: 'مركز العملاء' },
    help: {
      en: "A button to RevenueCat's screen where customers manage and cancel. Needs RevenueCat's Pro or Enterprise plan, and a second native package.",
      ar: 'زر يفتح شاشة RevenueCat التي يدير فيها العملاء اشتراكاتهم ويلغونها. يتطلب خطة Pro أو Enterprise في RevenueCat وحزمة أصلية ثانية.',
    },
    type: 'boolean',
    default: false,
  },
];

export const manifest: Manifest = {
  id: 'revenuecat',
  name: 'RevenueCat',
  version: '1',
  summary: {
    en: 'Sell subscriptions and in-app purchases through the App Store and Google Play.',
    ar: 'بِع الاشتراكات والمشتريات داخل التطبيق عبر App Store و Google Play.',
  },
  description: {
    en: 'Adds a provider that sets up the RevenueCat SDK, hooks for entitlements, offerings, purchases and restores, and a list of packages or the paywall you design in the dashboard.',
    ar: 'يضيف مزوّدًا يهيّئ حزمة RevenueCat، وخطافات للاستحقاقات والعروض والشراء والاستعادة، وقائمة باقات أو شاشة البيع التي تصممها في اللوحة.',
  },
  category: 'purchases',
  capabilities: ['purchases', 'subscriptions', 'entitlements', 'paywall', 'customer-center'],
  difficulty: 'medium',
  docs: 'https://www.revenuecat.com/docs/getting-started/installation/expo',
  credentialFields,
  optionFields,
  credentials: Credentials,
  options: Options,
  hosts: ['api.revenuecat.com'],
  compatibility: {
    expo: { majors: [54, 55, 56, 57], packages: { [purchasesPackage]: pair, [uiPackage]: pair } },
  },
  singleton: true,
  // The stores' keys serve sandbox and real purchases alike; only the Test Store never sells for real.
  modeOf: ({ testStoreKey }) => (testStoreKey ? 'test' : undefined),
};
