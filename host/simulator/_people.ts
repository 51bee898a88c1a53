import type { SeededRandom } from "./seeded_random.ts";

/** Tunnels that a server offers, with the share of its ports and how its names look. */
const tunnels = [
  { share: 0.5, prefix: "VPN2", deviceName: "WAN Miniport (IKEv2)", flags: 0x10 },
  { share: 0.3, prefix: "VPN0", deviceName: "WAN Miniport (SSTP)", flags: 0x01 },
  { share: 0.15, prefix: "VPN1", deviceName: "WAN Miniport (L2TP)", flags: 0x01 },
  { share: 0.05, prefix: "VPN3", deviceName: "WAN Miniport (PPTP)", flags: 0x01 },
] as const;

const users = [
  "ada.lindqvist",
  "b.okafor",
  "CORP\\c.moreau",
  "dmitri.s",
  "elif@corp.example",
  "f.nakamura",
  "grace.h",
  "helpdesk",
  "i.o'neill",
  "jürgen.groß",
  "k.tanaka",
  "李.娜",
  "svc-backup",
] as const;

const branches = ["Bergen", "Gent", "Kassel", "Lublin", "Porto"] as const;

/** Another site's router, which logs on as the interface that it comes in on. */
export function makeRouter(
  random: SeededRandom,
): { userName: string; logonDomain: string; remoteComputer: string; interfaceName: string } {
  const interfaceName = `Branch-${random.pick(branches)}`;
  return { userName: interfaceName, logonDomain: "", remoteComputer: "", interfaceName };
}

/** A port of the server; it serves many connections, one after the other. */
export interface SimulatedPort {
  readonly handle: bigint;
  readonly name: string;
  readonly deviceName: string;
  /** `RAS_FLAGS_*` of the connections on it. */
  readonly flags: number;
  readonly lineSpeedBitsPerSecond: number;
  /** Calls so far. */
  calls: number;
}

/** The ports of a server, numbered within each tunnel as Windows does it. */
export function makePorts(count: number, random: SeededRandom): SimulatedPort[] {
  const numbers = tunnels.map(() => 0);
  return Array.from({ length: count }, (_, index) => {
    const tunnel = tunnelAt((index + 0.5) / count);
    const { prefix, deviceName, flags } = tunnels[tunnel]!;
    return {
      handle: BigInt(0x100 + index * 4),
      name: `${prefix}-${numbers[tunnel]!++}`,
      deviceName,
      flags,
      lineSpeedBitsPerSecond: random.pick([100_000_000, 1_000_000_000, 2_500_000_000]),
      calls: random.integer(0, 5000),
    };
  });
}

function tunnelAt(fraction: number): number {
  let bound = 0;
  const found = tunnels.findIndex((tunnel) => fraction <= (bound += tunnel.share));
  return found === -1 ? tunnels.length - 1 : found;
}

/** Who connects, and from which computer; one of `count` people. */
export function makePerson(
  random: SeededRandom,
  count: number = users.length,
): { userName: string; logonDomain: string; remoteComputer: string } {
  const number = random.integer(0, 9999).toString().padStart(4, "0");
  const person = random.integer(0, count - 1);
  return {
    userName: users[person] ?? `user${person}`,
    logonDomain: random.chance(0.95) ? "CORP" : "",
    remoteComputer: random.chance(0.9) ? `LT-${number}` : "",
  };
}
