import type { CredentialField, Manifest, OptionField } from '../../contract/connector.ts';
import { Credentials, keysPage } from './credentials.ts';
import { Options } from './options.ts';

export const clientPackage = '@supabase/supabase-js';
export const cookiesPackage = '@supabase/ssr';
export const sqlitePackage = 'expo-sqlite';
export const asyncStoragePackage = '@react-native-async-storage/async-storage';
export const browserPackage = 'expo-web-browser';

const credentialFields: CredentialField[] = [
  {
    name: 'projectUrl',
    label: { en: 'Project URL', ar: 'عنوان المشروع' },
    help: {
      en: 'The address of your project, from its Connect dialog. It is built into the app and may be seen by anyone.',
      ar: 'عنوان مشروعك، من نافذة Connect في المشروع. يُبنى داخل التطبيق ويمكن لأي شخص رؤيته.',
    },
    secret: false,
    required: true,
    placeholder: 'https://abcdefghijklmnopqrst.supabase.co',
    environmentKey: 'EXPO_PUBLIC_SUPABASE_URL',
    url: 'https://supabase.com/dashboard/project/_?showConnect=true',
  },
  {
    name: 'publishableKey',
    label: { en: 'Publishable key', ar: 'المفتاح العلني' },
    help: {
      en: 'Lets the app in as far as row level security allows. It is built into the app. The legacy anon key is taken too; Supabase will retire it.',
      ar: 'يسمح للتطبيق بما تسمح به سياسات أمان الصفوف (RLS). يُبنى داخل التطبيق. يُقبل أيضًا مفتاح anon القديم، لكن Supabase ستوقفه.',
    },
    secret: false,
    required: true,
    placeholder: 'sb_publishable_…',
    environmentKey: 'EXPO_PUBLIC_SUPABASE_PUBLISHABLE_KEY',
    url: keysPage,
  },
  {
    name: 'secretKey',
    label: { en: 'Secret key', ar: 'المفتاح السري' },
    help: {
      en: 'Used by your server only, and it passes by row level security. Needed when people can delete their account. With it Graft also reads the schema, and writes the types of your tables into the app.',
      ar: 'يستخدمه خادمك فقط، وهو يتجاوز سياسات أمان الصفوف (RLS). مطلوب عندما يستطيع المستخدمون حذف حساباتهم. وبه تقرأ Graft المخطط أيضًا وتكتب أنواع جداولك في التطبيق.',
    },
    secret: true,
    required: false,
    placeholder: 'sb_secret_…',
    environmentKey: 'SUPABASE_SECRET_KEY',
    url: keysPage,
  },
];

const optionFields: OptionField[] = [
  {
    name: 'auth',
    label: { en: 'Sign-in', ar: 'تسجيل الدخول' },
    help: {
      en: 'A provider with the session, a sign-in form, and functions to sign up, in and out by e-mail.',
      ar: 'مزوّد يحمل الجلسة، ونموذج لتسجيل الدخول، ودوال لإنشاء الحساب والدخول والخروج عبر البريد الإلكتروني.',
    },
    type: 'boolean',
    default: true,
  },
  {
    name: 'oauth',
    label: { en: 'Sign-in with Google, Apple and others', ar: 'الدخول عبر Google و Apple وغيرهما' },
    help: {
      en: 'A function that signs in through a provider that is turned on in the project. An Expo app needs a URL scheme for it.',
      ar: 'دالة تسجّل الدخول عبر جهة مفعّلة في المشروع. يحتاج تطبيق Expo لذلك إلى مخطط URL.',
    },
    type: 'boolean',
    default: false,
  },
  {
    name: 'sessionStorage',
    label: { en: 'Where the session is kept', ar: 'مكان حفظ الجلسة' },
    help: {
      en: 'In an Expo app: sqlite is what Supabase recommends, async-storage suits an app that has it already. A Next.js app has no use for it: there the session is in cookies.',
      ar: 'في تطبيق Expo: توصي Supabase بـ sqlite، أما async-storage فيناسب تطبيقًا يستخدمه أصلًا. لا يحتاجه تطبيق Next.js: تُحفظ الجلسة فيه في ملفات تعريف الارتباط (cookies).',
    },
    type: 'choice',
    default: 'sqlite',
    choices: ['sqlite', 'async-storage'],
  },
  {
    name: 'accountDeletion',
    label: { en: 'Deleting the account', ar: 'حذف الحساب' },
    help: {
      en: 'A function and its server handler that delete the account of the signed-in person, as the App Store requires. Needs the secret key.',
      ar: 'دالة ومعالجها على الخادم يحذفان حساب المستخدم المسجّل دخوله، كما يشترط App Store. يحتاج إلى المفتاح السري.',
    },
    type: 'boolean',
    default: false,
  },
  {
    name: 'serverUrl',
    label: { en: 'Address of your server', ar: 'عنوان خادمك' },
    help: {
      en: 'Where the handler that deletes accounts runs, such as https://api.example.com. Leave it empty when the app has API routes of its own.',
      ar: 'حيث يعمل المعالج الذي يحذف الحسابات، مثل https://api.example.com. اتركه فارغًا إذا كان للتطبيق مسارات API خاصة به.',
    },
    type: 'text',
    default: '',
  },
  {
    name: 'database',
    label: { en: 'Database', ar: 'قاعدة البيانات' },
    help: {
      en: 'A typed client, functions that read and add rows of a table, and a hook.',
      ar: 'عميل مكتوب الأنواع، ودوال تقرأ صفوف جدول وتضيف إليه، وخطاف.',
    },
    type: 'boolean',
    default: true,
  },
  {
    name: 'realtime',
    label: { en: 'Realtime', ar: 'التحديث الفوري' },
    help: {
      en: 'A hook that hears of each change to the table while a screen is open.',
      ar: 'خطاف يُبلَّغ بكل تغيير في الجدول ما دامت الشاشة مفتوحة.',
    },
    type: 'boolean',
    default: false,
  },
  {
    name: 'table',
    label: { en: 'Table', ar: 'الجدول' },
    help: {
      en: 'The table, in the schema public, that the database functions and the realtime hook begin with.',
      ar: 'الجدول (ضمن المخطط public) الذي تبدأ به دوال قاعدة البيانات وخطاف التحديث الفوري.',
    },
    type: 'text',
    default: 'todos',
  },
  {
    name: 'storage',
    label: { en: 'File storage', ar: 'تخزين الملفات' },
    help: {
      en: 'Functions that upload a file and make a link to it.',
      ar: 'دوال ترفع ملفًا وتنشئ رابطًا إليه.',
    },
    type: 'boolean',
    default: false,
  },
  {
    name: 'bucket',
    label: { en: 'Bucket', ar: 'الحاوية' },
    help: { en: 'The bucket of Storage that files go to.', ar: 'حاوية Storage التي تُحفظ فيها الملفات.' },
    type: 'text',
    default: 'uploads',
  },
];

const oneVersion = (version: string) => ({ 54: version, 55: version, 56: version, 57: version });
const onNext = (version: string) => ({ 15: version, 16: version });

export const manifest: Manifest = {
  id: 'supabase',
  name: 'Supabase',
  version: '1',
  summary: {
    en: 'Sign people in, keep their data in Postgres, store files and hear of changes.',
    ar: 'سجّل دخول المستخدمين، واحفظ بياناتهم في Postgres، وخزّن الملفات، وتابع التغييرات فورًا.',
  },
  description: {
    en: 'Adds one typed client, a provider that keeps the session fresh, a sign-in form, and small modules for tables, files and realtime changes. What people may see is decided by row level security in your project.',
    ar: 'يضيف عميلًا واحدًا مكتوب الأنواع، ومزوّدًا يُبقي الجلسة صالحة، ونموذجًا لتسجيل الدخول، ووحدات صغيرة للجداول والملفات والتحديث الفوري. أما ما يحق لكل شخص رؤيته فتقرره سياسات أمان الصفوف (RLS) في مشروعك.',
  },
  category: 'database',
  capabilities: ['authentication', 'database', 'storage', 'realtime'],
  difficulty: 'easy',
  docs: 'https://supabase.com/docs/guides/getting-started/quickstarts/expo-react-native',
  credentialFields,
  optionFields,
  credentials: Credentials,
  options: Options,
  hosts: ['*.supabase.co'],
  compatibility: {
    expo: {
      majors: [54, 55, 56, 57],
      packages: {
        [clientPackage]: oneVersion('2.119.0'),
        // Expo's own, whose patches belong to those of the SDK: as `expo install` writes them.
        [sqlitePackage]: { 54: '~16.0.10', 55: '~55.0.20', 56: '~56.0.6', 57: '~57.0.3' },
        [asyncStoragePackage]: oneVersion('2.2.0'),
        [browserPackage]: { 54: '~15.0.11', 55: '~55.0.20', 56: '~56.0.6', 57: '~57.0.3' },
      },
    },
    next: {
      docs: 'https://supabase.com/docs/guides/getting-started/quickstarts/nextjs',
      majors: [15, 16],
      packages: { [clientPackage]: onNext('2.119.0'), [cookiesPackage]: onNext('0.12.7') },
    },
  },
  singleton: false,
  modeOf: () => undefined,
};
