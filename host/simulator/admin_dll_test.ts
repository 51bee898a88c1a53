import { assertEquals } from "@std/assert";
import { headerPrototypes } from "../ffi/header_prototypes.ts";
import { adminDllSymbols } from "./admin_dll.ts";

const native = new URL("../native/", import.meta.url);

Deno.test("adminDllSymbols has the prototypes of the header when they are compared", async () => {
  const header = await Deno.readTextFile(new URL("include/onhook.h", native));
  const wanted = headerPrototypes(header).filter((one) => one.name.startsWith("MprAdmin"));
  const found = Object.entries(adminDllSymbols)
    .map(([name, { parameters, result }]) => ({ name, parameters: [...parameters], result }));
  const byName = (a: { name: string }, b: { name: string }) => a.name < b.name ? -1 : 1;
  assertEquals<unknown>(
    found.sort(byName),
    wanted.map(({ name, parameters, result }) => ({ name, parameters, result })).sort(byName),
  );
});

Deno.test("adminDllSymbols names all MprAdmin exports when they are compared", async () => {
  const exports = await Deno.readTextFile(new URL("exports.def", native));
  const names = [...exports.matchAll(/\bMprAdmin\w+/g)].map(([name]) => name);
  assertEquals(Object.keys(adminDllSymbols).sort(), names.sort());
  assertEquals(names.length, 7);
});
