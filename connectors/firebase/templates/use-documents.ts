// @if next
'use client';

// @end
import { useEffect, useState } from 'react';

import { type DocumentsResult, followDocuments } from './documents';
// @if auth
import { useUser } from './firebase-provider';
// @end

/** The documents of `__COLLECTION__` for a component, and each change to them while it is there. */
export function useDocuments(limit = 50): DocumentsResult | { status: 'loading' } {
  const [result, setResult] = useState<DocumentsResult | { status: 'loading' }>({
    status: 'loading',
  });
  // @if auth
  const state = useUser();
  const who = state.status === 'signed_in' ? state.user.uid : state.status;
  // @end

  useEffect(() => {
    // @if auth
    if (who === 'loading') return undefined;
    // @end
    let current = true;
    const following = followDocuments((next) => {
      if (current) setResult(next);
    }, limit);
    return () => {
      current = false;
      void following.then((stop) => stop());
    };
  }, [/* @if auth */who, /* @end */limit]);

  return result;
}
