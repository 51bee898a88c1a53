/** One request as the server saw it. */
export interface SeenRequest {
  /** With its query. */
  path: string;
  /** Of the request. */
  method: string;
  /** Of the request. */
  headers: Headers;
  /** As text. */
  body: string;
}

/** A server on this machine for one test. */
export interface TestServer {
  /** Such as `http://127.0.0.1:41234`. */
  origin: string;
  /** What has come, in order. */
  seen: SeenRequest[];
}

/** Runs a test beside a server on a free port; it is gone afterwards. */
export async function withServer(
  answer: (request: SeenRequest, nth: number) => Response | Promise<Response>,
  work: (server: TestServer) => Promise<void>,
): Promise<void> {
  const seen: SeenRequest[] = [];
  // A signal ends the server with requests in hand; `shutdown()` waits for those without answer.
  const stop = new AbortController();
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", signal: stop.signal, onListen() {} },
    async (request) => {
      const { pathname, search } = new URL(request.url);
      const { method, headers } = request;
      seen.push({ path: pathname + search, method, headers, body: await request.text() });
      return answer(seen.at(-1)!, seen.length);
    },
  );
  try {
    await work({ origin: `http://127.0.0.1:${server.addr.port}`, seen });
  } finally {
    stop.abort();
    await server.finished;
  }
}
