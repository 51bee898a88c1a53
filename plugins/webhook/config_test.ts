import { assert, assertEquals, assertMatch } from "@std/assert";
import * as z from "zod";
import { webhookConfig } from "./config.ts";
import { worstCaseMs } from "./worst_case_ms.ts";

Deno.test("webhookConfig fills the defaults when only the URL is given", () => {
  const config = webhookConfig.parse({ url: "https://hooks.example.com/onhook" });
  assertEquals(config, {
    url: "https://hooks.example.com/onhook",
    attemptTimeoutMs: 3_000,
    attemptsMax: 4,
    backoffMs: 250,
    waitMaxMs: 5_000,
  });
  assertEquals(worstCaseMs(config), 27_000);
});

Deno.test("webhookConfig names the key and keeps the URL to itself when something is wrong", () => {
  const cases: [Record<string, unknown>, RegExp][] = [
    [{}, /at url/],
    [{ url: "ftp://secret.example.com" }, /expected http or https[^]*at url/],
    [{ url: "secret" }, /expected http or https[^]*at url/],
    [{ url: "https://me:secret@example.com" }, /no user name[^]*at url/],
    [{ url: "http://secret.example.com", tokenEnv: "T" }, /expected https[^]*at url/],
    [{ url: "https://secret.example.com", tokenEnv: "A B" }, /at tokenEnv/],
    [{ url: "https://secret.example.com", attemptsMax: 11 }, /at attemptsMax/],
    [{ url: "https://secret.example.com", waitMaxMs: 1.5 }, /at waitMaxMs/],
    [{ url: "https://secret.example.com", retries: 3 }, /"retries"/],
  ];
  for (const [input, wanted] of cases) {
    const { error } = webhookConfig.safeParse(input);
    assertMatch(z.prettifyError(error!), wanted);
    assert(!error!.message.includes("secret"), error!.message);
  }
});

Deno.test("webhookConfig allows a token over http when the server is this machine", () => {
  for (const host of ["localhost:8080", "127.0.0.1", "[::1]:9000"]) {
    assert(webhookConfig.safeParse({ url: `http://${host}/x`, tokenEnv: "T" }).success, host);
  }
});
