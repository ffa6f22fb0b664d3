import { listening } from './onesignal';
import type { NotificationClickEvent } from './sdk';

export interface NotificationClick {
  notificationId: string;
  title: string | undefined;
  body: string;
  /** The button that was pressed; undefined for the notification itself. */
  actionId: string | undefined;
  /** The launch URL, which OneSignal opens by itself. */
  url: string | undefined;
  /** What was sent along as additional data. */
  data: Readonly<Record<string, unknown>>;
}

/** Tells `handler` of each notification that is pressed, of the one that started the app too; gives the function that ends it. */
export function watchNotificationClicks(handler: (click: NotificationClick) => void): () => void {
  function listener({ notification, result }: NotificationClickEvent) {
    handler({
      notificationId: notification.notificationId,
      title: notification.title,
      body: notification.body,
      actionId: result.actionId,
      url: result.url,
      data: { ...notification.additionalData },
    });
  }
  return listening(({ Notifications }) => {
    Notifications.addEventListener('click', listener);
    return () => Notifications.removeEventListener('click', listener);
  });
}
