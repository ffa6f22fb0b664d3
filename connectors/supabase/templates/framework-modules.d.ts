// What the templates use of modules whose packages would bring all of Expo or Next.js. The real types are met in an app: see readme.md.
declare module 'expo-sqlite/localStorage/install' {}

declare module 'expo-web-browser' {
  export function openAuthSessionAsync(
    url: string,
    redirectUrl: string,
  ): Promise<{ type: 'success'; url: string } | { type: 'cancel' | 'dismiss' | 'opened' | 'locked' }>;
}

declare module 'next/headers' {
  export function cookies(): Promise<CookieStore>;
}

declare module 'next/server' {
  export interface NextRequest extends Request {
    cookies: { getAll(): { name: string; value: string }[]; set(name: string, value: string): unknown };
  }
  export class NextResponse extends Response {
    static next(init: { request: NextRequest }): NextResponse;
    cookies: CookieStore;
  }
}

interface CookieStore {
  getAll(): { name: string; value: string }[];
  set(name: string, value: string, options: import('@supabase/ssr').CookieOptions): unknown;
}
