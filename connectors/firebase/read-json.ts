/** Undefined for a body that is no JSON. A body that ends early or is too long counts as none. */
export async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}
