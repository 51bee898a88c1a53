import { join } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import { resolveConfig } from "../config.ts";
import { Host, type HostReport } from "../host.ts";
import type { LinkHangupEvent } from "../events/event.ts";
import { systemClock } from "../internal/clock.ts";
import { PluginError } from "../internal/errors.ts";
import { stderrLog } from "../internal/stderr_log.ts";
import { readRegistry } from "../registry/read_registry.ts";
import { libraryPath } from "../library_path.ts";
import type { SimulatorResult } from "../simulator/play.ts";
import { type SimulatorHandle, startSimulator } from "../simulator/start_simulator.ts";
import { closingTable } from "./closing_table.ts";
import { demoRegistry } from "./demo_registry.ts";
import { WebhookReceiver } from "./webhook_receiver.ts";

/** What the demo is asked for. */
export interface DemoOptions {
  /** Repeats a day; drawn and printed when left out. */
  readonly seed?: number | undefined;
  /** Link hangups of the day, default 200. */
  readonly events?: number | undefined;
}

const EVENTS_DEFAULT = 200;
const HANGUPS_PER_SECOND = 100;
const LOOK_EVERY_MS = 20;
/** After the last callout, how long the plugins may take. */
const FINISH_LIMIT_MS = 60_000;

/**
 * Plays the main job once from end to end, on a state that is gone afterwards: a simulated RAS
 * calls the library's callouts in a process of its own, and the host takes the events to the
 * bundled plugins, each in its own process.
 *
 * @param say Prints lines.
 * @returns The exit code: 0, or 1 when a plugin failed on an event.
 */
export async function runDemo(
  options: DemoOptions,
  say: (text: string) => void,
): Promise<number> {
  const folder = await Deno.makeTempDir({ prefix: "onhook-demo-" });
  try {
    await using receiver = new WebhookReceiver();
    return await playDay(folder, receiver, options, say);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function playDay(
  folder: string,
  receiver: WebhookReceiver,
  options: DemoOptions,
  say: (text: string) => void,
): Promise<number> {
  const registryPath = join(folder, "registry.json");
  await Deno.writeTextFile(registryPath, JSON.stringify(demoRegistry(receiver.address)));
  const config = resolveConfig(
    { journalPath: join(folder, "hangup.journal"), stateFolder: folder, registryPath },
    {},
    Deno.build.os,
    { workingFolder: folder },
  );
  const library = await libraryPath(config.libraryPath);
  const events = options.events ?? EVENTS_DEFAULT;
  say([
    "A small day on a VPN server. A stand-in for RAS calls the seven callouts of",
    `${library} in a process of its own; the host gets`,
    `${events} link hangups from the journal and hands each to four plugins, in this order:`,
    "",
    "  1. audit-log       one line of JSON for each event, safe on disk before it is settled;",
    "                     its registry entry lets it see the users' names",
    "  2. session-report  totals per port and hour; has no permission at all, and sees no names",
    `  3. webhook         posts each event to ${receiver.address}, the one address it may reach`,
    "  4. accounting      one row for each session, with its user",
    "",
  ].join("\n"));
  const log = stderrLog({
    isReadable: true,
    isColored: Deno.stdout.isTerminal() && !Deno.noColor,
    write: (line) => say(line.trimEnd()),
  });
  const registry = await readRegistry(registryPath);
  const host = await Host.open({ config, registry, libraryPath: library, log });
  const running = host.run();
  let simulator: SimulatorHandle | undefined;
  try {
    await Promise.race([running, host.start()]);
    simulator = startSimulator({
      libraryPath: library,
      journalPath: config.journalPath,
      count: events,
      ratePerSecond: HANGUPS_PER_SECOND,
      ports: 32,
      ...(options.seed === undefined ? {} : { seed: options.seed }),
    });
    const played = await Promise.race([running, simulator.done]);
    if (!played) throw new PluginError("Cannot play the day: the simulator was killed");
    const report = await Promise.race([running, finished(host, played)]) ?? host.report();
    await host.stop();
    say((await story(folder, receiver, report, played)).join("\n"));
    return exitCodeOfDay(report, played);
  } finally {
    simulator?.kill();
    await host.stop();
  }
}

/** 0 when every plugin has done everything. */
function exitCodeOfDay(report: HostReport, played: SimulatorResult): number {
  const isComplete = report.newest >= played.callouts && report.settledByAll === report.newest;
  return isComplete && report.plugins.every(({ failed }) => failed === 0) ? 0 : 1;
}

/** Waits until every plugin has settled all that was played. */
async function finished(host: Host, played: SimulatorResult): Promise<HostReport> {
  const untilMs = systemClock.monotonic() + FINISH_LIMIT_MS;
  while (true) {
    const report = host.report();
    // The host adds events of its own, so their number says little; what is left to drain does.
    const { headPosition, tailPosition } = report.journal;
    const hasAll = report.newest >= played.callouts && headPosition === tailPosition;
    if (hasAll && report.settledByAll === report.newest) return report;
    if (systemClock.monotonic() > untilMs) return report;
    const { promise, resolve } = Promise.withResolvers<void>();
    systemClock.startTimer(LOOK_EVERY_MS, resolve);
    await promise;
  }
}

/** What the plugins did, in lines. */
async function story(
  folder: string,
  receiver: WebhookReceiver,
  report: HostReport,
  played: SimulatorResult,
): Promise<string[]> {
  const audit = await Deno.readTextFile(join(folder, "data", "audit.jsonl"));
  const lines = audit.trimEnd().split("\n");
  const hangup = lines.findLast((line) => line.includes('"linkHangup"')) ?? lines.at(-1)!;
  const { callouts } = report.journal;
  return [
    "",
    `audit-log wrote ${lines.length} lines; the last hangup among them:`,
    `  ${hangup}`,
    `  It was ${whoHungUp(hangup)}.`,
    "accounting wrote who was connected longest:",
    ...longestUsers(join(folder, "accounts", "accounting.sqlite")),
    `webhook posted ${receiver.received} events, ${receiver.last?.length ?? 0} bytes the last.`,
    "session-report's totals stand above, in the lines marked with its name.",
    "",
    `${report.newest} events (${played.hangups} link hangups, and what came before and after them)`,
    `in ${played.seconds.toFixed(1)} s, seed ${played.seed}:`,
    "",
    closingTable(report),
    "",
    `RAS waited ${microseconds(callouts.p50Ns)} (median) for a callout, ` +
    `${microseconds(callouts.maxNs)} at worst; ${report.journal.lostTotal} events lost.`,
    "At this pace the host sleeps in between, so nearly every callout has to wake it up.",
    "Nothing of this day is left on the disk. Next: README.md, and plugins/README.md for your own.",
  ];
}

/** Whose hangup a line of the audit log is. */
function whoHungUp(line: string): string {
  const { session, port } = JSON.parse(line) as Partial<LinkHangupEvent>;
  const user = session?.account?.qualified ?? "somebody whom the host has not seen come";
  return `${user} on ${port?.name}${session?.isLastLink ? ", the last link of the session" : ""}`;
}

/** A line for each of the users who were connected longest. */
function longestUsers(path: string): string[] {
  using database = new DatabaseSync(path, { readOnly: true });
  const rows = database.prepare(
    "SELECT account, sessions, durationSeconds FROM day ORDER BY durationSeconds DESC LIMIT 3",
  ).all() as { account: string; sessions: number; durationSeconds: number }[];
  return rows.map(({ account, sessions, durationSeconds }) =>
    `  ${account.padEnd(28)} ${String(sessions).padStart(3)} sessions, ${durationSeconds} s`
  );
}

function microseconds(nanoseconds: number): string {
  return `${(nanoseconds / 1000).toFixed(1)} µs`;
}
