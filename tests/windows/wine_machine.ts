import { fromFileUrl, join } from "@std/path";
import { pageAligned } from "./page_aligned.ts";
import { runWords, type Stdout } from "./run_words.ts";
import { installTools, runSetup, runTool, type SetupStep } from "./_setup.ts";

const ROOT = fromFileUrl(new URL("../..", import.meta.url));
const ENTER = fromFileUrl(new URL("enter_wine.sh", import.meta.url));

/** Commands of the machine itself and their packages; Wine is in a tree of its own. */
const TOOLS: Readonly<Record<string, string>> = {
  debootstrap: "debootstrap",
  unshare: "util-linux",
  script: "bsdutils",
  xargs: "findutils",
  "x86_64-w64-mingw32-gcc": "gcc-mingw-w64-x86-64",
};

/** The Debian release whose Wine runs Deno; Debian 12's own lacks `bcryptprimitives.dll`. */
const RELEASE = "trixie";

const DENO_EXE = String.raw`Z:\opt\deno\deno.exe`;

/**
 * Windows without Windows: Wine 10 in a Debian tree, with Deno for Windows in it. Made once and
 * kept in `${XDG_CACHE_HOME:-~/.cache}/onhook/wine`; needs root, Debian packages and npm.
 *
 * Each command sees a fresh copy: registry, drive C, processes and mounts of commands that run at
 * the same time do not meet, and are gone when the command ends. The checkout is `Z:\onhook`, the
 * working folder, and no copy.
 */
export class WineMachine {
  readonly #tree: string;
  readonly #scratch: string;

  private constructor(cache: string) {
    this.#tree = join(cache, "tree");
    this.#scratch = join(cache, "scratch");
  }

  /** Sets up what is missing, which takes minutes the first time. */
  static async ready(): Promise<WineMachine> {
    if (Deno.build.os !== "linux" || Deno.uid() !== 0) {
      throw new RangeError(
        "Cannot set up Wine: root on Debian is wanted, for debootstrap, chroot and mounts; run " +
          "the task as root, or on Windows, where it needs no Wine",
      );
    }
    const home = Deno.env.get("XDG_CACHE_HOME") || join(Deno.env.get("HOME") ?? "/root", ".cache");
    const cache = join(home, "onhook", "wine");
    const machine = new WineMachine(cache);
    await installTools(TOOLS);
    await runSetup(cache, await machine.#steps());
    await Deno.mkdir(machine.#scratch, { recursive: true });
    return machine;
  }

  /**
   * Runs Deno for Windows as `runWords` runs a command.
   *
   * @param hasConsole Whether it has a Windows console, which costs time.
   */
  async runDeno(
    args: readonly string[],
    stdout: Stdout,
    hasConsole: boolean,
  ): Promise<[number, string]> {
    const scratch = await Deno.makeTempDir({ dir: this.#scratch });
    try {
      const env = [
        String.raw`DENO_DIR=Z:\deno-dir`,
        "DENO_NO_UPDATE_CHECK=1",
        "DENO_DISABLE_NODE_SHIM=1",
        "NO_COLOR=1",
      ];
      const words = ["env", ...env, "wine64", DENO_EXE, ...args];
      const console = hasConsole ? ["env", "WINE_CONSOLE=1"] : [];
      return await runWords([...console, ...this.#enter(scratch, words)], stdout);
    } finally {
      await Deno.remove(scratch, { recursive: true });
    }
  }

  #enter(scratch: string, words: readonly string[]): string[] {
    const namespaces = ["--mount", "--pid", "--fork", "--kill-child", "--propagation", "private"];
    return ["unshare", ...namespaces, "sh", ENTER, this.#tree, scratch, ROOT, ...words];
  }

  async #steps(): Promise<SetupStep[]> {
    const tree = this.#tree;
    const lock = await Deno.readFile(join(ROOT, "deno.lock"));
    const lockHash = new Uint8Array(await crypto.subtle.digest("SHA-256", lock)).toHex();
    // The registry is on disk only when its server has ended.
    const boot = "wine64 wineboot -i && wineserver -w";
    return [
      { name: "debian", key: RELEASE, run: () => installDebian(tree) },
      {
        name: "wine",
        key: "1",
        run: async () => void await runTool(this.#enter("-", ["sh", "-c", boot])),
      },
      { name: "deno", key: `${Deno.version.deno} aligned`, run: () => installDeno(tree) },
      { name: "packages", key: lockHash, run: () => installPackages(tree) },
    ];
  }
}

async function installDebian(tree: string): Promise<void> {
  const list = await runTool(["apt-get", "indextargets", "--format", "$(SITE)"]);
  const mirror = list.split("\n").find((site) => /\/debian\/?$/.test(site));
  await Deno.remove(tree, { recursive: true }).catch(() => {});
  await runTool([
    "debootstrap",
    "--variant=minbase",
    "--arch=amd64",
    "--include=wine,wine64,ca-certificates",
    RELEASE,
    tree,
    ...(mirror === undefined ? [] : [mirror]),
  ]);
}

async function installDeno(tree: string): Promise<void> {
  const cwd = join(tree, "opt", "deno");
  await Deno.mkdir(cwd, { recursive: true });
  const packed = ["npm", "pack", "--silent", `@deno/win32-x64@${Deno.version.deno}`];
  const archive = (await runTool(packed, { cwd })).trim();
  await runTool(["tar", "xzf", archive, "--strip-components=1"], { cwd });
  await Deno.remove(join(cwd, archive));
  const program = join(cwd, "deno.exe");
  await Deno.writeFile(program, pageAligned(await Deno.readFile(program)));
}

async function installPackages(tree: string): Promise<void> {
  const env = { DENO_DIR: join(tree, "deno-dir") };
  await runTool([Deno.execPath(), "install", "--quiet"], { cwd: ROOT, env });
}
