import { listening, type Problem, withSdk } from './onesignal';

/** `denied`: only the settings of the device can change it now. */
export type Permission =
  | { status: 'loading' }
  | { status: 'granted' }
  | { status: 'not_asked' }
  | { status: 'denied' }
  | Problem;

/** May the app show notifications? Never rejects. */
export function readPermission(): Promise<Permission> {
  return withSdk(async ({ Notifications }): Promise<Permission> => {
    if (await Notifications.getPermissionAsync()) return { status: 'granted' };
    return { status: (await Notifications.canRequestPermission()) ? 'not_asked' : 'denied' };
  });
}

/** Asks for permission; who declined before is shown the way to the settings. Never rejects. */
export function requestPermission(): Promise<Permission> {
  return withSdk(async ({ Notifications }): Promise<Permission> => {
    const granted = await Notifications.requestPermission(true);
    return { status: granted ? 'granted' : 'denied' };
  });
}

/** Tells `watcher` when the permission changed; gives the function that ends it. */
export function watchPermission(watcher: () => void): () => void {
  return listening(({ Notifications }) => {
    Notifications.addEventListener('permissionChange', watcher);
    return () => Notifications.removeEventListener('permissionChange', watcher);
  });
}
