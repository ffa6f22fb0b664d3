import type { CredentialField, Manifest, OptionField } from '../../contract/connector.ts';
import { Credentials } from './credentials.ts';
import { Options, modes, prompts } from './options.ts';

export const sdkPackage = 'react-native-onesignal';
export const pluginPackage = 'onesignal-expo-plugin';

// OneSignal's packages are not in Expo's own list and are the same for each SDK.
const same = (version: string) => ({ 54: version, 55: version, 56: version, 57: version });

const url = 'https://dashboard.onesignal.com/apps';

const credentialFields: CredentialField[] = [
  {
    name: 'appId',
    label: { en: 'App ID', ar: 'معرّف التطبيق' },
    help: {
      en: 'Names the app to OneSignal; found under Settings, Keys & IDs. It is built into the app and may be seen by anyone.',
      ar: 'يعرّف OneSignal بالتطبيق، وتجده ضمن Settings ثم Keys & IDs. يُبنى داخل التطبيق ويمكن لأي شخص رؤيته.',
    },
    secret: false,
    required: true,
    placeholder: '12345678-90ab-4cde-8f01-234567890abc',
    environmentKey: 'EXPO_PUBLIC_ONESIGNAL_APP_ID',
    url,
  },
  {
    name: 'apiKey',
    label: { en: 'App API key', ar: 'مفتاح API للتطبيق' },
    help: {
      en: 'Used by Graft alone, to check that the App ID is yours; the app never gets it. Add a key under Settings, Keys & IDs. If you limit it to addresses, allow that of Graft.',
      ar: 'يستخدمه Graft وحده للتحقق من أن معرّف التطبيق لك، ولا يصل إلى التطبيق أبدًا. أضف مفتاحًا ضمن Settings ثم Keys & IDs. إذا حصرته بعناوين معينة فاسمح بعنوان Graft.',
    },
    secret: true,
    required: true,
    placeholder: 'os_v2_app_…',
    environmentKey: 'ONESIGNAL_API_KEY',
    url,
  },
];

const optionFields: OptionField[] = [
  {
    name: 'permissionPrompt',
    label: { en: 'When to ask for permission', ar: 'متى يُطلب الإذن' },
    help: {
      en: 'button: when people press a button that you place. start: when the app starts, which more people decline. provisional: on iOS they arrive quietly from the start, without a question; on Android the button asks.',
      ar: 'button: حين يضغط المستخدم زرًا تضعه أنت. start: عند تشغيل التطبيق، ويرفضه عدد أكبر. provisional: على iOS تصل بهدوء منذ البداية دون سؤال، وعلى أندرويد يطلب الزر الإذن.',
    },
    type: 'choice',
    default: 'button',
    choices: prompts,
  },
  {
    name: 'inAppMessages',
    label: { en: 'In-app messages', ar: 'الرسائل داخل التطبيق' },
    help: {
      en: 'Shows the messages that you design at OneSignal while the app is open. Off, they are paused.',
      ar: 'يعرض الرسائل التي تصممها في OneSignal أثناء استخدام التطبيق. عند إيقافه تبقى معلّقة.',
    },
    type: 'boolean',
    default: true,
  },
  {
    name: 'mode',
    label: { en: 'APNs environment', ar: 'بيئة APNs' },
    help: {
      en: "Written to app.json, which is one for all environments. Keep production: Xcode puts in what the build's provisioning profile says. Choose development only for tools that sign with this value as it is.",
      ar: 'تُكتب في app.json وهو واحد لكل البيئات. أبقِ production: يضع Xcode القيمة التي في ملف التوقيع (provisioning profile). اختر development فقط لأدوات توقّع بهذه القيمة كما هي.',
    },
    type: 'choice',
    default: 'production',
    choices: modes,
  },
];

export const manifest: Manifest = {
  id: 'onesignal',
  name: 'OneSignal',
  version: '1',
  summary: {
    en: 'Send push notifications and in-app messages.',
    ar: 'أرسل الإشعارات والرسائل داخل التطبيق.',
  },
  description: {
    en: 'Adds a provider that sets up the OneSignal SDK, the way to ask for permission that you choose, a hook for pressed notifications, sign-in with your own user ids, and in-app messages.',
    ar: 'يضيف مزوّدًا يهيّئ حزمة OneSignal، وطريقة طلب الإذن التي تختارها، وخطافًا للإشعارات التي يضغطها المستخدم، وتسجيل الدخول بمعرّفات مستخدميك، والرسائل داخل التطبيق.',
  },
  category: 'messaging',
  capabilities: ['push', 'in-app-messages', 'tags', 'external-id'],
  difficulty: 'medium',
  docs: 'https://documentation.onesignal.com/docs/en/react-native-expo-sdk-setup',
  credentialFields,
  optionFields,
  credentials: Credentials,
  options: Options,
  hosts: ['api.onesignal.com'],
  compatibility: {
    expo: {
      majors: [54, 55, 56, 57],
      packages: { [sdkPackage]: same('5.5.13'), [pluginPackage]: same('2.7.1') },
    },
  },
  singleton: true,
  // An app at OneSignal serves development and production builds alike.
  modeOf: () => undefined,
};
