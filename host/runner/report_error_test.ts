import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import * as z from "zod";
import { reportError } from "./report_error.ts";

Deno.test("reportError() gives name, message and stack of an error", () => {
  const error = new RangeError("too far");
  const { name, message, stack } = reportError(error);
  assertEquals([name, message], ["RangeError", "too far"]);
  assert(stack!.includes("report_error_test.ts"), stack);
});

Deno.test("reportError() gives what is wrong with a configuration key by key", () => {
  const schema = z.object({ file: z.string(), inner: z.object({ size: z.number() }) });
  const { error } = schema.safeParse({ inner: { size: "x" } });
  const { message } = reportError(error);
  assert(/^file: .*; inner\.size: /.test(message), message);
  assert(reportError(z.string().safeParse(1).error).message.startsWith("config: "));
});

Deno.test("reportError() tells a denied permission among the causes, and no other cause", () => {
  const denied = new Deno.errors.NotCapable("Requires net access");
  const inner = new RangeError("a secret", { cause: denied });
  assertEquals(
    reportError(new TypeError("no bill", { cause: inner })).message,
    "no bill; caused by NotCapable: Requires net access",
  );
  assertEquals(
    reportError(new TypeError("no bill: Requires net access", { cause: denied })).message,
    "no bill: Requires net access; caused by NotCapable",
  );
  assertEquals(reportError(new TypeError("no bill", { cause: "a secret" })).message, "no bill");
  const circle = new TypeError("round");
  circle.cause = circle;
  assertEquals(reportError(circle).message, "round");
});

Deno.test("reportError() takes what is no error at all", () => {
  assertEquals(reportError("text"), { name: "Thrown", message: "text" });
  assertEquals(reportError(undefined), { name: "Thrown", message: "undefined" });
  assertEquals(reportError(Symbol("s")), { name: "Thrown", message: "Symbol(s)" });
  assertEquals(reportError(7n), { name: "Thrown", message: "7" });
  assertEquals(reportError({}), { name: "Object", message: "" });
  assertEquals(reportError(Object.create(null)), { name: "Object", message: "" });
  assertEquals(reportError({ issues: [] }), { name: "Object", message: "" });
});

Deno.test("reportError() survives objects that fight back", () => {
  const throwing = (key: string) =>
    Object.defineProperty({}, key, {
      get() {
        throw new RangeError("hostile");
      },
    });
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const hostile: unknown[] = [
    throwing("name"),
    throwing("message"),
    throwing("stack"),
    throwing("issues"),
    throwing("cause"),
    { cause: throwing("message") },
    { cause: { name: Object.create(null) } },
    { message: { toString: () => ({}) } },
    { name: Object.create(null) },
    { issues: [null] },
    { issues: [{ path: [throwing("toString")] }] },
    revoked.proxy,
    Object.assign(() => {}, { toString: () => 5 }),
  ];
  for (const thrown of hostile) {
    const { name, message } = reportError(thrown);
    assertEquals([typeof name, typeof message], ["string", "string"]);
  }
});

Deno.test("reportError() keeps its bounds, whatever was thrown", () => {
  const text = fc.oneof(fc.string(), fc.nat(5000).map((n) => "x".repeat(n)), fc.anything());
  const thrown = fc.oneof(
    fc.anything(),
    fc.record({ name: text, message: text, stack: text }, { requiredKeys: [] }),
    fc.record({ issues: fc.array(fc.anything()) }),
  );
  fc.assert(fc.property(thrown, (value) => {
    const { name, message, stack = "" } = reportError(value);
    assert(name.length <= 102 && message.length <= 1002 && stack.length <= 2002);
  }));
});
