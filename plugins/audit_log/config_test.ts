import { assertEquals, assertMatch } from "@std/assert";
import * as z from "zod";
import { auditLogConfig } from "./config.ts";

Deno.test("auditLogConfig fills the defaults when only the file is given", () => {
  assertEquals(auditLogConfig.parse({ file: "a.jsonl" }), {
    file: "a.jsonl",
    maxBytes: 16_777_216,
    keepFiles: 8,
  });
});

Deno.test("auditLogConfig names every wrong key when several are wrong", () => {
  const { error } = auditLogConfig.safeParse({ maxBytes: 10, keepFiles: 0, maxbytes: 1 });
  const text = z.prettifyError(error!);
  for (const key of ["at file", "at maxBytes", "at keepFiles", '"maxbytes"']) {
    assertMatch(text, new RegExp(key));
  }
});
