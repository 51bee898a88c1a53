import { assertRejects } from "@std/assert";
import { NativeError } from "../internal/errors.ts";
import { requireNoStranger } from "./require_no_stranger.ts";

Deno.test("requireNoStranger() refuses a file that is no journal and a folder", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const file = `${folder}/mine.ts`;
    await Deno.writeTextFile(file, "export default 1;\n");
    await assertRejects(() => requireNoStranger(file), NativeError, "does not begin as a journal");
    await assertRejects(() => requireNoStranger(folder), NativeError, "Cannot use the journal");
    await Deno.writeTextFile(file, "");
    await requireNoStranger(file);
    await Deno.writeTextFile(file, "ONHOOKJ\x1a and so on");
    await requireNoStranger(file);
    await requireNoStranger(`${folder}/none`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
