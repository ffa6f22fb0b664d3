/** A browser keeps the session by itself, and a sign-in ends in the address of the page. */
export const sessionOptions = { detectSessionInUrl: true };
