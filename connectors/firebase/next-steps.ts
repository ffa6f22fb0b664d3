import type { AppFacts, NextStep } from '../../contract/connector.ts';
import { importPath } from '../app-modules.ts';
import type { Options } from './options.ts';

/** What the steps tell of. */
export interface Generated {
  options: Options;
  app: AppFacts;
  /** Of the generated code, relative to the app. */
  folder: string;
  /** Packages with native code. */
  withNativeCode: readonly string[];
}

const inConsole = (page: string) => `https://console.firebase.google.com/project/_/${page}`;

/** What is left for people after the merge, in the order to do it. */
export function nextSteps(generated: Generated): NextStep[] {
  const native = generated.options.sdk === 'native';
  return [
    ...(native ? googleFileSteps() : []),
    buildStep(generated),
    {
      kind: 'values',
      text: {
        en: `Bring the values into .env.local (git ignores it): the first command runs where Graft is, and --to names the folder of the app. Then restart Expo with a clean cache.${native ? ' They serve the web; on devices the two files have them.' : ''}`,
        ar: `اجلب القيم إلى .env.local (يتجاهله git): يُشغَّل الأمر الأول في مجلد Graft، و--to يحدد مجلد التطبيق. ثم أعد تشغيل Expo بذاكرة مؤقتة نظيفة.${native ? ' هذه القيم للويب؛ أما على الأجهزة فتأتي من الملفين.' : ''}`,
      },
      snippet: 'npm run -s env -- pull <project> <environment> --to <app>\nnpx expo start --clear',
    },
    ...productSteps(generated),
  ];
}

/** How to turn on at Firebase what the options chose, and how to put it on a screen. */
export function productSteps(generated: Generated): NextStep[] {
  return [
    ...authSteps(generated),
    ...firestoreSteps(generated),
    ...storageSteps(generated),
    ...analyticsSteps(generated),
  ];
}

function buildStep({ options, withNativeCode }: Generated): NextStep {
  if (withNativeCode.length === 0) {
    return {
      kind: 'build',
      text: {
        en: 'Nothing native is new: start Expo again, a new build is not needed.',
        ar: 'لا توجد شيفرة أصلية جديدة: أعد تشغيل Expo، ولا حاجة إلى بناء جديد.',
      },
      snippet: 'npx expo start --clear',
    };
  }
  const packages = { en: withNativeCode.join(', '), ar: withNativeCode.join('، ') };
  const native = options.sdk === 'native';
  return {
    kind: 'build',
    text: {
      en: `New native code (${packages.en}): build the app anew${native ? ', with Xcode 26.2 or newer. Expo Go does not have it' : '. Expo Go has it already'}.`,
      ar: `شيفرة أصلية جديدة (${packages.ar}): أعد بناء التطبيق${native ? ' باستخدام Xcode 26.2 أو أحدث. لا يتضمنها Expo Go' : '. أما Expo Go فيتضمنها بالفعل'}.`,
    },
    snippet: native
      ? 'npx expo prebuild --clean\nnpx expo run:ios\nnpx expo run:android'
      : 'npx expo run:ios\nnpx expo run:android',
  };
}

/** The native SDK takes its project from two files, which a person downloads, and app.json must name them. */
function googleFileSteps(): NextStep[] {
  return [
    {
      kind: 'provider',
      text: {
        en: `Add an Android app with your android.package and an Apple app with your ios.bundleIdentifier (${inConsole('settings/general')}), and put their files google-services.json and GoogleService-Info.plist into the folder of the app. They hold no secret, and each environment has its own.`,
        ar: `أضف تطبيق Android بقيمة android.package لديك وتطبيق Apple بقيمة ios.bundleIdentifier ‏(${inConsole('settings/general')})، ثم ضع الملفين google-services.json و GoogleService-Info.plist في مجلد التطبيق. لا سرّ فيهما، ولكل بيئة ملفاها.`,
      },
      snippet: inConsole('settings/general'),
    },
    {
      kind: 'provider',
      text: {
        en: 'Name both files in app.json, which is left to you: without these lines npx expo prebuild stops. In app.config.js read a path from the environment where environments differ. Where app.json set expo-build-properties before, add useFrameworks to it.',
        ar: 'اذكر الملفين في app.json، وهذا متروك لك: يتوقف npx expo prebuild من دون هذه الأسطر. في app.config.js اقرأ المسار من متغيرات البيئة إن اختلفت البيئات. وإن كان في app.json إعداد سابق لـ expo-build-properties فأضف إليه useFrameworks.',
      },
      snippet:
        '"ios": { "googleServicesFile": "./GoogleService-Info.plist" },\n"android": { "googleServicesFile": "./google-services.json" }',
    },
  ];
}

function authSteps({ options, app, folder }: Generated): NextStep[] {
  if (!options.auth) return [];
  const from = importPath(app, folder);
  return [
    {
      kind: 'provider',
      text: {
        en: 'Turn on Email/Password as a sign-in method of the project.',
        ar: 'فعّل Email/Password ضمن طرق تسجيل الدخول في المشروع.',
      },
      snippet: inConsole('authentication/providers'),
    },
    {
      kind: 'use',
      text: {
        en: 'Show the form to whoever has not signed in, and make an account with it.',
        ar: 'أظهر النموذج لمن لم يسجّل دخوله، وأنشئ حسابًا من خلاله.',
      },
      snippet: `${onClient(app)}import { useUser } from '${from}/firebase-provider';\nimport { SignInForm } from '${from}/sign-in-form';\n\nconst state = useUser();\nif (state.status === 'loading') return null;\nif (state.status !== 'signed_in') return <SignInForm />;`,
    },
  ];
}

function firestoreSteps({ options, app, folder }: Generated): NextStep[] {
  if (!options.firestore) return [];
  const { auth, collection } = options;
  return [
    {
      kind: 'provider',
      text: {
        en: `Make the database where there is none (${inConsole('firestore')}), and publish rules such as these: ${auth ? 'everybody reads and writes their own documents' : 'everybody who has the app reads, and nobody writes, until you decide otherwise'}.`,
        ar: `أنشئ قاعدة البيانات إن لم تكن موجودة (${inConsole('firestore')})، وانشر قواعد مثل هذه: ${auth ? 'يقرأ كل مستخدم مستنداته ويكتبها' : 'يقرأ كل من لديه التطبيق، ولا يكتب أحد، إلى أن تقرر غير ذلك'}.`,
      },
      snippet: rules(
        'cloud.firestore',
        '/databases/{database}/documents',
        auth ? `/users/{uid}/${collection}/{document}` : `/${collection}/{document}`,
        auth,
      ),
    },
    {
      kind: 'use',
      text: {
        en: `Show the documents of ${collection} on a screen; they change there as they change in the console.`,
        ar: `اعرض مستندات ${collection} في شاشة؛ تتغير هناك كلما تغيرت في لوحة التحكم.`,
      },
      snippet: `${onClient(app)}import { addDocument } from '${importPath(app, folder)}/documents';\nimport { useDocuments } from '${importPath(app, folder)}/use-documents';\n\nconst result = useDocuments();\nif (result.status === 'loaded') console.log(result.documents);\n// In a handler: await addDocument({ title: 'Milk' });`,
    },
  ];
}

function storageSteps({ options, app, folder }: Generated): NextStep[] {
  if (!options.storage) return [];
  const { auth } = options;
  const [source, file] =
    app.framework === 'next'
      ? ['<input type="file">', 'file, file.name, file.type']
      : ['expo-image-picker', "asset.uri, 'photo.jpg', 'image/jpeg'"];
  return [
    {
      kind: 'provider',
      text: {
        en: `Turn Storage on (${inConsole('storage')}; it needs the Blaze plan), and publish rules such as these.`,
        ar: `فعّل Storage ‏(${inConsole('storage')}؛ يحتاج إلى خطة Blaze)، وانشر قواعد مثل هذه.`,
      },
      snippet: rules('firebase.storage', '/b/{bucket}/o', auth ? '/files/{uid}/{file=**}' : '/files/{file=**}', auth),
    },
    {
      kind: 'use',
      text: {
        en: `Upload a file, for example what ${source} gives, and show it by a link.`,
        ar: `ارفع ملفًا، مثل ما يعطيه ${source}، ثم اعرضه برابط.`,
      },
      snippet: `import { linkTo, uploadFile } from '${importPath(app, folder)}/files';\n\nconst upload = await uploadFile(${file});\nif (upload.status === 'uploaded') console.log(await linkTo(upload.path));`,
    },
  ];
}

/** Security rules that let people at what is theirs, or everybody read where nobody signs in. */
function rules(service: string, root: string, path: string, auth: boolean): string {
  const allow = auth
    ? 'allow read, write: if request.auth != null && request.auth.uid == uid;'
    : 'allow read: if true;';
  return [
    "rules_version = '2';",
    `service ${service} {`,
    `  match ${root} {`,
    `    match ${path} {`,
    `      ${allow}`,
    '    }',
    '  }',
    '}',
  ].join('\n');
}

function analyticsSteps({ options, app, folder }: Generated): NextStep[] {
  if (!options.analytics) return [];
  const isNext = app.framework === 'next';
  const everywhere = options.sdk === 'native' || isNext;
  const event = isNext ? "'share', { method: 'link' }" : "'screen_view', { screen_name: 'home' }";
  return [
    {
      kind: 'use',
      text: {
        en: `Tell of an event, and see it in the console${everywhere ? '' : '. The js SDK counts in browsers only: on devices the answer is "unsupported"'}.`,
        ar: `أبلغ عن حدث ثم شاهده في لوحة التحكم${everywhere ? '' : '. حزمة js تعمل في المتصفحات فقط: على الأجهزة تكون الإجابة "unsupported"'}.`,
      },
      snippet: `import { logEvent } from '${importPath(app, folder)}/analytics';\n\nawait logEvent(${event});\n// ${inConsole('analytics')}`,
    },
  ];
}

/** In the app router a file that uses a hook says that it is for the browser. */
const onClient = ({ router }: AppFacts) => (router === 'next-app' ? "'use client';\n\n" : '');
