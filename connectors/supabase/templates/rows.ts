import { supabase } from './client';
import { type Failed, type NotConfigured, notConfigured } from './config';
import type { Database } from './database.types';

type Table = Database['public']['Tables']['__TABLE__'];
export type Row = Table['Row'];
export type NewRow = Table['Insert'];

export type RowsResult = { status: 'loaded'; rows: Row[] } | Failed | NotConfigured;
export type AddResult = { status: 'added' } | Failed | NotConfigured;

/** Rows of `__TABLE__` that row level security lets this person read. */
export async function readRows(limit = 50): Promise<RowsResult> {
  if (!supabase) return notConfigured;
  const { data, error } = await supabase.from('__TABLE__').select('*').limit(limit);
  return error ? { status: 'failed', message: error.message } : { status: 'loaded', rows: data };
}

/** Adds a row, where row level security lets this person. */
export async function addRow(row: NewRow): Promise<AddResult> {
  if (!supabase) return notConfigured;
  const { error } = await supabase.from('__TABLE__').insert(row);
  return error ? { status: 'failed', message: error.message } : { status: 'added' };
}
