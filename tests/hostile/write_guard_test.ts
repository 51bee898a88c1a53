/** Grants to write that would give a plugin the rights of another one or of the host. */
import { assertRejects } from "@std/assert";
import { dirname, join } from "@std/path";
import { InputError } from "../../host/internal/errors.ts";
import { readRegistry } from "../../host/registry/read_registry.ts";
import { ROOT } from "../support/host_process.ts";

function isRefused(name: string, grant: (folder: string) => string): void {
  Deno.test(`a grant to write ${name} is refused`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      await Deno.mkdir(join(folder, "other", "lib"), { recursive: true });
      await Deno.writeTextFile(join(folder, "mine.ts"), "export default {};");
      await Deno.writeTextFile(join(folder, "other", "lib", "help.ts"), "export const x = 1;");
      await Deno.writeTextFile(
        join(folder, "other", "mod.ts"),
        `import "./lib/help.ts"; export default {};`,
      );
      const registry = join(folder, "registry.json");
      await Deno.writeTextFile(
        registry,
        JSON.stringify({
          plugins: [
            { id: "mine", path: "./mine.ts", permissions: { write: [grant(folder)] } },
            { id: "other", path: "./other/mod.ts" },
          ],
        }),
      );
      await assertRejects(() => readRegistry(registry), InputError);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

isRefused("where a neighbour's helper modules are", () => "./other/lib");
isRefused("the host's own code", () => join(ROOT, "host"));
isRefused("the runner's module", () => join(ROOT, "host", "runner", "main.ts"));
isRefused("the host's deno.json", () => join(ROOT, "deno.json"));
isRefused("the running Deno", () => dirname(Deno.execPath()));
