import { assertEquals, assertThrows } from "@std/assert";
import { decodeEvent } from "../events/decode_event.ts";
import { encodeEvent } from "../events/encode_event.ts";
import type { Connection, OnhookEvent, SessionEndEvent } from "../events/schema.ts";
import { FakeClock } from "../internal/_fake_clock.ts";
import { StoreError } from "../internal/errors.ts";
import { Store } from "../store/store.ts";
import { EntryWriter } from "./entry_writer.ts";
import { SessionDesk } from "./session_desk.ts";
import { takeIn } from "./take_in.ts";

const BOOT = "00000000000000aa";
const NEXT_BOOT = "00000000000000bb";

const ada: Connection = {
  ...{ handle: "0x4", user: "CORP\\Ada", domain: "CORP", computer: "LT-1" },
  ...{ interfaceHandle: "0x6", interfaceName: "", interfaceType: "client", flags: [] },
  ...{ connectDurationSeconds: 0 },
};

type Sketch =
  | { readonly type: "connectionUp" | "connectionHangup"; readonly connection: Connection }
  | { readonly type: "linkUp" | "linkHangup"; readonly port: Record<string, unknown> }
  | { readonly type: "serviceStart"; readonly boot: string };

const linkUp: Sketch = { type: "linkUp", port: half0(0) };

function half0(seconds: number): Record<string, unknown> {
  return {
    ...{ handle: "0x1", connectionHandle: "0x4", name: "VPN2-1", mediaName: "rastapi" },
    ...{ deviceName: "WAN Miniport (IKEv2)", deviceType: "vpn", condition: "authenticated" },
    ...{ totalCalls: 7, connectDurationSeconds: seconds },
  };
}

function linkHangup(seconds: number, bytes: number): Sketch {
  return {
    type: "linkHangup",
    port: {
      ...half0(seconds),
      ...{ hardwareCondition: "operational", lineSpeedBitsPerSecond: 1000 },
      ...{ bytesTransmitted: bytes, bytesReceived: 2, framesTransmitted: 3, framesReceived: 4 },
      errors: {
        crc: 0,
        timeout: 0,
        alignment: 0,
        hardwareOverrun: 0,
        framing: 0,
        bufferOverrun: 0,
      },
      ...{ countersMayHaveWrapped: false, compressionRatioIn: 100, compressionRatioOut: 100 },
    },
  };
}

const whole: readonly Sketch[] = [
  { type: "connectionUp", connection: ada },
  linkUp,
  linkHangup(60, 1000),
  { type: "connectionHangup", connection: ada },
];

/** A host's intake on a real store, with a journal that is drained from any place. */
class Intake implements Disposable {
  readonly folder = Deno.makeTempDirSync();
  readonly clock = new FakeClock();
  readonly said: string[] = [];
  readonly #entries: Uint8Array[] = [];
  readonly #writer = new EntryWriter();
  #position = 0x1000;
  #store = Store.open(this.folder, this.clock);
  #desk = this.#makeDesk();

  #makeDesk(): SessionDesk {
    const say = (message: string) => void this.said.push(message);
    return new SessionDesk({
      ...{ store: this.#store, clock: this.clock },
      log: { debug: say, info: say, warn: say, error: say },
      limits: { sessionWaitMs: 1000, sessionReportHours: 1 },
    });
  }

  /** Writes events into the journal. */
  come(sketches: readonly Sketch[]): void {
    for (const sketch of sketches) {
      const boot = sketch.type === "serviceStart" ? sketch.boot : BOOT;
      const id = `${boot}-${(this.#position += 64).toString(16)}`;
      const second = String(this.#entries.length).padStart(2, "0");
      const time = `2026-11-22T10:00:${second}.000000Z`;
      const common = { id, sequence: 0, time, attempt: 1, session: { source: "unknown" } };
      const service = { bootId: boot, processId: 1, libraryVersion: "0.1.0" };
      this.#entries.push(encodeEvent({ ...common, service, ...sketch } as unknown as OnhookEvent));
    }
  }

  /** @returns The new events of everything from the entry `from` on, as they were stored. */
  take({ from = 0, fails = false } = {}): OnhookEvent[] {
    const pieces = this.#entries.slice(from)
      .flatMap((entry) => [...entry, ...new Uint8Array(-entry.length & 7)]);
    const store = this.#store;
    const known = (boot: string) => store.bootPosition(boot);
    const { segment, positions } = takeIn(
      Uint8Array.from(pieces),
      store.lastSequence + 1,
      known,
      { sessions: this.#desk, isLast: true, writer: this.#writer },
    );
    const changes = this.#desk.takeChanges();
    store.transaction(() => {
      this.#desk.store(changes);
      if (segment !== undefined) store.addSegment(segment);
      for (const [boot, position] of positions) store.setBootPosition(boot, position);
      if (fails) throw new StoreError("the host died");
    });
    if (segment === undefined) return [];
    const { bytes, offsets } = segment;
    return [...offsets.subarray(0, -1)].map((at) => decodeEvent(bytes, at, 1)!);
  }

  /** The host dies and another one is started. */
  restart(): void {
    this.#store.close();
    this.#store = Store.open(this.folder, this.clock);
    this.#desk = this.#makeDesk();
  }

  reportOverlong(): void {
    this.#desk.reportOverlong();
  }

  [Symbol.dispose](): void {
    this.#store.close();
    Deno.removeSync(this.folder, { recursive: true });
  }
}

const users = (events: readonly OnhookEvent[]) =>
  events.map((event) => [event.type, "session" in event ? event.session?.user : undefined]);

Deno.test("SessionDesk tells each event of a session whose it is, and how it ended", () => {
  using intake = new Intake();
  intake.come(whole);
  const events = intake.take();
  assertEquals(users(events), [
    ["connectionUp", "CORP\\Ada"],
    ["linkUp", "CORP\\Ada"],
    ["linkHangup", "CORP\\Ada"],
    ["connectionHangup", "CORP\\Ada"],
    ["sessionEnd", "CORP\\Ada"],
  ]);
  assertEquals(events.map(({ sequence }) => sequence), [1, 2, 3, 4, 5]);
  const hangup = events[2] as Extract<OnhookEvent, { type: "linkHangup" }>;
  assertEquals(hangup.session, {
    ...{ id: `${BOOT}-1040`, user: "CORP\\Ada", domain: "CORP", computer: "LT-1" },
    account: { name: "ada", domain: "CORP", qualified: "CORP\\ada" },
    ...{ connectedAt: "2026-11-22T10:00:00.000000Z", linkCount: 0, isLastLink: true },
    ...{ uncertain: false, source: "observed" },
  });
  assertEquals(hangup.port.name, "VPN2-1");
  const { end, synthetic, id, time } = events[4] as SessionEndEvent;
  assertEquals([id, time, synthetic], [
    `${BOOT}-end-1040`,
    "2026-11-22T10:00:03.000000Z",
    false,
  ]);
  assertEquals([end!.reason, end!.durationSeconds, end!.complete], ["hangup", 3, true]);
  assertEquals(end!.totals, {
    ...{ bytesTransmitted: 1000, bytesReceived: 2, framesTransmitted: 3, framesReceived: 4 },
    mayHaveWrapped: false,
  });
  assertEquals([end!.links.length, end!.links[0]!.portName], [1, "VPN2-1"]);
});

Deno.test("SessionDesk ends each session once when the host dies before or after it is stored", () => {
  using intake = new Intake();
  intake.come(whole);
  assertThrows(() => intake.take({ fails: true }), StoreError);
  intake.restart();
  const first = intake.take();
  intake.restart();
  assertEquals(intake.take(), []);
  assertEquals(users(first).at(-1), ["sessionEnd", "CORP\\Ada"]);
  assertEquals(first.length, 5);
});

Deno.test("SessionDesk knows whose a hangup is when the host was started again in between", () => {
  using intake = new Intake();
  intake.come(whole.slice(0, 2));
  intake.take();
  intake.restart();
  intake.come(whole.slice(2));
  const events = intake.take() as Extract<OnhookEvent, { session?: unknown }>[];
  assertEquals(users(events).map(([, user]) => user), ["CORP\\Ada", "CORP\\Ada", "CORP\\Ada"]);
  for (const { session } of events) {
    assertEquals(session?.source, "restored after a restart of the host");
  }
});

Deno.test("SessionDesk closes sessions when the service was started again without hangups", () => {
  using intake = new Intake();
  intake.come([...whole.slice(0, 2), { type: "serviceStart", boot: NEXT_BOOT }]);
  const events = intake.take();
  const { synthetic, end, session } = events.at(-1) as SessionEndEvent;
  assertEquals([events.at(-2)!.type, synthetic, end!.reason, session!.user], [
    "serviceStart",
    true,
    "serviceRestarted",
    "CORP\\Ada",
  ]);
});

Deno.test("SessionDesk gives up on a connection's hangup when it does not come in time", async () => {
  using intake = new Intake();
  intake.come(whole.slice(0, 3));
  assertEquals(intake.take().length, 3);
  await intake.clock.advance(999);
  assertEquals(intake.take({ from: 3 }), []);
  intake.restart();
  await intake.clock.advance(1);
  const [end] = intake.take({ from: 3 }) as SessionEndEvent[];
  assertEquals([end!.type, end!.synthetic, end!.end!.reason, end!.sequence], [
    "sessionEnd",
    true,
    "connectionHangupMissing",
    4,
  ]);
  intake.come(whole.slice(3));
  assertEquals(users(intake.take({ from: 3 })), [["connectionHangup", undefined]]);
});

Deno.test("SessionDesk.reportOverlong() names what has been open for very long", async () => {
  using intake = new Intake();
  intake.come(whole.slice(0, 2));
  intake.take();
  await intake.clock.advance(Date.parse("2026-11-22T11:00:01Z") - intake.clock.now());
  intake.reportOverlong();
  assertEquals(intake.said.length, 1);
  intake.reportOverlong();
  assertEquals(intake.said.length, 1);
});
