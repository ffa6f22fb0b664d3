import { useEffect, useRef } from 'react';

import { type NotificationClick, watchNotificationClicks } from './notification-clicks';

/** Calls `handler` for each notification that is pressed while the component is there. */
export function useNotificationClicks(handler: (click: NotificationClick) => void) {
  const latest = useRef(handler);
  useEffect(() => {
    latest.current = handler;
  }, [handler]);
  useEffect(() => watchNotificationClicks((click) => latest.current(click)), []);
}
