import { assert, assertMatch, assertThrows } from "@std/assert";
import { readToken } from "./read_token.ts";

Deno.test("readToken() says nothing of the token when it is unusable", () => {
  const name = "ONHOOK_TEST_TOKEN";
  Deno.env.set(name, "secret\n");
  try {
    const failure = assertThrows(() => readToken(name), Error);
    assertMatch(failure.message, /^Cannot read the token: ONHOOK_TEST_TOKEN holds blanks/);
    assert(!failure.message.includes("secret"));
  } finally {
    Deno.env.delete(name);
  }
  assertMatch(assertThrows(() => readToken(name), Error).message, /is not set; set it/);
});
