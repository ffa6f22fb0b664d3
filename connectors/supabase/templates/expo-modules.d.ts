// What the templates use of two Expo modules, whose packages would bring all of Expo. The real types are met in an app: see readme.md.
declare module 'expo-sqlite/localStorage/install' {}

declare module 'expo-web-browser' {
  export function openAuthSessionAsync(
    url: string,
    redirectUrl: string,
  ): Promise<{ type: 'success'; url: string } | { type: 'cancel' | 'dismiss' | 'opened' | 'locked' }>;
}
