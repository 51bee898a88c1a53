/** Tries one thing that it has not been granted, when it is loaded, and says how that went. */
import { definePlugin } from "onhook";
import { createRequire } from "node:module";
import process from "node:process";
import * as z from "zod";

type Attempt = (target: string) => unknown;

const attempts: Record<string, Attempt> = {
  read: (target) => Deno.readTextFileSync(target),
  list: (target) => [...Deno.readDirSync(target)].length,
  write: (target) => Deno.writeTextFileSync(target, "x"),
  symlink: (target) => Deno.symlinkSync("/etc", target),
  net: (target) => fetch(target),
  connect: (target) => Deno.connect({ hostname: "127.0.0.1", port: Number(target) }),
  listen: () => Deno.listen({ hostname: "127.0.0.1", port: 0 }),
  resolveDns: (target) => Deno.resolveDns(target, "A"),
  env: (target) => Deno.env.get(target),
  envAll: () => Deno.env.toObject(),
  run: (target) => new Deno.Command(target).outputSync(),
  kill: (target) => Deno.kill(Number(target), "SIGTERM"),
  ffi: (target) => Deno.dlopen(target, {}),
  addon: (target) => createRequire(import.meta.url)(target),
  addonOfPackage: (target) => createRequire(target)("native"),
  args: () => {
    const found = [...Deno.args, ...process.execArgv, ...process.argv.slice(2)];
    if (found.length === 0) throw new TypeError("there are none");
    return found;
  },
  sys: () => Deno.hostname(),
  import: (target) => import(target),
  importText: (target) => import(target, { with: { type: "text" } }),
  importJson: (target) => import(target, { with: { type: "json" } }),
  worker: (target) =>
    new Promise((resolve, reject) => {
      const worker = new Worker(target, { type: "module" });
      worker.onmessage = resolve;
      worker.onerror = (event) => {
        event.preventDefault();
        reject(new TypeError(event.message));
      };
    }),
  localStorage: () => localStorage.setItem("key", "value"),
  localStorageOfOthers: () => localStorage.getItem("key"),
  caches: () => caches.open("any"),
  cachesOfOthers: async () => await (await caches.open("any")).match("https://a.example/"),
  kv: () => (Deno as unknown as { openKv(): unknown }).openKv(),
  chdir: (target) => Deno.chdir(target),
  requestAll: async () => {
    const { state } = await Deno.permissions.request({ name: "read" });
    if (state !== "granted") throw new TypeError(`the request was ${state}`);
  },
};

export default definePlugin({
  config: z.object({ what: z.string(), target: z.string() }),
  async onStart(ctx) {
    const { what, target } = ctx.config;
    try {
      const got = await attempts[what]!(target);
      ctx.log.error("GOT IN", { got: String(got).slice(0, 100) });
    } catch (error) {
      ctx.log.info("REFUSED", { why: String(error).slice(0, 300) });
    }
  },
});
