import type { AppFacts, EnvironmentKey, NextStep } from '../../contract/connector.ts';
import { extensionOf } from '../app-modules.ts';
import { nativeIntent } from '../native-intent.ts';
import type { Options } from './options.ts';
import type { Schema } from './schema.ts';
import { bucketSql, publicationSql, tableSql } from './setup-sql.ts';
import { useSteps } from './use-steps.ts';

/** What the steps tell of. */
export interface Generated {
  options: Options;
  app: AppFacts;
  /** Of the connector's code: `supabase`, or with its alias. */
  name: string;
  /** Of the generated code, relative to the app. */
  folder: string;
  /** Where the app calls the handler. */
  apiPath: string;
  environmentKeys: readonly EnvironmentKey[];
  /** Packages with native code. */
  native: readonly string[];
  schema: Schema | undefined;
}

const sqlEditor = 'https://supabase.com/dashboard/project/_/sql/new';

/** What is left for people after the merge, in the order to do it. */
export function nextSteps(generated: Generated): NextStep[] {
  const { native } = generated;
  return [
    {
      kind: 'build',
      text:
        native.length === 0
          ? {
              en: 'Nothing native is new: start Expo again, a new build is not needed.',
              ar: 'لا توجد شيفرة أصلية جديدة: أعد تشغيل Expo، ولا حاجة إلى بناء جديد.',
            }
          : {
              en: `New native code (${native.join(', ')}): build the app anew. Expo Go has it already.`,
              ar: `شيفرة أصلية جديدة (${native.join('، ')}): أعد بناء التطبيق. أما Expo Go فيتضمنها بالفعل.`,
            },
      snippet: native.length === 0 ? 'npx expo start --clear' : 'npx expo run:ios\nnpx expo run:android',
    },
    {
      kind: 'values',
      text: {
        en: 'Bring the values into .env.local (git ignores it): the first command runs where Graft is, and --to names the folder of the app. Then restart Expo with a clean cache.',
        ar: 'اجلب القيم إلى .env.local (يتجاهله git): يُشغَّل الأمر الأول في مجلد Graft، و--to يحدد مجلد التطبيق. ثم أعد تشغيل Expo بذاكرة مؤقتة نظيفة.',
      },
      snippet: 'npm run -s env -- pull <project> <environment> --to <app>\nnpx expo start --clear',
    },
    ...databaseSteps(generated),
    ...storageSteps(generated),
    ...useSteps(generated),
    ...serverSteps(generated),
    ...redirectSteps(generated),
  ];
}

/** The table, and the types of it. */
export function databaseSteps({ options, app, folder, schema }: Generated): NextStep[] {
  if (!options.database && !options.realtime) return [];
  const steps: NextStep[] = [];
  if (schema?.relations.some(({ name }) => name === options.table) !== true) {
    const [en, ar] =
      schema === undefined
        ? [`Without a table ${options.table} yet, run`, `إن لم يكن الجدول ${options.table} موجودًا بعد، فنفّذ`]
        : [`The project has no table ${options.table} yet: run`, `لا يوجد في المشروع جدول ${options.table} بعد: نفّذ`];
    steps.push({
      kind: 'provider',
      text: {
        en: `${en} this in the SQL editor (${sqlEditor}). A new table answers to the app only after the grants.`,
        ar: `${ar} هذا في محرر SQL (${sqlEditor}). لا يصل التطبيق إلى جدول جديد إلا بعد منح الأذونات (grant).`,
      },
      snippet: tableSql(options),
    });
  }
  if (options.realtime) {
    steps.push({
      kind: 'provider',
      text: {
        en: `Let Realtime tell of changes to ${options.table}.`,
        ar: `اسمح لخدمة Realtime بالإبلاغ عن تغييرات ${options.table}.`,
      },
      snippet: publicationSql(options.table),
    });
  }
  if (app.language === 'typescript') {
    steps.push({
      kind: 'use',
      text:
        schema === undefined
          ? {
              en: `Write the types of your own tables into ${folder}/database.types.ts: now, where it has an example, and after each change of the schema.`,
              ar: `ولّد أنواع جداولك في ${folder}/database.types.ts: الآن إن كان يحتوي على مثال، وبعد كل تغيير في المخطط.`,
            }
          : {
              en: `${folder}/database.types.ts has the tables as they are now. Write it anew after each change of the schema; the command also tells what functions give, and the names of foreign keys, which Graft cannot read.`,
              ar: `يحتوي ${folder}/database.types.ts على الجداول كما هي الآن. أعد توليده بعد كل تغيير في المخطط؛ ويضيف الأمر أيضًا ما تعيده الدوال وأسماء المفاتيح الأجنبية، وهو ما لا تستطيع Graft قراءته.`,
            },
      snippet: `npx supabase login\nnpx supabase gen types typescript --project-id <project> --schema public > ${folder}/database.types.ts`,
    });
  }
  return steps;
}

/** The bucket. */
export function storageSteps({ options }: Generated): NextStep[] {
  if (!options.storage) return [];
  return [
    {
      kind: 'provider',
      text: {
        en: `Without a bucket ${options.bucket} yet, run this in the SQL editor (${sqlEditor}): a private bucket${options.auth ? ' with a folder for each person' : ' that everybody who has the app may use'}.`,
        ar: `إن لم تكن الحاوية ${options.bucket} موجودة بعد، فنفّذ هذا في محرر SQL (${sqlEditor}): حاوية خاصة ${options.auth ? 'فيها مجلد لكل مستخدم' : 'يستطيع كل من لديه التطبيق استخدامها'}.`,
      },
      snippet: bucketSql(options),
    },
  ];
}

/** How to run the handler that deletes accounts. */
export function serverSteps({ options, app, folder, apiPath, environmentKeys }: Generated): NextStep[] {
  if (!options.accountDeletion) return [];
  const keys = environmentKeys.filter(({ credential }) => credential !== 'publishableKey').map(({ key }) => key);
  const extension = extensionOf(app);
  if (app.serverRoutes && options.serverUrl === '') {
    return [
      {
        kind: 'use',
        text: {
          en: `The handler that deletes accounts is an API route of the app. Deploy its server with ${keys.join(' and ')} in its environment, and give release builds its address as \`origin\` of the expo-router plugin.`,
          ar: `المعالج الذي يحذف الحسابات مسار API في التطبيق. انشر خادمه مع ${keys.join(' و ')} في بيئته، وامنح نسخ الإصدار عنوانه عبر \`origin\` في إضافة expo-router.`,
        },
        snippet: '["expo-router", { "origin": "https://app.example.com" }]',
      },
    ];
  }
  const where = options.serverUrl === '' ? `serverUrl of ${folder}/config.${extension}` : options.serverUrl;
  return [
    {
      kind: 'use',
      text: {
        en: `Deploy the handler of ${folder}/server with ${keys.join(' and ')} in its environment: a plain function from a web Request to a Response, for Cloudflare Workers, Vercel, Deno, Bun or EAS Hosting. The app calls it below ${where}.`,
        ar: `انشر معالج ${folder}/server مع ${keys.join(' و ')} في بيئته: دالة عادية من Request إلى Response، تعمل على Cloudflare Workers أو Vercel أو Deno أو Bun أو EAS Hosting. يستدعيها التطبيق تحت ${where}.`,
      },
      snippet: `POST ${apiPath}/delete-account → deleteAccount(request)`,
    },
  ];
}

/** How e-mails and providers lead back into the app. */
function redirectSteps({ options, app, name }: Generated): NextStep[] {
  if (!options.auth) return [];
  if (app.scheme === undefined) {
    return [
      {
        kind: 'provider',
        text: {
          en: 'The app has no URL scheme, so links of e-mails and pages of providers cannot lead back to it. Give it a `scheme` in app.json and install again, or turn "Confirm email" off while you try it.',
          ar: 'ليس للتطبيق مخطط URL، لذا لا تستطيع روابط البريد ولا صفحات جهات الدخول العودة إليه. أضف `scheme` في app.json ثم أعد التثبيت، أو أوقف "Confirm email" أثناء التجربة.',
        },
        snippet: 'https://supabase.com/dashboard/project/_/auth/providers',
      },
    ];
  }
  const steps: NextStep[] = [
    {
      kind: 'provider',
      text: {
        en: 'Allow this redirect URL (https://supabase.com/dashboard/project/_/auth/url-configuration), and that of the web app where there is one. It works in a build of your own, not in Expo Go.',
        ar: 'أضف عنوان إعادة التوجيه هذا إلى المسموح به (https://supabase.com/dashboard/project/_/auth/url-configuration)، ومعه عنوان تطبيق الويب إن وُجد. يعمل في بناء خاص بك، لا في Expo Go.',
      },
      snippet: `${app.scheme}://${name}-auth`,
    },
  ];
  if (app.router === 'expo-router') {
    const { file, snippet } = nativeIntent(app, `${name}-auth`, "'/'");
    steps.push({
      kind: 'provider',
      text: {
        en: `Keep the router from taking that link for a screen, in ${file}; where that file is there already, add the condition to it.`,
        ar: `امنع الموجّه من اعتبار هذا الرابط شاشة، في ${file}؛ وإن كان الملف موجودًا فأضف الشرط إليه.`,
      },
      snippet,
    });
  }
  return steps;
}
