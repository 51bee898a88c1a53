import { assert } from "@std/assert";
import { fromFileUrl } from "@std/path";

/**
 * A test of what is painted. The colour library paints nothing under `NO_COLOR`, whatever it is
 * told, so there the test runs in a process without it.
 *
 * @param url The `import.meta.url` of the test's file.
 */
export function testInColours(name: string, url: string, fn: () => void | Promise<void>): void {
  Deno.test(name, async () => {
    if (!Deno.noColor) return await fn();
    const { NO_COLOR: _, ...env } = Deno.env.toObject();
    const { success, stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["test", "--allow-all", "--no-check", `--filter=${name}`, fromFileUrl(url)],
      clearEnv: true,
      env,
    }).output();
    const text = new TextDecoder().decode(stdout);
    assert(success && /1 passed/.test(text), text);
  });
}
