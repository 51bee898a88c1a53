import { drainResponse } from "./drain_response.ts";
import { retryAfterMs } from "./retry_after_ms.ts";

/** Redirects within the same origin that one attempt follows. */
const REDIRECTS_MAX = 3;

/** One request. */
export interface PostRequest {
  /** Where to. */
  url: URL;
  /** With everything that identifies the event and us. */
  headers: Headers;
  /** JSON. */
  body: string;
  /** Ends the attempt. */
  signal: AbortSignal;
  /** Milliseconds since 1970 UTC. */
  nowMs: number;
}

/** How one attempt ended. */
export type Outcome =
  | { kind: "delivered"; status: number }
  | { kind: "tryAgain"; why: string; retryAfterMs?: number }
  | { kind: "giveUp"; why: string };

/** The reason that the system gave, without the URL, which may hold a secret in its path. */
function reasonOf(error: unknown, url: URL): string {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const text = inner instanceof Error ? inner.message : String(inner);
  return text.replaceAll(url.href, url.origin).replace(
    /^error sending request for url \(.*?\): /,
    "",
  );
}

function redirectTarget(response: Response, from: URL): URL | Outcome {
  const location = response.headers.get("location");
  const target = location === null ? null : URL.parse(location, from);
  const refuse = (what: string): Outcome => ({
    kind: "giveUp",
    why: `the server redirects ${what}; put the final address into "url"`,
  });
  if (target === null) return refuse("to nowhere");
  // 301, 302 and 303 turn a POST into a GET, which would drop the event.
  if (response.status !== 307 && response.status !== 308) return refuse(`with ${response.status}`);
  if (target.origin !== from.origin) return refuse(`to another origin, ${target.origin}`);
  return target;
}

function judge(response: Response, nowMs: number): Outcome {
  const { status } = response;
  if (response.ok) return { kind: "delivered", status };
  const why = `the server answered ${status}`;
  if (status !== 429 && status < 500) return { kind: "giveUp", why };
  const asked = retryAfterMs(response.headers.get("retry-after"), nowMs);
  return { kind: "tryAgain", why, ...(asked !== undefined && { retryAfterMs: asked }) };
}

/**
 * Posts once. Nothing of the answer's text gets into the outcome, because a server may send back
 * what it was sent, the token included.
 *
 * @returns How it ended; a failure is an outcome, not an error.
 */
export async function postOnce(request: PostRequest): Promise<Outcome> {
  const { headers, body, signal, nowMs } = request;
  let { url } = request;
  for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects++) {
    let response: Response;
    try {
      response = await fetch(url, { method: "POST", headers, body, signal, redirect: "manual" });
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) {
        const why = `the plugin has no permission for ${url.host}; grant it under "net"`;
        return { kind: "giveUp", why };
      }
      return { kind: "tryAgain", why: reasonOf(error, url) };
    }
    await drainResponse(response);
    if (response.status < 300 || response.status > 399) return judge(response, nowMs);
    const target = redirectTarget(response, url);
    if (!(target instanceof URL)) return target;
    url = target;
  }
  return { kind: "giveUp", why: `the server redirects more than ${REDIRECTS_MAX} times` };
}
