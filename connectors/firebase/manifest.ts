import type { CredentialField, Manifest, OptionField, SdkSetUp } from '../../contract/connector.ts';
import { Credentials, serviceAccountsPage, settingsPage } from './credentials.ts';
import { Options } from './options.ts';

export const jsPackage = 'firebase';
export const asyncStoragePackage = '@react-native-async-storage/async-storage';
export const buildPropertiesPackage = 'expo-build-properties';
export const nativePackage = (product: string) => `@react-native-firebase/${product}`;

/** How people set the SDK up by hand, on devices and on the web alike. */
export const setUp: SdkSetUp = { module: `${jsPackage}/app`, names: ['initializeApp'] };

const inApp = {
  en: 'From the config of your web app (Project settings, General). It is built into the app and may be seen by anyone.',
  ar: 'من إعدادات تطبيق الويب في مشروعك (Project settings ثم General). تُبنى داخل التطبيق ويمكن لأي شخص رؤيتها.',
};

const credentialFields: CredentialField[] = [
  {
    name: 'apiKey',
    label: { en: 'apiKey', ar: 'مفتاح API ‏(apiKey)' },
    help: inApp,
    secret: false,
    required: true,
    // A whole value, because the length of a key is fixed.
    placeholder: `AIza${'x'.repeat(35)}`,
    environmentKey: 'EXPO_PUBLIC_FIREBASE_API_KEY',
    url: settingsPage,
  },
  {
    name: 'authDomain',
    label: { en: 'authDomain', ar: 'نطاق تسجيل الدخول (authDomain)' },
    help: inApp,
    secret: false,
    required: true,
    placeholder: 'my-project.firebaseapp.com',
    environmentKey: 'EXPO_PUBLIC_FIREBASE_AUTH_DOMAIN',
    url: settingsPage,
  },
  {
    name: 'projectId',
    label: { en: 'projectId', ar: 'معرّف المشروع (projectId)' },
    help: inApp,
    secret: false,
    required: true,
    placeholder: 'my-project',
    environmentKey: 'EXPO_PUBLIC_FIREBASE_PROJECT_ID',
    url: settingsPage,
  },
  {
    name: 'messagingSenderId',
    label: { en: 'messagingSenderId', ar: 'رقم المرسِل (messagingSenderId)' },
    help: inApp,
    secret: false,
    required: true,
    placeholder: '123456789012',
    environmentKey: 'EXPO_PUBLIC_FIREBASE_MESSAGING_SENDER_ID',
    url: settingsPage,
  },
  {
    name: 'appId',
    label: { en: 'appId', ar: 'معرّف التطبيق (appId)' },
    help: {
      en: 'Of the web app, from the same config. A project without a web app gets one under "Your apps".',
      ar: 'معرّف تطبيق الويب، من الإعدادات نفسها. إن لم يكن في المشروع تطبيق ويب فأضف واحدًا ضمن "Your apps".',
    },
    secret: false,
    required: true,
    placeholder: '1:123456789012:web:0123456789abcdef012345',
    environmentKey: 'EXPO_PUBLIC_FIREBASE_APP_ID',
    url: settingsPage,
  },
  {
    name: 'storageBucket',
    label: { en: 'storageBucket', ar: 'حاوية التخزين (storageBucket)' },
    help: {
      en: 'From the same config. Needed for file storage; otherwise leave it out.',
      ar: 'من الإعدادات نفسها. مطلوبة لتخزين الملفات؛ وإلا فاتركها فارغة.',
    },
    secret: false,
    required: false,
    placeholder: 'my-project.firebasestorage.app',
    environmentKey: 'EXPO_PUBLIC_FIREBASE_STORAGE_BUCKET',
    url: settingsPage,
  },
  {
    name: 'measurementId',
    label: { en: 'measurementId', ar: 'معرّف القياس (measurementId)' },
    help: {
      en: 'From the same config, where Google Analytics is on. Needed for analytics; otherwise leave it out.',
      ar: 'من الإعدادات نفسها إذا كان Google Analytics مفعّلًا. مطلوب للتحليلات؛ وإلا فاتركه فارغًا.',
    },
    secret: false,
    required: false,
    placeholder: 'G-ABCDEF1234',
    environmentKey: 'EXPO_PUBLIC_FIREBASE_MEASUREMENT_ID',
    url: settingsPage,
  },
  {
    name: 'serviceAccount',
    label: { en: 'Service account key file', ar: 'ملف مفتاح حساب الخدمة' },
    help: {
      en: 'The whole JSON file. Graft proves with it that the project is yours and what state it is in. It opens the project to whoever has it, so the app never gets it; leave it out if you do not want to share it.',
      ar: 'ملف JSON كاملًا. يتحقق Graft به من أن المشروع مشروعك ومن حالته. من يملكه يستطيع الوصول إلى المشروع كله، لذلك لا يصل إلى التطبيق أبدًا؛ اتركه فارغًا إن لم ترغب في مشاركته.',
    },
    secret: true,
    required: false,
    placeholder: '{ "type": "service_account", … }',
    environmentKey: 'FIREBASE_SERVICE_ACCOUNT',
    url: serviceAccountsPage,
  },
];

const optionFields: OptionField[] = [
  {
    name: 'sdk',
    label: { en: 'SDK', ar: 'حزمة التطوير (SDK)' },
    help: {
      en: 'js runs everywhere, Expo Go and the web too. native (React Native Firebase) is for devices: it needs a build of your own, Xcode 26.2, and the two files that Firebase gives for the apps. A Next.js app has js with either.',
      ar: 'js تعمل في كل مكان، ومنه Expo Go والويب. أما native ‏(React Native Firebase) فللأجهزة: تحتاج إلى بناء خاص بك و Xcode 26.2 والملفين اللذين تعطيهما Firebase للتطبيقين. وتطبيق Next.js يحصل على js في الحالتين.',
    },
    type: 'choice',
    default: 'js',
    choices: ['js', 'native'],
  },
  {
    name: 'auth',
    label: { en: 'Sign-in', ar: 'تسجيل الدخول' },
    help: {
      en: 'A provider with whoever is signed in, a sign-in form, and functions to sign up, in and out by e-mail.',
      ar: 'مزوّد يعرف المستخدم الحالي، ونموذج لتسجيل الدخول، ودوال لإنشاء الحساب والدخول والخروج عبر البريد الإلكتروني.',
    },
    type: 'boolean',
    default: true,
  },
  {
    name: 'firestore',
    label: { en: 'Database (Firestore)', ar: 'قاعدة البيانات (Firestore)' },
    help: {
      en: 'Functions that read and add documents of a collection, and a hook that follows its changes.',
      ar: 'دوال تقرأ مستندات مجموعة وتضيف إليها، وخطاف يتابع تغييراتها.',
    },
    type: 'boolean',
    default: true,
  },
  {
    name: 'collection',
    label: { en: 'Collection', ar: 'المجموعة' },
    help: {
      en: 'The collection that the database functions begin with. With sign-in, everybody has their own.',
      ar: 'المجموعة التي تبدأ بها دوال قاعدة البيانات. مع تسجيل الدخول تكون لكل مستخدم مجموعته.',
    },
    type: 'text',
    default: 'notes',
  },
  {
    name: 'storage',
    label: { en: 'File storage', ar: 'تخزين الملفات' },
    help: {
      en: 'Functions that upload a file and make a link to it. Storage needs the Blaze plan.',
      ar: 'دوال ترفع ملفًا وتنشئ رابطًا إليه. يحتاج التخزين إلى خطة Blaze.',
    },
    type: 'boolean',
    default: false,
  },
  {
    name: 'analytics',
    label: { en: 'Analytics', ar: 'التحليلات' },
    help: {
      en: 'A function that tells Google Analytics of events: in browsers, and with the native SDK on devices too.',
      ar: 'دالة تبلّغ Google Analytics بالأحداث: في المتصفحات، وعلى الأجهزة أيضًا مع حزمة native.',
    },
    type: 'boolean',
    default: false,
  },
];

const same = (version: string) => ({ 54: version, 55: version, 56: version, 57: version });

export const manifest: Manifest = {
  id: 'firebase',
  name: 'Firebase',
  version: '1',
  summary: {
    en: 'Sign people in, keep documents and files, and count what they do.',
    ar: 'سجّل دخول المستخدمين، واحفظ المستندات والملفات، وتابع ما يفعلونه.',
  },
  description: {
    en: 'Adds one Firebase app, a provider that knows who is signed in, a sign-in form, and small modules for documents, files and analytics. What people may see is decided by the security rules of your project.',
    ar: 'يضيف تطبيق Firebase واحدًا، ومزوّدًا يعرف المستخدم الحالي، ونموذجًا لتسجيل الدخول، ووحدات صغيرة للمستندات والملفات والتحليلات. أما ما يحق لكل شخص رؤيته فتقرره قواعد الأمان في مشروعك.',
  },
  category: 'authentication',
  capabilities: ['authentication', 'database', 'storage', 'analytics'],
  difficulty: 'medium',
  docs: 'https://docs.expo.dev/guides/using-firebase/',
  credentialFields,
  optionFields,
  credentials: Credentials,
  options: Options,
  hosts: ['firebase.googleapis.com', 'identitytoolkit.googleapis.com', 'oauth2.googleapis.com'],
  compatibility: {
    expo: {
      majors: [54, 55, 56, 57],
      packages: {
        // The version that React Native Firebase brings itself, so that no app has two.
        [jsPackage]: same('12.17.1'),
        [asyncStoragePackage]: same('2.2.0'),
        // Expo's own, whose patches belong to those of the SDK: as `expo install` writes them.
        [buildPropertiesPackage]: { 54: '~1.0.10', 55: '~55.0.18', 56: '~56.0.27', 57: '~57.0.22' },
        ...Object.fromEntries(
          ['app', 'auth', 'firestore', 'storage', 'analytics'].map((product) => [
            nativePackage(product),
            same('26.4.0'),
          ]),
        ),
      },
    },
    next: {
      docs: 'https://firebase.google.com/docs/web/setup',
      majors: [15, 16],
      packages: { [jsPackage]: { 15: '12.17.1', 16: '12.17.1' } },
    },
  },
  // The native SDK takes its project from one file in the build, and the other one serves the same app.
  singleton: true,
  modeOf: () => undefined,
};
