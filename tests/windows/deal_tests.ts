import { join } from "@std/path";

/** So many groups for each machine, so that they end at about the same time. */
const GROUPS_PER_MACHINE = 4;

/** What the native library is built in; it comes and goes, and holds no tests. */
const NO_TESTS = "build";

/** The test files in these folders, and the files among these paths. */
export function testFiles(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    if (Deno.statSync(path).isFile) return [path];
    const entries = [...Deno.readDirSync(path)].sort((a, b) => a.name < b.name ? -1 : 1);
    return entries.flatMap(({ name, isDirectory }) => {
      const inner = join(path, name);
      if (isDirectory) return name === NO_TESTS ? [] : testFiles([inner]);
      return name.endsWith("_test.ts") ? [inner] : [];
    });
  });
}

/** Deals test files like cards, since those of one folder take about the same time. */
export function dealTests(files: readonly string[], machines: number): string[][] {
  const count = Math.min(machines * GROUPS_PER_MACHINE, files.length);
  return Array.from({ length: count }, (_, group) => files.filter((_, i) => i % count === group));
}

/**
 * How many tests ran in several runs of `deno test`, by the closing lines of what they wrote, and how
 * many such lines there were.
 */
export function tallyOf(said: string): Record<"passed" | "failed" | "runs", number> {
  let passed = 0;
  let failed = 0;
  let runs = 0;
  for (const line of said.matchAll(/^(?:ok|FAILED) \| (\d+) passed.* \| (\d+) failed/gm)) {
    passed += Number(line[1]);
    failed += Number(line[2]);
    runs++;
  }
  return { passed, failed, runs };
}
