import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { recordingContext } from "../_testing/recording_context.ts";
import { sampleEvents } from "../_testing/sample_events.ts";
import { type TestServer, withServer } from "./_test_server.ts";
import { webhookConfig } from "./config.ts";
import { deliverEvent, type DeliverOptions } from "./deliver_event.ts";
import type { Machine } from "./machine.ts";

const event = sampleEvents.linkHangup({ port: { deviceName: "a\nb\u2028\ud800" } });
const TOKEN = "s3cr3t-t0ken";

interface Delivery {
  /** Waits that were asked for, in milliseconds; none of them was waited. */
  waits: number[];
  /** The log and the error as one text. */
  said: string;
  /** The error's message, undefined when it was delivered. */
  error?: string;
}

interface DeliveryOptions {
  /** @default {"/hook?key=in-the-url"} */
  path?: string;
  config?: Record<string, unknown>;
  machine?: Partial<Machine>;
  token?: string;
}

async function deliver(server: TestServer, options: DeliveryOptions = {}): Promise<Delivery> {
  const { path = "/hook?key=in-the-url", config = {}, token } = options;
  const waits: number[] = [];
  const machine: Machine = {
    now: () => 0,
    random: () => 0,
    timeLimit: () => new AbortController().signal,
    sleep(delayMs) {
      waits.push(delayMs);
      return Promise.resolve();
    },
    ...options.machine,
  };
  const { ctx, lines } = recordingContext(
    webhookConfig.parse({ url: server.origin + path, ...config }),
  );
  const deliverOptions: DeliverOptions = { token, machine };
  let error: string | undefined;
  try {
    await deliverEvent(event, ctx, deliverOptions);
  } catch (thrown) {
    error = (thrown as Error).message;
  }
  const said = JSON.stringify(lines) + error;
  return { waits, said, ...(error !== undefined && { error }) };
}

const status = (code: number, headers: HeadersInit = {}) =>
  new Response("some answer", { status: code, headers });

Deno.test("deliverEvent() posts the event as JSON with its id when the server takes it", () =>
  withServer(() => status(201), async (server) => {
    const { error } = await deliver(server, { token: TOKEN });
    assertEquals(error, undefined);
    const [request, ...more] = server.seen;
    assertEquals(more, []);
    assertEquals([request!.method, request!.path], ["POST", "/hook?key=in-the-url"]);
    assertEquals(request!.headers.get("content-type"), "application/json");
    assertEquals(request!.headers.get("idempotency-key"), event.id);
    assertEquals(request!.headers.get("authorization"), `Bearer ${TOKEN}`);
    assertEquals(JSON.parse(request!.body), event);
  }));

Deno.test("deliverEvent() sends no authorization when there is no token", () =>
  withServer(() => status(202), async (server) => {
    assertEquals((await deliver(server)).error, undefined);
    assertEquals(server.seen[0]!.headers.has("authorization"), false);
  }));

for (const code of [429, 500, 502, 503, 599]) {
  Deno.test(`deliverEvent() tries again with growing waits when the server answers ${code}`, () =>
    withServer((_, nth) => status(nth < 4 ? code : 200), async (server) => {
      const { error, waits } = await deliver(server, { config: { backoffMs: 100 } });
      assertEquals(error, undefined);
      assertEquals(waits, [50, 100, 200]);
      const ids = server.seen.map((request) => request.headers.get("idempotency-key"));
      assertEquals(ids, [event.id, event.id, event.id, event.id]);
    }));
}

for (const code of [400, 401, 403, 404, 408, 409, 410, 422]) {
  Deno.test(`deliverEvent() gives up at once when the server answers ${code}`, () =>
    withServer(() => status(code), async (server) => {
      const { error } = await deliver(server);
      assertMatch(error ?? "", new RegExp(`^Cannot post event \\S+ to 127.+answered ${code}$`));
      assertEquals(server.seen.length, 1);
    }));
}

Deno.test("deliverEvent() stops and says so when all attempts have failed", () =>
  withServer(() => status(500), async (server) => {
    const { error } = await deliver(server, { config: { attemptsMax: 3 } });
    assertMatch(error ?? "", /the server answered 500, in attempt 3 of 3$/);
    assertEquals(server.seen.length, 3);
  }));

Deno.test("deliverEvent() waits as long as Retry-After asks when that is within the bound", () =>
  withServer(
    (_, nth) => nth === 1 ? status(503, { "retry-after": "4" }) : status(200),
    async (s) => {
      const { error, waits } = await deliver(s);
      assertEquals([error, waits], [undefined, [4_000]]);
    },
  ));

Deno.test("deliverEvent() does not come back too early when Retry-After is beyond the bound", () =>
  withServer(() => status(429, { "retry-after": "3600" }), async (server) => {
    const { error, waits } = await deliver(server);
    assertMatch(error ?? "", /wants to be left alone for 3600000 ms, more than .+ "waitMaxMs"$/);
    assertEquals([server.seen.length, waits], [1, []]);
  }));

Deno.test("deliverEvent() tries again when nobody listens, and keeps the URL to itself", async () => {
  let origin = "";
  await withServer(() => status(200), (server) => {
    origin = server.origin;
    return Promise.resolve();
  });
  const { error, waits, said } = await deliver({ origin, seen: [] }, { token: TOKEN });
  assertMatch(error ?? "", /refused.*, in attempt 4 of 4$/);
  assertEquals(waits.length, 3);
  assert(!said.includes("in-the-url"), said);
});

Deno.test("deliverEvent() tries again when the answer does not come in time", async () => {
  const limits: AbortController[] = [];
  await withServer((_, nth) => {
    if (nth > 1) return status(200);
    limits[0]!.abort();
    return new Promise<Response>(() => {});
  }, async (server) => {
    const machine = {
      timeLimit(): AbortSignal {
        limits.push(new AbortController());
        return limits.at(-1)!.signal;
      },
    };
    const { error, said } = await deliver(server, { machine });
    assertEquals(error, undefined);
    assertMatch(said, /no answer within 3000 ms/);
    assertEquals(limits.length, 2);
  });
});

Deno.test("deliverEvent() ends its request when the host aborts the signal", async () => {
  const { ctx, abort } = recordingContext({});
  await withServer(() => {
    abort();
    return new Promise<Response>(() => {});
  }, async (server) => {
    const config = webhookConfig.parse({ url: server.origin });
    const machine: Machine = {
      now: () => 0,
      random: () => 0,
      timeLimit: () => new AbortController().signal,
      sleep: () => Promise.reject(new Error("must not wait")),
    };
    const failure = await assertRejects(
      () => deliverEvent(event, { ...ctx, config }, { token: undefined, machine }),
      Error,
    );
    assertMatch(failure.message, /the time limit of the event .+ in attempt 1$/);
    assertEquals(server.seen.length, 1);
  });
});

Deno.test("deliverEvent() follows a redirect within the origin when it keeps the POST", () =>
  withServer(
    ({ path }) => path === "/new" ? status(200) : status(308, { location: "/new" }),
    async (server) => {
      const { error } = await deliver(server, { token: TOKEN });
      assertEquals(error, undefined);
      const { method, path, body } = server.seen[1]!;
      assertEquals([method, path, JSON.parse(body)], ["POST", "/new", event]);
    },
  ));

Deno.test("deliverEvent() refuses a redirect when it leads to another origin", async () => {
  await withServer(() => status(200), async (other) => {
    const location = `${other.origin}/?${TOKEN}`;
    await withServer(() => status(307, { location }), async (server) => {
      const { error, said } = await deliver(server, { token: TOKEN });
      assertMatch(error ?? "", /redirects to another origin, http:\/\/127\.0\.0\.1:\d+; put/);
      assertEquals([server.seen.length, other.seen.length], [1, 0]);
      assert(!said.includes(TOKEN));
    });
  });
});

Deno.test("deliverEvent() refuses a redirect when it loops, leads nowhere or drops the POST", async () => {
  const cases: [number, string | undefined, RegExp, number][] = [
    [307, "/hook?key=in-the-url", /more than 3 times/, 4],
    [302, "/new", /redirects with 302/, 1],
    [307, undefined, /redirects to nowhere/, 1],
    [307, "http://[", /redirects to nowhere/, 1],
    [307, "data:text/plain,x", /another origin/, 1],
  ];
  for (const [code, location, wanted, requests] of cases) {
    const headers = location === undefined ? {} : { location };
    await withServer(() => status(code, headers), async (server) => {
      const { error } = await deliver(server);
      assertMatch(error ?? "", wanted);
      assertEquals(server.seen.length, requests);
    });
  }
});

Deno.test("deliverEvent() never says the token when the server sends it back", () =>
  withServer(
    ({ headers }) => {
      const text = headers.get("authorization")!;
      return new Response(text, { status: 500, headers: { "x-echo": text, "retry-after": text } });
    },
    async (server) => {
      const { said } = await deliver(server, { token: TOKEN });
      assertMatch(said, /answered 500/);
      assert(!said.includes(TOKEN), said);
    },
  ));

Deno.test("deliverEvent() reads a bounded part of an answer when that has no end", () => {
  let chunks = 0;
  const body = () =>
    new ReadableStream<Uint8Array>({
      pull(controller) {
        chunks++;
        controller.enqueue(new Uint8Array(16 * 1024));
      },
    });
  return withServer(() => new Response(body()), async (server) => {
    const { error } = await deliver(server);
    assertEquals(error, undefined);
    // What the sockets between the two hold comes on top of what was read.
    assert(chunks < 2_000, `${chunks} chunks were taken`);
  });
});
