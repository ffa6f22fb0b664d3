/** Nobody signs in, so there is no session to keep. */
export const sessionOptions = {
  persistSession: false,
  autoRefreshToken: false,
  detectSessionInUrl: false,
};
