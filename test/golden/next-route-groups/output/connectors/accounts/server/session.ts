export async function readSession(request: Request): Promise<Response> {
  return Response.json({ signedIn: request.headers.has('authorization') });
}
