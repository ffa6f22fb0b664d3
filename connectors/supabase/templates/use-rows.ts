import { useCallback, useEffect, useState } from 'react';

import { readRows, type RowsResult } from './rows';

/** The rows of `__TABLE__` for a component, and a function that reads them again. */
export function useRows(): { result: RowsResult | { status: 'loading' }; reload: () => void } {
  const [result, setResult] = useState<RowsResult | { status: 'loading' }>({ status: 'loading' });
  const [reading, setReading] = useState(0);

  useEffect(() => {
    let current = true;
    const read = async () => {
      const next = await readRows();
      if (current) setResult(next);
    };
    void read();
    return () => {
      current = false;
    };
  }, [reading]);

  const reload = useCallback(() => setReading((count) => count + 1), []);
  return { result, reload };
}
