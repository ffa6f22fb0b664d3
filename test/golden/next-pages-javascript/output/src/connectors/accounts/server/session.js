export async function readSession(request) {
  return Response.json({ signedIn: request.headers.has('authorization') });
}
