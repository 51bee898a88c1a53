import type { Step } from "./scenario.ts";
import type { ScenarioFile } from "./scenario_file.ts";
import type { ConnectionFields, Port0Fields, Port1Fields, TrafficFields } from "./structures.ts";

/** `RAS_PORT_AUTHENTICATED` and `RAS_PORT_DISCONNECTED`. */
const AUTHENTICATED = 5;
const DISCONNECTED = 1;
/** `RAS_FLAGS_PPP_CONNECTION`. */
const PPP = 1;
const FIRST_HANDLE = 0x1_0000n;
const FIRST_PORT = 0x100n;
const LINE_SPEED = 1_000_000_000;

interface Spent {
  readonly seconds: number;
  readonly bytesTransmitted: number;
  readonly bytesReceived: number;
}

/**
 * Gives the callouts of a scenario file.
 *
 * @param file What `readScenarioFile` has read.
 * @returns The steps one by one, in the order of the file.
 */
export function* scenarioSteps(file: ScenarioFile): Generator<Step, void> {
  const stage = new Stage();
  for (const step of file.steps) yield stage.stepOf(step);
}

/** Who is connected, and which port has which handle. */
class Stage {
  readonly #connections = new Map<string, ConnectionFields>();
  readonly #ports = new Map<string, { readonly handle: bigint; calls: number }>();
  #nextHandle = FIRST_HANDLE;

  stepOf(step: ScenarioFile["steps"][number]): Step {
    switch (step.do) {
      case "connect":
        return { kind: "connect", connection: this.#connect(step) };
      case "link":
        this.#portOf(step.port).calls++;
        return { kind: "link", ...this.#structures(step, AUTHENTICATED, nothing) };
      case "hangup":
        return { kind: "hangup", ...this.#structures(step, DISCONNECTED, step), paced: true };
      case "reauthenticate":
        return { kind: "reauthenticate", connection: this.#connectionOf(step.of) };
      case "disconnect":
        return {
          kind: "disconnect",
          connection: {
            ...this.#connectionOf(step.of),
            connectDurationSeconds: step.seconds,
            traffic: trafficOf(step),
          },
        };
      case "restart":
        return { kind: "restart" };
      case "wait":
        return { kind: "wait", milliseconds: step.milliseconds };
    }
  }

  #connect(step: Extract<ScenarioFile["steps"][number], { do: "connect" }>): ConnectionFields {
    const handle = step.handle === undefined ? this.#nextHandle : BigInt(step.handle);
    if (step.handle === undefined) this.#nextHandle += 4n;
    const connection: ConnectionFields = {
      connection: handle,
      interface: handle + 2n & 0xffff_ffff_ffff_ffffn,
      connectDurationSeconds: 0,
      interfaceType: step.router ? 2 : 0,
      flags: PPP,
      interfaceName: step.router ? step.user : "",
      userName: step.user,
      logonDomain: step.domain,
      remoteComputer: step.computer,
      // As if it were drawn, but the same each time.
      guid: Uint8Array.from({ length: 16 }, (_, i) => (this.#connections.size * 31 + i * 7) & 0xff),
      serverAddress: "10.20.0.1",
      clientAddress: step.address,
      multilink: step.multilink,
      traffic: trafficOf(nothing),
    };
    this.#connections.set(step.as, connection);
    return connection;
  }

  #connectionOf(label: string): ConnectionFields {
    return this.#connections.get(label)!;
  }

  #portOf(name: string): { readonly handle: bigint; calls: number } {
    const known = this.#ports.get(name);
    if (known !== undefined) return known;
    const port = { handle: FIRST_PORT + BigInt(this.#ports.size * 4), calls: 0 };
    this.#ports.set(name, port);
    return port;
  }

  #structures(
    { of, port: name }: { readonly of: string; readonly port: string },
    condition: number,
    spent: Spent,
  ): { port0: Port0Fields; port1: Port1Fields } {
    const port = this.#portOf(name);
    const { connection } = this.#connectionOf(of);
    return {
      port0: {
        port: port.handle,
        connection,
        condition,
        totalCalls: port.calls,
        connectDurationSeconds: spent.seconds,
        portName: name,
        mediaName: "rastapi",
        deviceName: "WAN Miniport (SSTP)",
        deviceType: "vpn",
      },
      port1: {
        port: port.handle,
        connection,
        hardwareCondition: 0,
        lineSpeedBitsPerSecond: LINE_SPEED,
        traffic: trafficOf(spent),
        crcErrors: 0,
        timeoutErrors: 0,
        alignmentErrors: 0,
        hardwareOverrunErrors: 0,
        framingErrors: 0,
        bufferOverrunErrors: 0,
      },
    };
  }
}

const nothing: Spent = { seconds: 0, bytesTransmitted: 0, bytesReceived: 0 };

/** Frames of 1000 bytes; nothing is compressed. */
function trafficOf({ bytesTransmitted, bytesReceived }: Spent): TrafficFields {
  return {
    bytesTransmitted,
    bytesReceived,
    framesTransmitted: Math.ceil(bytesTransmitted / 1000),
    framesReceived: Math.ceil(bytesReceived / 1000),
    compressionRatioIn: 100,
    compressionRatioOut: 100,
  };
}
