import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { newestChange } from "./newest_change.ts";

Deno.test("newestChange() gives the last change of several files, none for those that are missing", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const [old, young] = [join(folder, "old"), join(folder, "young")];
    for (const path of [old, young]) await Deno.writeTextFile(path, path);
    const ahead = new Date("2100-01-01T00:00:00Z");
    await Deno.utime(young, ahead, ahead);
    assertEquals(await newestChange([old, young, join(folder, "missing")]), ahead.getTime());
    assertEquals(await newestChange([join(folder, "missing")]), 0);
    assertEquals(await newestChange([]), 0);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("newestChange() counts when an older file was moved to its place", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const [path, other] = [join(folder, "path"), join(folder, "other")];
    await Deno.writeTextFile(other, "older content");
    const past = new Date("2001-01-01T00:00:00Z");
    await Deno.utime(other, past, past);
    const before = Date.now();
    await Deno.rename(other, path);
    // Deno tells this time in whole seconds.
    assert(await newestChange([path]) > before - 2000);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
