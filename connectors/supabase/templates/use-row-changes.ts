import { useEffect, useId, useRef, useState } from 'react';

import { supabase } from './client';
import { type Failed, type NotConfigured, notConfigured } from './config';
import type { Database } from './database.types';

type Row = Database['public']['Tables']['__TABLE__']['Row'];

/** A change in `__TABLE__`; of a deleted row only the primary key is left. */
export interface RowChange {
  kind: 'INSERT' | 'UPDATE' | 'DELETE';
  row: Partial<Row>;
}

export type ListeningState =
  | { status: 'connecting' }
  | { status: 'listening' }
  | Failed
  | NotConfigured;

const initial: ListeningState = supabase ? { status: 'connecting' } : notConfigured;

/** Calls `onChange` for each change in `__TABLE__` that this person may read, while the component is there. */
export function useRowChanges(onChange: (change: RowChange) => void) {
  const [state, setState] = useState<ListeningState>(initial);
  const id = useId();
  const latest = useRef(onChange);

  useEffect(() => {
    latest.current = onChange;
  }, [onChange]);

  useEffect(() => {
    if (!supabase) return undefined;
    const client = supabase;
    const wanted = { event: '*', schema: 'public', table: '__TABLE__' } as const;
    const channel = client
      .channel(`__TABLE__ ${id}`)
      .on<Row>('postgres_changes', wanted, ({ eventType, new: after, old: before }) => {
        latest.current({ kind: eventType, row: eventType === 'DELETE' ? before : after });
      })
      .subscribe((status, error) => {
        if (status === 'SUBSCRIBED') setState({ status: 'listening' });
        if (status === 'CHANNEL_ERROR' || status === 'TIMED_OUT') {
          setState({ status: 'failed', message: error?.message ?? 'Realtime did not answer.' });
        }
      });
    return () => {
      void client.removeChannel(channel);
    };
  }, [id]);

  return state;
}
