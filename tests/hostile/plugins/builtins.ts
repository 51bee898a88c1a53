/** Tries every side door it knows of, one after the other, and says how each went. */
import { definePlugin } from "onhook";
import cluster from "node:cluster";
import childProcess from "node:child_process";
import dns from "node:dns";
import fs from "node:fs";
import inspector from "node:inspector";
import Module, { createRequire } from "node:module";
import net from "node:net";
import os from "node:os";
import process from "node:process";
import * as sqlite from "node:sqlite";
import v8 from "node:v8";
import vm from "node:vm";
import { WASI } from "node:wasi";
import { Worker as NodeWorker } from "node:worker_threads";
import * as z from "zod";

interface Places {
  readonly folder: string;
  readonly secretText: string;
  readonly secretJson: string;
}

type Attempt = (places: Places) => unknown;

interface Loose {
  binding(name: string): object;
  dlopen(module: object, path: string): void;
  _debugProcess(pid: number): void;
  setuid(id: number): void;
  _extensions: Record<string, (module: { exports: unknown }, path: string) => void>;
}

const looseProcess = process as unknown as Loose;
const memory = () => new sqlite.DatabaseSync(":memory:");
const data = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;
const blob = (code: string) => URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
const importing = (path: string, type: string) =>
  `import x from ${JSON.stringify(`file://${path}`)} with { type: "${type}" }; ` +
  `globalThis.postMessage?.(x); export default x;`;

/** Fails when the listed thing is there but gives nothing. */
function some<T>(value: T, isThere: boolean): T {
  if (!isThere) throw new TypeError("it gives nothing");
  return value;
}

function inWorker(url: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(url, { type: "module" });
    worker.onmessage = (event) => resolve(event.data);
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new TypeError(event.message));
    };
  });
}

interface Emitter {
  on(name: string, listener: (value: unknown) => void): unknown;
}

function event(emitter: Emitter, name: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    emitter.on("error", reject);
    emitter.on(name, resolve);
  });
}

const attempts: Record<string, Attempt> = {
  "read a file with node:fs": ({ secretText }) => fs.readFileSync(secretText, "utf8"),
  "learn a file's size with node:fs": ({ secretText }) => fs.statSync(secretText).size,
  "learn that a file exists": ({ secretText }) => some("there", fs.existsSync(secretText)),
  "open a file as a blob": async ({ secretText }) => await (await fs.openAsBlob(secretText)).text(),
  "read a file descriptor it did not open": () => {
    const read: number[] = [];
    for (let fd = 3; fd < 64; fd++) {
      try {
        fs.readSync(fd, new Uint8Array(1), 0, 1, 0);
        read.push(fd);
      } catch { /* the next one */ }
    }
    return some(read, read.length > 0);
  },
  "read a file with fetch": async ({ secretText }) =>
    await (await fetch(`file://${secretText}`)).text(),
  "read a file through /proc/self/root": ({ secretText }) =>
    Deno.readTextFileSync(`/proc/self/root${secretText}`),
  "open a device": () => Deno.openSync("/dev/zero"),
  "open the null device for writing": () => Deno.openSync("/dev/null", { write: true }),
  "read its own descriptors in /proc": () => Deno.readLinkSync("/proc/self/fd/0"),
  "read its memory map": () => Deno.readTextFileSync("/proc/self/maps").length,
  "make a folder for temporary files": () => Deno.makeTempDirSync(),
  "require a file of JSON": ({ folder, secretJson }) =>
    createRequire(`file://${folder}/x.js`)(secretJson),
  "load JSON as Node's loader does": ({ secretJson }) => {
    const module = { exports: {} };
    (Module as unknown as Loose)._extensions[".json"]!(module, secretJson);
    return JSON.stringify(module.exports);
  },
  "read a file from node:vm": ({ secretText }) =>
    vm.runInNewContext(
      `this.constructor.constructor("return Deno")().readTextFileSync(${
        JSON.stringify(secretText)
      })`,
    ),
  "read a file from node:worker_threads": ({ secretText }) =>
    event(
      new NodeWorker(
        `require("node:worker_threads").parentPort.postMessage(
          require("node:fs").readFileSync(${JSON.stringify(secretText)}, "utf8"))`,
        { eval: true },
      ) as unknown as Emitter,
      "message",
    ),
  "import JSON statically in a worker's main module": ({ secretJson }) =>
    inWorker(data(importing(secretJson, "json"))),
  "import text statically in a worker's main module": ({ secretText }) =>
    inWorker(data(importing(secretText, "text"))),
  "import JSON in a worker from a blob": ({ secretJson }) =>
    inWorker(blob(importing(secretJson, "json"))),
  "import JSON through a blob": ({ secretJson }) => import(blob(importing(secretJson, "json"))),
  "run a file as a worker": ({ folder }) => inWorker(`file://${folder}/worker.js`),
  "run a program with node:child_process": () => childProcess.execFileSync("/bin/true"),
  "fork with node:child_process": ({ folder }) => childProcess.fork(`${folder}/worker.js`),
  "fork with node:cluster": () => event(cluster.fork() as unknown as Emitter, "online"),
  "signal the host with node:process": () => process.kill(Deno.ppid, "SIGCONT"),
  "ask whether the host's process lives": () => process.kill(Deno.ppid, 0),
  "open the host's debugger": () => looseProcess._debugProcess(Deno.ppid),
  "load native code with process.dlopen": ({ folder }) =>
    looseProcess.dlopen({ exports: {} }, `${folder}/x.node`),
  "find insides in process.binding": () => {
    const names = Object.keys(looseProcess.binding("spawn_sync"));
    return some(names, names.length > 0);
  },
  "change its user": () => looseProcess.setuid(65_534),
  "change the mask of new files": () => process.umask(0),
  "change its folder": () => process.chdir("/"),
  "see the environment of node:process": () => Object.keys(process.env),
  "listen for a debugger": () => inspector.open(65_011, "127.0.0.1"),
  "debug itself": () => new inspector.Session().connect(),
  "write a snapshot of its heap": ({ folder }) => v8.writeHeapSnapshot(`${folder}/heap`),
  "write a log of V8's": async ({ folder }) => {
    v8.setFlagsFromString("--log-all");
    v8.setFlagsFromString("--no-logfile-per-isolate");
    v8.setFlagsFromString(`--logfile=${folder}/v8.log`);
    await inWorker(data("postMessage(1)"));
    throw new TypeError("the test looks for the file");
  },
  "reach a folder with node:wasi": () =>
    new WASI({ version: "preview1", preopens: { "/": "/" } } as never),
  "open a database file": ({ folder }) => new sqlite.DatabaseSync(`${folder}/a.sqlite`),
  "open a database by an address": ({ folder }) =>
    new sqlite.DatabaseSync(`file:${folder}/b.sqlite?mode=rwc&name=:memory:`),
  "attach a database file": ({ folder }) => memory().exec(`ATTACH '${folder}/c.sqlite' AS c`),
  "vacuum into a file": ({ folder }) =>
    memory().exec(`CREATE TABLE t (x); VACUUM INTO '${folder}/d.sqlite'`),
  "back a database up to a file": ({ folder }) =>
    (sqlite as unknown as { backup(from: object, to: string): Promise<void> })
      .backup(memory(), `${folder}/e.sqlite`),
  "load an extension of SQLite": ({ folder }) =>
    new sqlite.DatabaseSync(":memory:", { allowExtension: true }).loadExtension(`${folder}/x`),
  "load an extension of SQLite by SQL": ({ folder }) =>
    memory().prepare(`SELECT load_extension('${folder}/x')`).get(),
  "look up a name with node:dns": () => dns.promises.lookup("localhost"),
  "connect with node:net": () => event(net.connect(65_010, "127.0.0.1"), "connect"),
  "connect to an abstract socket": () => event(net.connect("\0onhook-test"), "connect"),
  "listen on an abstract socket": () =>
    event(net.createServer().listen("\0onhook-test"), "listening"),
  "listen on a socket file": ({ folder }) =>
    Deno.listen({ transport: "unix", path: `${folder}/socket` }),
  "open a WebSocket": () => {
    const socket = new WebSocket("ws://127.0.0.1:65010");
    return new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = reject;
    });
  },
  "ask node:os for the host's name": () => os.hostname(),
  "ask node:os for the user": () => os.userInfo(),
};

const PATIENCE_MS = 500;

export default definePlugin({
  config: z.object({ folder: z.string(), secretText: z.string(), secretJson: z.string() }),
  async onStart(ctx) {
    for (const [name, attempt] of Object.entries(attempts)) {
      try {
        const late = new Promise((_, reject) =>
          setTimeout(() => reject(new TypeError("no answer")), PATIENCE_MS)
        );
        const got = await Promise.race([attempt(ctx.config), late]);
        ctx.log.error("attempt", { name, got: String(got).slice(0, 100) });
      } catch (error) {
        ctx.log.info("attempt", { name, why: String(error).slice(0, 200) });
      }
    }
    ctx.log.info("all attempts made");
  },
});
