/** Bytes of an answer that are read; beyond them the connection is closed. */
export const RESPONSE_BYTES_MAX = 64 * 1024;

/**
 * Reads an answer to its end, so that the connection can be used again, but no more of it than a
 * bound. Nothing of it is kept. A body that breaks off is no failure: what counts is the status,
 * which has come by then.
 */
export async function drainResponse(response: Response): Promise<void> {
  const reader = response.body?.getReader();
  if (reader === undefined) return;
  try {
    for (let bytes = 0; bytes <= RESPONSE_BYTES_MAX;) {
      const { done, value } = await reader.read();
      if (done) return;
      bytes += value.length;
    }
  } catch {
    return;
  } finally {
    await reader.cancel().catch(() => {});
  }
}
