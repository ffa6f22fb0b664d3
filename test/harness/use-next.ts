import { posix } from 'node:path';
import { toAppLanguage } from '../../codegen/plan-files.ts';
import type { ProjectFacts, Snapshot, WantedConnector } from '../../contract/codegen.ts';

const shopPage = (from: string) => `'use client';

import { logEvent } from "${from}/firebase/analytics";
import { uploadFile } from "${from}/firebase/files";
import { useUser } from "${from}/firebase/firebase-provider";
import { SignInForm } from "${from}/firebase/sign-in-form";
import { useDocuments } from "${from}/firebase/use-documents";
import { CheckoutButton } from "${from}/stripe/checkout-button";

export default function Home() {
  const user = useUser();
  const notes = useDocuments();
  return (
    <main>
      <CheckoutButton product="example" onResult={() => logEvent("purchase")} />
      {user.status === "signed_in" ? null : <SignInForm />}
      <button onClick={() => uploadFile(new Blob(["x"]), "x.txt", "text/plain")}>{notes.status}</button>
    </main>
  );
}
`;

const membersPage = (from: string) => `'use client';

import { deleteAccount } from "${from}/delete-account";
import { uploadFile } from "${from}/files";
import { signOut } from "${from}/sign-in";
import { SignInForm } from "${from}/sign-in-form";
import { signInWithProvider } from "${from}/sign-in-with-provider";
import { useSession } from "${from}/supabase-provider";
import { useRowChanges } from "${from}/use-row-changes";
import { useRows } from "${from}/use-rows";

export default function Members() {
  const session = useSession();
  const { result, reload } = useRows();
  useRowChanges(reload);
  if (session.status !== "signed_in") return <SignInForm />;
  return (
    <main>
      {session.session.user.email} {result.status === "loaded" ? result.rows.length : result.status}
      <button onClick={() => uploadFile(new Blob(["x"]), "x.txt", "text/plain")}>Upload</button>
      <button onClick={() => signInWithProvider("google")}>Google</button>
      <button onClick={signOut}>Sign out</button>
      <button onClick={deleteAccount}>Delete</button>
    </main>
  );
}
`;

const accountPage = (from: string) => `import { requestClient } from "${from}/server/request-client";

export default async function Account() {
  const supabase = await requestClient();
  const answer = await supabase?.auth.getClaims();
  return <p>{answer?.data?.claims.sub}</p>;
}
`;

const pagesAccount = (from: string) => `import type { GetServerSideProps } from "next";
import { requestClient } from "${from}/server/request-client";

export const getServerSideProps: GetServerSideProps<{ user: string }> = async ({ req, res }) => {
  const answer = await requestClient(req, res)?.auth.getClaims();
  return { props: { user: answer?.data?.claims.sub ?? "nobody" } };
};

export default function Account({ user }: { user: string }) {
  return <p>{user}</p>;
}
`;

/**
 * What a person writes in an app of Next.js after a plan of every connector: pages that use what they bring, in the browser and
 * on the server, and the proxy as the next steps have it. Texts by path.
 */
export function useInNext(app: Snapshot, appDir: string, facts: ProjectFacts, wanted: readonly WantedConnector[]) {
  const { router, routesDir, sourceDir } = facts;
  const isPages = router === 'next-pages';
  const connectors = posix.join(sourceDir, 'connectors');
  const texts = new Map<string, string>();
  const write = (path: string, print: (from: string) => string, folder = connectors) => {
    const text = print(posix.relative(posix.dirname(path), folder));
    const file = toAppLanguage({ path, text, purpose: 'A page of a test' }, facts);
    if (file !== undefined) texts.set(posix.join(appDir, file.path), file.text);
  };
  const page = (name: string) => posix.join(routesDir, isPages ? `${name}.tsx` : `${name}/page.tsx`);
  write(page('members'), membersPage, `${connectors}/supabase`);
  write(page('account'), isPages ? pagesAccount : accountPage, `${connectors}/supabase`);
  for (const path of app.keys())
    if (/\/(?:page|index)\.[jt]sx?$/.test(path)) write(posix.relative(appDir, path), shopPage);
  const proxy = wanted
    .flatMap(({ contribution }) => contribution.nextSteps)
    .find(({ snippet }) => snippet?.includes('renewSession'));
  const [, path] = /(\S+) renew/.exec(proxy?.text.en ?? '') ?? [];
  if (path !== undefined) texts.set(posix.join(appDir, path), `${proxy?.snippet}\n`);
  return texts;
}
