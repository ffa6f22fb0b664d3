import { posix } from 'node:path';
import type { NextStep } from '../../contract/connector.ts';
import { extensionOf, importPath } from '../app-modules.ts';
import { restartStep } from '../restart-step.ts';
import { type Generated, databaseSteps, serverSteps, storageSteps } from './next-steps.ts';
import { useSteps } from './use-steps.ts';

/** What is left for people after the merge into an app of Next.js, in the order to do it. */
export function nextStepsOnWeb(generated: Generated): NextStep[] {
  const { app, options } = generated;
  return [
    restartStep,
    {
      kind: 'values',
      text: {
        en: 'Bring the values into .env.local (git ignores it): the command runs where Graft is, and --to names the folder of the app. Where the app is deployed, set them for the build and the server.',
        ar: 'اجلب القيم إلى .env.local (يتجاهله git): يُشغَّل الأمر في مجلد Graft، و--to يحدد مجلد التطبيق. وحيث يُنشر التطبيق عيّنها للبناء وللخادم.',
      },
      snippet: 'npm run -s env -- pull <project> <environment> --to <app>',
    },
    ...databaseSteps(generated),
    ...storageSteps(generated),
    ...useSteps(generated),
    ...(options.auth && app.serverRoutes ? sessionSteps(generated) : []),
    ...(options.accountDeletion && app.serverRoutes && options.serverUrl === ''
      ? [ownServerStep(generated)]
      : serverSteps(generated)),
    ...(options.auth ? [redirectStep] : []),
  ];
}

/** The session on the server: who asks, and, where pages cannot set cookies, what renews it before them. */
function sessionSteps({ app, folder }: Generated): NextStep[] {
  const from = importPath(app, folder);
  const imports = `import { requestClient } from '${from}/server/request-client';`;
  const ask = (given: string) =>
    `${imports}\n\nconst supabase = ${given};\nconst answer = await supabase?.auth.getClaims();\nconst userId = answer?.data?.claims.sub;`;
  const whoStep: NextStep = {
    kind: 'use',
    text: {
      en: 'On the server, ask who is signed in before you show what is theirs. `getClaims` checks the session, `getSession` does not.',
      ar: 'على الخادم، اسأل عن المستخدم المسجّل دخوله قبل عرض ما يخصه. تتحقق `getClaims` من الجلسة، أما `getSession` فلا.',
    },
    snippet: ask(app.router === 'next-pages' ? 'requestClient(req, res)' : 'await requestClient()'),
  };
  if (app.router === 'next-pages') return [whoStep];
  // Next.js 16 named it proxy; it stands beside the folder of the routes.
  const name = app.major >= 16 ? 'proxy' : 'middleware';
  const beside = posix.dirname(app.routesDir);
  const file = posix.join(beside, `${name}.${extensionOf(app)}`);
  const module = posix.relative(beside, `${folder}/server/renew-session`);
  const request = app.language === 'javascript' ? 'request' : 'request: NextRequest';
  const types = app.language === 'javascript' ? '' : "import type { NextRequest } from 'next/server';\n\n";
  return [
    whoStep,
    {
      kind: 'use',
      text: {
        en: `Let ${file} renew sessions before the server reads them; an app that has the file calls \`renewSession\` in it and passes the response on. Without it, what is renewed while a page renders is lost, and people may find themselves signed out.`,
        ar: `دع ${file} يجدد الجلسات قبل أن يقرأها الخادم؛ وإن كان الملف موجودًا في التطبيق فاستدعِ \`renewSession\` فيه ومرّر الاستجابة. من دون ذلك يضيع ما يُجدَّد أثناء عرض الصفحة، وقد يجد المستخدمون أنفسهم خارج حساباتهم.`,
      },
      snippet: `${types}import { renewSession } from './${module}';\n\nexport const ${name} = (${request}) => renewSession(request);\n\nexport const config = { matcher: '/((?!_next/static|_next/image|.*\\\\.).*)' };`,
    },
  ];
}

function ownServerStep({ apiPath, environmentKeys }: Generated): NextStep {
  const secretKey = environmentKeys.find(({ credential }) => credential === 'secretKey')?.key ?? '';
  return {
    kind: 'use',
    text: {
      en: `The handler that deletes accounts is an API route of the app, ${apiPath}/delete-account. It needs ${secretKey} in the environment of its server.`,
      ar: `المعالج الذي يحذف الحسابات مسار API في التطبيق: ${apiPath}/delete-account. يحتاج إلى ${secretKey} في بيئة خادمه.`,
    },
  };
}

const redirectStep: NextStep = {
  kind: 'provider',
  text: {
    en: 'E-mails and providers lead back to the Site URL of the project, which is http://localhost:3000 at first: set it to the address of the app, and allow the others that it has.',
    ar: 'تقود رسائل البريد وجهات الدخول إلى Site URL الخاص بالمشروع، وهو في البداية http://localhost:3000: عيّنه إلى عنوان التطبيق، واسمح بعناوينه الأخرى.',
  },
  snippet: 'https://supabase.com/dashboard/project/_/auth/url-configuration',
};
