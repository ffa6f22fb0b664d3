import type { Options } from './options.ts';

/** A table with the columns of the example, row level security, and the grants that the Data API needs. */
export function tableSql({ table, auth }: Options): string {
  const owner = auth ? ',\n  user_id uuid not null default auth.uid() references auth.users on delete cascade' : '';
  const columns = `  id bigint generated always as identity primary key,
  title text not null,
  created_at timestamptz not null default now()${owner}`;
  const access = auth
    ? `grant select, insert, update, delete on public.${table} to authenticated;
create policy "Everybody has rows of their own" on public.${table} to authenticated
  using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));`
    : `grant select on public.${table} to anon;
create policy "Everybody may read" on public.${table} for select to anon using (true);`;
  return `create table public.${table} (\n${columns}\n);\nalter table public.${table} enable row level security;\n${access}`;
}

/** Lets Realtime send the changes of a table. */
export function publicationSql(table: string): string {
  return `alter publication supabase_realtime add table public.${table};`;
}

/** A private bucket and what may be done in it. */
export function bucketSql({ bucket, auth }: Options): string {
  const [role, own] = auth
    ? ['authenticated', ' and (storage.foldername(name))[1] = (select auth.uid())::text']
    : ['anon', ''];
  const rule = `bucket_id = '${bucket}'${own}`;
  return `insert into storage.buckets (id, name, public) values ('${bucket}', '${bucket}', false);
create policy "Read files of ${bucket}" on storage.objects for select to ${role}
  using (${rule});
create policy "Add files to ${bucket}" on storage.objects for insert to ${role}
  with check (${rule});`;
}
