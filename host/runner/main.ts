/**
 * The main module of every plugin process. It waits for the host's first message before anything
 * of the plugin is loaded, loads the plugin by dynamic import (so that the plugin's whole module
 * graph is under the process's read permission), and hands it events one at a time.
 *
 * @module
 */
import { decodePortEvent } from "../events/decode_port_event.ts";
import { FROM_PLUGIN, TO_PLUGIN } from "../protocol/frame_kinds.ts";
import type { KeptMessage, KnownMessage, StartMessage } from "../protocol/messages.ts";
import { decodeEventsBatch } from "../protocol/events_batch.ts";
import { PROTOCOL_VERSION } from "../protocol/protocol_version.ts";
import { writeError } from "./_write_error.ts";
import { AnswerWriter } from "./answer_writer.ts";
import type { Plugin } from "./define_plugin.ts";
import { type ContextBase, EventContext } from "./event_context.ts";
import { type DecodeEvent, EventLoop } from "./event_loop.ts";
import { FrameReader } from "./frame_reader.ts";
import { type HandlerTable, handlerTable } from "./handler_table.ts";
import { PluginLogger } from "./plugin_logger.ts";
import { replaceConsole } from "./replace_console.ts";
import { reportError } from "./report_error.ts";

const exit = Deno.exit;
const { parse } = JSON;
const decoder = new TextDecoder();
const decode = decoder.decode.bind(decoder);

const readJson = (payload: Uint8Array): unknown => parse(decode(payload));

interface Started {
  readonly loop: EventLoop;
  readonly stop: () => unknown;
}

/** Loads and starts the plugin; tells the host why when that is not possible. */
async function start(message: StartMessage, writer: AnswerWriter): Promise<Started | undefined> {
  let stage = "protocol";
  let loop: EventLoop | undefined;
  const idleLog = new PluginLogger(writer);
  replaceConsole(() => loop?.log ?? idleLog);
  reportStrayErrors(() => loop?.log ?? idleLog);
  try {
    if (message.protocol !== PROTOCOL_VERSION) {
      throw new RangeError(
        `Cannot talk to the host: it speaks version ${message.protocol}, wanted ${PROTOCOL_VERSION}`,
      );
    }
    stage = "load";
    const plugin = ((await import(message.module)) as { default?: Plugin }).default;
    const handlers: HandlerTable = handlerTable(plugin);
    stage = "config";
    const config = plugin!.config === undefined
      ? message.config
      : plugin!.config.parse(message.config);
    const { plugin: id, timeoutMs, once } = message;
    const base: ContextBase = { plugin: id, config, timeoutMs, once };
    const ctx = new EventContext(base, idleLog, performance.now());
    stage = "onStart";
    await plugin!.onStart?.(ctx);
    ctx.finish();
    const decode = handlers.isOfPorts ? decodePortEvent : await decodeAll();
    loop = new EventLoop(writer, handlers, decode, base, message.haltOnFailure);
    writer.tryWriteMessage(FROM_PLUGIN.ready, {
      protocol: PROTOCOL_VERSION,
      handlers: handlers.names,
    });
    return {
      loop,
      stop: () => plugin!.onStop?.(new EventContext(base, idleLog, performance.now())),
    };
  } catch (thrown) {
    writeError(writer, FROM_PLUGIN.refused, { stage }, reportError(thrown));
    return undefined;
  }
}

/** Loaded late: the process of a plugin that has no use for connections is 1 MB smaller. */
async function decodeAll(): Promise<DecodeEvent> {
  return (await import("../events/decode_event.ts")).decodeEvent;
}

/** An error that belongs to no handler must not end the process: it may be from an older event. */
function reportStrayErrors(log: () => PluginLogger): void {
  const report = (what: string, thrown: unknown) => {
    const error = reportError(thrown);
    log().error(`${what}: ${error.name}: ${error.message}`, { stack: error.stack });
  };
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    report("A promise was rejected and nobody handled it", event.reason);
  });
  globalThis.addEventListener("error", (event) => {
    event.preventDefault();
    report("An error was thrown outside of a handler", event.error);
  });
}

/** Hands batches to the loop in order while stdin goes on being read, so that a stop is seen. */
async function serve(frames: FrameReader, started: Started): Promise<void> {
  let work: Promise<void> = Promise.resolve();
  for (let frame = await frames.next(); frame !== undefined; frame = await frames.next()) {
    if (frame.kind === TO_PLUGIN.events) {
      const batch = decodeEventsBatch(frame.payload);
      work = work.then(() => started.loop.run(batch));
      // The handler goes first: to ask for the next frame wakes another thread of this process.
      await undefined;
    } else if (frame.kind === TO_PLUGIN.resume) {
      work = work.then(() => started.loop.resume());
    } else if (frame.kind === TO_PLUGIN.known) {
      const known = readJson(frame.payload) as KnownMessage;
      work = work.then(() => started.loop.know(known));
    } else if (frame.kind === TO_PLUGIN.kept) {
      // Not after the work: the event in hand waits for it.
      started.loop.kept(readJson(frame.payload) as KeptMessage);
    } else if (frame.kind === TO_PLUGIN.stop) {
      started.loop.stop();
      return await Promise.race([work, takeKept(frames, started)]);
    }
  }
  // The host is gone; whatever is in hand comes again from its store.
  exit(0);
}

/** After a stop: the event in hand may wait for word that something is stored. */
async function takeKept(frames: FrameReader, { loop }: Started): Promise<void> {
  for (let frame = await frames.next(); frame !== undefined; frame = await frames.next()) {
    if (frame.kind === TO_PLUGIN.kept) loop.kept(readJson(frame.payload) as KeptMessage);
  }
  exit(0);
}

/**
 * Ctrl+C and many service managers signal the whole process group. When to stop is the host's to
 * say: it sends a message, so that what is in hand is finished first.
 */
function leaveSignalsToTheHost(): void {
  const signals: Deno.Signal[] = Deno.build.os === "windows"
    ? ["SIGINT", "SIGBREAK", "SIGHUP", "SIGTERM"]
    : ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) Deno.addSignalListener(signal, () => {});
}

async function main(): Promise<void> {
  leaveSignalsToTheHost();
  const frames = new FrameReader();
  const first = await frames.next();
  if (first?.kind !== TO_PLUGIN.start) exit(64);
  const message = readJson(first!.payload) as StartMessage;
  const marker = Uint8Array.fromHex(message.marker);
  const writer = new AnswerWriter(marker, undefined, message.messageBytesMax);
  const started = await start(message, writer);
  if (started === undefined) exit(1);
  await serve(frames, started!);
  try {
    await started!.stop();
  } catch (thrown) {
    const error = reportError(thrown);
    started!.loop.log.error(`onStop failed: ${error.name}: ${error.message}`);
  }
  writer.write(FROM_PLUGIN.stopped);
  exit(0);
}

await main();
