import type { NextStep } from '../../contract/connector.ts';
import { importPath } from '../app-modules.ts';
import type { Generated } from './next-steps.ts';

/** The lines of code that show each feature at work. */
export function useSteps({ options, app, folder }: Pick<Generated, 'options' | 'app' | 'folder'>): NextStep[] {
  const from = importPath(app, folder);
  const onWeb = app.framework === 'next';
  const steps: NextStep[] = [];
  if (options.auth) {
    steps.push({
      kind: 'use',
      text: {
        en: 'Show the form to whoever has not signed in, and make an account with it.',
        ar: 'أظهر النموذج لمن لم يسجّل دخوله، وأنشئ حسابًا من خلاله.',
      },
      snippet: `${app.router === 'next-app' ? "'use client';\n\n" : ''}import { SignInForm } from '${from}/sign-in-form';\nimport { useSession } from '${from}/supabase-provider';\n\nconst session = useSession();\nif (session.status !== 'signed_in') return <SignInForm />;`,
    });
  }
  if (options.oauth) {
    steps.push({
      kind: 'use',
      text: {
        en: 'Turn a provider on (https://supabase.com/dashboard/project/_/auth/providers), and sign in with a button.',
        ar: 'فعّل جهة دخول (https://supabase.com/dashboard/project/_/auth/providers)، ثم سجّل الدخول بزر.',
      },
      snippet: `import { signInWithProvider } from '${from}/sign-in-with-provider';\n\n${
        onWeb
          ? `<button type="button" onClick={() => signInWithProvider('google')}>Google</button>`
          : `<Button title="Google" onPress={() => signInWithProvider('google')} />`
      }`,
    });
  }
  if (options.database) {
    steps.push({
      kind: 'use',
      text: {
        en: `Show the rows of ${options.table} on a screen.`,
        ar: `اعرض صفوف ${options.table} في شاشة.`,
      },
      snippet: `import { useRows } from '${from}/use-rows';\n\nconst { result, reload } = useRows();\nif (result.status === 'loaded') console.log(result.rows);`,
    });
  }
  if (options.realtime) {
    steps.push({
      kind: 'use',
      text: {
        en: `Hear of changes while a screen is open, then change a row of ${options.table} in the dashboard.`,
        ar: `تابع التغييرات ما دامت الشاشة مفتوحة، ثم غيّر صفًا في ${options.table} من لوحة التحكم.`,
      },
      snippet: `import { useRowChanges } from '${from}/use-row-changes';\n\nuseRowChanges(({ kind, row }) => console.log(kind, row));`,
    });
  }
  if (options.storage) {
    const [file, en, ar] = onWeb
      ? ['file, file.name, file.type', 'the first of `event.target.files`', 'أول ملف في `event.target.files`']
      : ["asset.uri, 'photo.jpg', 'image/jpeg'", 'what expo-image-picker gives', 'ما يعطيه expo-image-picker'];
    steps.push({
      kind: 'use',
      text: {
        en: `Upload a file, for example ${en}, and show it by a link.`,
        ar: `ارفع ملفًا، مثل ${ar}، ثم اعرضه برابط.`,
      },
      snippet: `import { linkTo, uploadFile } from '${from}/files';\n\nconst upload = await uploadFile(${file});\nif (upload.status === 'uploaded') console.log(await linkTo(upload.path));`,
    });
  }
  return steps;
}
