import { type Fate, Fates } from "./_fates.ts";
import { makePerson, makePorts, makeRouter, type SimulatedPort } from "./_people.ts";
import { SeededRandom } from "./seeded_random.ts";
import type { SimulatorSettings } from "./simulator_options.ts";
import type { ConnectionFields, Port0Fields, Port1Fields, TrafficFields } from "./structures.ts";

const SECONDS_MEDIAN = 45 * 60;
const SECONDS_SPREAD = 1.1;
const SECONDS_MAX = 12 * 60 * 60;
const BYTES_PER_SECOND_MEDIAN = 40_000;
const BYTES_PER_SECOND_SPREAD = 1.5;
const UINT32_END = 0x1_0000_0000;
/** `RAS_PORT_AUTHENTICATED` and `RAS_PORT_DISCONNECTED`. */
const AUTHENTICATED = 5;
const DISCONNECTED = 1;
/** `ROUTER_IF_TYPE_CLIENT` and `ROUTER_IF_TYPE_FULL_ROUTER`. */
const CLIENT = 0;
const FULL_ROUTER = 2;
const FIRST_HANDLE = 0x1_0000n;
/** `PPP_LCP_INFO` after EAP-MSCHAPv2 with compressed headers; the type of EAP is the last but one. */
const LCP_OF_PPP = [0, 0xc227, 0, 0, 0, 0, 0, 0x6, 0x6, 26, 0] as const;
/** `RAS_FLAGS_PPP_CONNECTION`. */
const PPP = 0x1;

/** One callout of RAS, with what it says. */
export type Step =
  | { readonly kind: "connect" | "reauthenticate"; readonly connection: ConnectionFields }
  | { readonly kind: "disconnect"; readonly connection: ConnectionFields }
  | { readonly kind: "link"; readonly port0: Port0Fields; readonly port1: Port1Fields }
  | {
    readonly kind: "hangup";
    readonly port0: Port0Fields;
    readonly port1: Port1Fields;
    /** Whether to wait here for the wanted rate; within a storm nobody waits. */
    readonly paced: boolean;
  }
  /** The service stops and starts; who was connected is not heard of again. */
  | { readonly kind: "restart" }
  /** Nothing happens for a while. */
  | { readonly kind: "wait"; readonly milliseconds: number };

/** What of the options determines a day. */
export type ScenarioSettings =
  & Pick<SimulatorSettings, "count" | "ports" | "linksPerConnection" | "storm">
  & Partial<
    Pick<
      SimulatorSettings,
      "users" | "reuseHandles" | "siteToSiteShare" | "refusedShare" | "lostShare" | "restarts"
    >
  >;

interface Session {
  readonly connection: ConnectionFields;
  readonly ports: readonly SimulatedPort[];
}

/**
 * Makes a server's day: people connect and go, in the order that RAS documents for each session.
 * The server fills up, and empties towards the end; with `storm`, everybody connects and then all
 * ports go down at once, again and again. Connections that another DLL refuses, whose peer
 * vanishes, or that a restart of the service cuts off come besides: their links are not counted.
 *
 * @param settings How many link hangups, ports and links.
 * @param seed Determines every number and name of the day.
 * @returns The callouts one by one, made when they are asked for; exactly `count` hangups.
 */
export function* makeScenario(settings: ScenarioSettings, seed: number): Generator<Step, void> {
  const day = new Day(settings, new SeededRandom(seed), new Fates(settings, seed));
  while (day.hangupsLeft > 0) {
    if (day.wantsRestart) {
      yield* day.restart();
    } else if (settings.storm) {
      while (day.canConnect) yield* day.connect();
      for (let first = true; day.connected > 0; first = false) yield* day.disconnect(first);
    } else if (day.wantsConnection) {
      yield* day.connect();
    } else {
      yield* day.disconnect(true);
    }
  }
}

class Day {
  readonly #settings: ScenarioSettings;
  readonly #random: SeededRandom;
  readonly #free: SimulatedPort[];
  readonly #fates: Fates;
  readonly #sessions: Session[] = [];
  /** Connections that will never hang up keep their ports. */
  readonly #lost: Session[] = [];
  readonly #freeHandles: bigint[] = [];
  #linksPlanned: number;
  #nextConnection = FIRST_HANDLE;
  #restarts = 0;
  hangupsLeft: number;

  constructor(settings: ScenarioSettings, random: SeededRandom, fates: Fates) {
    this.#settings = settings;
    this.#random = random;
    this.#fates = fates;
    this.#free = makePorts(settings.ports, random);
    this.#linksPlanned = settings.count;
    this.hangupsLeft = settings.count;
  }

  get connected(): number {
    return this.#sessions.length;
  }

  /** Links that are never opened are never hung up, so the number of hangups comes out right. */
  get canConnect(): boolean {
    return this.#linksPlanned > 0 && this.#free.length >= this.#nextLinks;
  }

  /** From a few users in the morning over a full server at noon to a few in the evening. */
  get wantsConnection(): boolean {
    if (this.connected === 0) return true;
    const progress = 1 - this.hangupsLeft / this.#settings.count;
    const wanted = this.#settings.ports * (0.1 + 0.75 * Math.sin(Math.PI * progress));
    const used = this.#settings.ports - this.#free.length;
    return this.canConnect && this.#random.chance(used < wanted ? 0.7 : 0.3);
  }

  /** Restarts are spread evenly over the hangups. */
  get wantsRestart(): boolean {
    const { count, restarts = 0 } = this.#settings;
    const hungUp = count - this.hangupsLeft;
    return this.#restarts < restarts && hungUp * (restarts + 1) >= count * (this.#restarts + 1);
  }

  *restart(): Generator<Step, void> {
    this.#restarts++;
    for (const { ports } of this.#sessions) this.#linksPlanned += ports.length;
    for (const { ports } of [...this.#sessions, ...this.#lost]) this.#free.push(...ports);
    this.#sessions.length = 0;
    this.#lost.length = 0;
    if (this.#reusesHandles) {
      this.#freeHandles.length = 0;
      this.#nextConnection = FIRST_HANDLE;
    }
    yield { kind: "restart" };
  }

  get #reusesHandles(): boolean {
    return this.#settings.reuseHandles ?? false;
  }

  get #nextLinks(): number {
    return Math.min(this.#settings.linksPerConnection, this.#linksPlanned);
  }

  *connect(): Generator<Step, void> {
    const fate = this.#fates.next();
    if (fate === "lost") yield* this.#lose();
    else if (fate !== "person" && fate !== "router") yield* this.#refuse(fate);
    const ports = this.#takePorts();
    this.#linksPlanned -= ports.length;
    const connection = this.#makeConnection(ports, fate === "router");
    this.#sessions.push({ connection, ports });
    yield* this.#open(connection, ports);
    if (this.#random.chance(0.02)) yield { kind: "reauthenticate", connection };
  }

  *#open(connection: ConnectionFields, ports: readonly SimulatedPort[]): Generator<Step, void> {
    yield { kind: "connect", connection };
    for (const port of ports) {
      port.calls++;
      yield {
        kind: "link",
        port0: this.#port0(port, connection, AUTHENTICATED),
        port1: this.#port1(port, connection, noTraffic),
      };
    }
  }

  /** Another DLL refuses the connection or its link, after ours has said yes. */
  *#refuse(fate: Exclude<Fate, "person" | "router" | "lost">): Generator<Step, void> {
    const [port] = this.#free;
    const isLinkAsked = fate === "linkRefused" || fate === "linkRefusedSilently";
    const connection = this.#makeConnection([port!], false);
    yield* this.#open(connection, isLinkAsked ? [port!] : []);
    if (fate === "refused" || fate === "linkRefused") yield { kind: "disconnect", connection };
    this.#freeHandles.push(connection.connection);
  }

  /** Somebody comes and is never heard of again, as long as ports are left for others. */
  *#lose(): Generator<Step, void> {
    if (this.#free.length <= this.#settings.ports / 2 + this.#nextLinks) return;
    const ports = this.#takePorts();
    const connection = this.#makeConnection(ports, false);
    this.#lost.push({ connection, ports });
    yield* this.#open(connection, ports);
  }

  #takePorts(): SimulatedPort[] {
    return Array.from({ length: this.#nextLinks }, () => this.#takePort());
  }

  *disconnect(paced: boolean): Generator<Step, void> {
    const index = this.#random.integer(0, this.#sessions.length - 1);
    const session = this.#sessions[index]!;
    this.#sessions[index] = this.#sessions.at(-1)!;
    this.#sessions.pop();
    const seconds = this.#logNormal(SECONDS_MEDIAN, SECONDS_SPREAD, SECONDS_MAX);
    const connection = { ...session.connection, connectDurationSeconds: seconds };
    let total: TrafficFields = noTraffic;
    // The last link comes first: the one that the connection began with is the last to go.
    for (const port of session.ports.toReversed()) {
      const traffic = this.#makeTraffic(seconds);
      total = addTraffic(total, traffic);
      this.hangupsLeft--;
      this.#free.push(port);
      yield {
        kind: "hangup",
        port0: this.#port0(port, connection, DISCONNECTED),
        port1: this.#port1(port, connection, traffic),
        paced,
      };
    }
    yield { kind: "disconnect", connection: { ...connection, traffic: total } };
    this.#freeHandles.push(connection.connection);
  }

  #takeHandle(): bigint {
    const old = this.#reusesHandles ? this.#freeHandles.pop() : undefined;
    if (old !== undefined) return old;
    const handle = this.#nextConnection;
    this.#nextConnection += 4n;
    return handle;
  }

  #takePort(): SimulatedPort {
    const index = this.#random.integer(0, this.#free.length - 1);
    const port = this.#free[index]!;
    this.#free[index] = this.#free.at(-1)!;
    this.#free.pop();
    return port;
  }

  #makeConnection(ports: readonly SimulatedPort[], isRouter: boolean): ConnectionFields {
    const client = this.#random.integer(2, 0xfffe);
    const handle = this.#takeHandle();
    const { flags } = ports[0]!;
    return {
      connection: handle,
      interface: handle + 2n,
      connectDurationSeconds: 0,
      interfaceType: isRouter ? FULL_ROUTER : CLIENT,
      flags,
      interfaceName: "",
      ...(isRouter ? makeRouter(this.#random) : makePerson(this.#random, this.#settings.users)),
      negotiated: (flags & PPP) !== 0 ? { lcp: LCP_OF_PPP } : {},
      guid: Uint8Array.from({ length: 16 }, () => this.#random.integer(0, 255)),
      serverAddress: "10.20.0.1",
      clientAddress: `10.20.${client >>> 8}.${client & 0xff}`,
      multilink: ports.length > 1,
      traffic: noTraffic,
    };
  }

  #port0(port: SimulatedPort, connection: ConnectionFields, condition: number): Port0Fields {
    return {
      port: port.handle,
      connection: connection.connection,
      condition,
      totalCalls: port.calls,
      connectDurationSeconds: connection.connectDurationSeconds,
      portName: port.name,
      mediaName: "rastapi",
      deviceName: port.deviceName,
      deviceType: "vpn",
    };
  }

  #port1(port: SimulatedPort, connection: ConnectionFields, traffic: TrafficFields): Port1Fields {
    const errors = () => this.#random.chance(0.01) ? this.#random.integer(1, 20) : 0;
    return {
      port: port.handle,
      connection: connection.connection,
      hardwareCondition: this.#random.chance(0.002) ? 1 : 0,
      lineSpeedBitsPerSecond: port.lineSpeedBitsPerSecond,
      traffic,
      crcErrors: errors(),
      timeoutErrors: errors(),
      alignmentErrors: 0,
      hardwareOverrunErrors: 0,
      framingErrors: errors(),
      bufferOverrunErrors: 0,
    };
  }

  /** Long and busy connections wrap their 32-bit counters, as on a real server. */
  #makeTraffic(seconds: number): TrafficFields {
    const rate = () =>
      this.#logNormal(BYTES_PER_SECOND_MEDIAN, BYTES_PER_SECOND_SPREAD, 100_000_000);
    const transmitted = rate() * seconds;
    const received = Math.floor(rate() * seconds / 4);
    const ratio = () => this.#random.chance(0.8) ? 100 : this.#random.integer(35, 99);
    return {
      bytesTransmitted: transmitted % UINT32_END,
      bytesReceived: received % UINT32_END,
      framesTransmitted: Math.ceil(transmitted / this.#random.integer(300, 1300)) % UINT32_END,
      framesReceived: Math.ceil(received / this.#random.integer(80, 700)) % UINT32_END,
      compressionRatioIn: ratio(),
      compressionRatioOut: ratio(),
    };
  }

  #logNormal(median: number, spread: number, max: number): number {
    return Math.min(Math.max(Math.round(this.#random.logNormal(median, spread)), 1), max);
  }
}

const noTraffic: TrafficFields = {
  bytesTransmitted: 0,
  bytesReceived: 0,
  framesTransmitted: 0,
  framesReceived: 0,
  compressionRatioIn: 100,
  compressionRatioOut: 100,
};

/** Counters of a connection are those of its links together, and wrap alike. */
function addTraffic(a: TrafficFields, b: TrafficFields): TrafficFields {
  return {
    ...b,
    bytesTransmitted: (a.bytesTransmitted + b.bytesTransmitted) % UINT32_END,
    bytesReceived: (a.bytesReceived + b.bytesReceived) % UINT32_END,
    framesTransmitted: (a.framesTransmitted + b.framesTransmitted) % UINT32_END,
    framesReceived: (a.framesReceived + b.framesReceived) % UINT32_END,
  };
}
