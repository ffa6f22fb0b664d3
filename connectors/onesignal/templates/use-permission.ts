import { useEffect, useState } from 'react';

import { type Permission, readPermission, requestPermission, watchPermission } from './permission';

/** May the app show notifications, and the function that asks for it. */
export function usePermission() {
  const [permission, setPermission] = useState<Permission>({ status: 'loading' });

  useEffect(() => {
    let left = false;
    function refresh() {
      void readPermission().then((read) => {
        if (!left) setPermission(read);
      });
    }
    refresh();
    const stop = watchPermission(refresh);
    return () => {
      left = true;
      stop();
    };
  }, []);

  async function request() {
    const outcome = await requestPermission();
    setPermission(outcome);
    return outcome;
  }

  return { permission, request };
}
