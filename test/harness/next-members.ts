import { posix } from 'node:path';
import { toAppLanguage } from '../../codegen/plan-files.ts';
import type { AppFacts, Contribution } from '../../contract/connector.ts';

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

/** Pages that use what Supabase brings, in the browser and on the server, and the proxy as the next steps have it. */
export function withMembers(
  { router, routesDir, sourceDir, language }: AppFacts,
  { nextSteps }: Pick<Contribution, 'nextSteps'>,
): Record<string, string> {
  const isPages = router === 'next-pages';
  const page = (name: string, print: (from: string) => string) => {
    const path = posix.join(routesDir, isPages ? `${name}.tsx` : `${name}/page.tsx`);
    const from = posix.relative(posix.dirname(path), posix.join(sourceDir, 'connectors/supabase'));
    return { path, text: print(from), purpose: 'A page of a test' };
  };
  const written = [page('members', membersPage), page('account', isPages ? pagesAccount : accountPage)]
    .map((file) => toAppLanguage(file, { language }))
    .filter((file) => file !== undefined);
  const proxy = nextSteps.find(({ snippet }) => snippet?.includes('renewSession'));
  const [, path] = /(\S+) renew/.exec(proxy?.text.en ?? '') ?? [];
  const pages = Object.fromEntries(written.map((file) => [file.path, file.text]));
  return path === undefined ? pages : { ...pages, [path]: `${proxy?.snippet}\n` };
}
