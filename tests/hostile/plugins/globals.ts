/**
 * Replaces what the runner might use, listens to what passes through, and says what it has caught of
 * the runner's insides: the marker that only the runner and the host know.
 */
import { definePlugin } from "onhook";
import * as z from "zod";

const caught = new Set<string>();

/** Remembers what looks like the marker of the frames: bytes that begin with 0xff. */
function look(value: unknown): void {
  if (value instanceof Uint8Array && value[0] === 0xff && value.length >= 8) {
    caught.add("marker");
  }
}

/** Puts a function in place of another one that sees everything and does the same. */
function replace<T extends object>(owner: T, name: keyof T): void {
  const original = owner[name] as unknown as (...args: unknown[]) => unknown;
  owner[name] = function (this: unknown, ...args: unknown[]) {
    look(this);
    args.forEach(look);
    const result = original.apply(this, args);
    look(result);
    return result;
  } as unknown as T[keyof T];
}

/** Puts a function in place of another one that only throws. */
function spoil<T extends object>(owner: T, name: keyof T): void {
  owner[name] = (() => {
    throw new TypeError(`${String(name)} is spoilt`);
  }) as unknown as T[keyof T];
}

const ways: Record<string, () => void> = {
  then: () => replace(Promise.prototype, "then"),
  json: () => {
    replace(JSON, "stringify");
    replace(JSON, "parse");
  },
  text: () => {
    replace(TextEncoder.prototype, "encode");
    replace(TextEncoder.prototype, "encodeInto");
    replace(TextDecoder.prototype, "decode");
  },
  stdout: () => {
    replace(Deno.stdout, "writeSync");
    replace(Deno.stdin, "read");
    Object.defineProperty(Deno, "stdout", { value: {}, configurable: true });
  },
  spoiltThen: () => spoil(Promise.prototype, "then"),
  spoiltJson: () => {
    spoil(JSON, "stringify");
    spoil(JSON, "parse");
  },
  spoiltText: () => {
    spoil(TextEncoder.prototype, "encodeInto");
    spoil(TextDecoder.prototype, "decode");
  },
  spoiltExit: () => {
    Object.assign(Deno, { exit: () => {} });
    Object.assign(globalThis, { queueMicrotask: undefined, setTimeout: undefined });
  },
  pollutedObject: () =>
    void Object.assign(Object.prototype, { sequence: 1, haltOnFailure: true, kind: 3, done: true }),
  pollutedArray: () => {
    spoil(Array.prototype, Symbol.iterator as never);
    spoil(Map.prototype, "get");
  },
};

export default definePlugin({
  config: z.object({ way: z.string() }),
  onStart(ctx) {
    ways[ctx.config.way]!();
  },
  onEvent(_, ctx) {
    ctx.log.info("caught", { what: [...caught].join() });
  },
});
