/**
 * The whole way on Windows: RAS's list in the registry, our DLL between two others, the host with
 * the registry's plugins. The stand-in is a process of its own, as the remote access service is.
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import type { LinkHangupEvent } from "onhook";
import { NativeError } from "../../host/internal/errors.ts";
import { startSimulator } from "../../host/simulator/start_simulator.ts";
import { ONHOOK_KEYS } from "../../host/windows/onhook_keys.ts";
import { systemHive } from "../../host/windows/system_hive.ts";
import { HostProcess } from "../support/host_process.ts";
import { TestWorld } from "../support/test_world.ts";
import { testWhere } from "../support/test_where.ts";
import { foreignDll } from "./foreign_dlls.ts";
import { textValue } from "../../host/windows/registry_values.ts";

/** Puts a list where RAS reads it, and takes it away again. */
function listed(text: string): Disposable {
  const before = systemHive.value(ONHOOK_KEYS.adminDll, "DLLPath");
  systemHive.setValue(ONHOOK_KEYS.adminDll, "DLLPath", textValue(text));
  return {
    [Symbol.dispose]: () =>
      before === undefined
        ? systemHive.deleteValue(ONHOOK_KEYS.adminDll, "DLLPath")
        : systemHive.setValue(ONHOOK_KEYS.adminDll, "DLLPath", before),
  };
}

/** Puts recorders into the Windows registry, in this order, and takes them away again. */
function registered(world: TestWorld, ids: readonly string[]): Disposable {
  const recorder = fromFileUrl(new URL("../support/plugins/recorder.ts", import.meta.url));
  systemHive.setValue(ONHOOK_KEYS.plugins, "PluginPath", textValue(ids.join(";")));
  systemHive.setValue(ONHOOK_KEYS.plugins, "BaseFolder", textValue(world.folder));
  for (const id of ids) {
    const key = `${ONHOOK_KEYS.plugins}\\${id}`;
    systemHive.setValue(key, "Path", textValue(recorder));
    const permissions = JSON.stringify({ write: [world.records] });
    systemHive.setValue(key, "Permissions", textValue(permissions));
    systemHive.setValue(key, "Config", textValue(JSON.stringify({ file: world.records })));
  }
  return {
    [Symbol.dispose]: () => {
      for (const id of ids) systemHive.deleteKey(`${ONHOOK_KEYS.plugins}\\${id}`);
      systemHive.deleteValue(ONHOOK_KEYS.plugins, "PluginPath");
      systemHive.deleteValue(ONHOOK_KEYS.plugins, "BaseFolder");
    },
  };
}

interface ForeignCall {
  readonly dll: string;
  readonly what: string;
  readonly thread: string;
  readonly connection: string;
}

function callsIn(log: string): ForeignCall[] {
  return Deno.readTextFileSync(log).trim().split("\n").map((line) => {
    const [dll, what, thread, connection] = line.split(" ") as [string, string, string, string];
    return { dll, what, thread, connection };
  });
}

testWhere(
  "foreignDlls",
  "hangups reach the plugins of the Windows registry, between two foreign DLLs",
  async () => {
    await using world = await TestWorld.make([]);
    const log = join(world.folder, "foreign.log");
    using _dlls = listed(
      `${foreignDll("first")}; ${world.libraryPath};${foreignDll("second")}`,
    );
    // Neither by name nor by number: what comes first in the list comes first.
    using _plugins = registered(world, ["zebra", "ape", "mule"]);
    const places = { folder: world.folder, journal: world.journal, registry: "windows" };
    await using host = await HostProcess.start(places);
    Deno.env.set("FOREIGN_DLL_LOG", log);
    const played = await startSimulator({
      libraryPath: world.libraryPath,
      journalPath: world.journal,
      registered: true,
      count: 40,
      ports: 12,
      linksPerConnection: 2,
      seed: 5,
    }).done;
    assertEquals(played?.hangups, 40);
    const all = played!.callouts;
    // Ends of sessions are the host's own events, and no callout's.
    const heard = () =>
      new Set(
        world.recorded().filter(({ plugin, event }) =>
          plugin === "mule" && event.type !== "sessionEnd"
        ).map(({ event }) => event.sequence),
      );
    await host.until(() => heard().size === all, "the last plugin has all events");
    const last = Math.max(...heard());

    const records = world.recorded();
    for (let sequence = 1; sequence <= last; sequence++) {
      const order = records.filter(({ event }) => event.sequence === sequence);
      assertEquals(
        order.map(({ plugin }) => plugin),
        ["zebra", "ape", "mule"],
        `event ${sequence}`,
      );
      for (const { event } of order) assertEquals(event, order[0]!.event);
    }
    const calls = callsIn(log);
    assertEquals(calls.length, all * 2);
    assertEquals(calls.filter(({ what }) => what === "start").map(({ dll }) => dll), [
      "first",
      "second",
    ]);
    // Each callout is in the first DLL before it is in the second.
    for (const [what, ofOne] of Map.groupBy(calls, ({ what, connection }) => what + connection)) {
      ofOne.forEach(({ dll }, i) => assertEquals(dll, i % 2 === 0 ? "first" : "second", what));
    }
    const threads = new Set(calls.map(({ thread }) => thread)).size;
    assert(threads > 1, `${threads} thread made the callouts`);
  },
);

testWhere(
  "foreignDlls",
  "every field of a hangup is exact from RAS's structures to the plugin",
  async () => {
    await using world = await TestWorld.make([]);
    using _dlls = listed(`${foreignDll("first")};${world.libraryPath};${foreignDll("second")}`);
    using _plugins = registered(world, ["only"]);
    const places = { folder: world.folder, journal: world.journal, registry: "windows" };
    await using host = await HostProcess.start(places);
    await startSimulator({
      libraryPath: world.libraryPath,
      journalPath: world.journal,
      registered: true,
      scenario: {
        steps: [
          {
            do: "connect",
            as: "a",
            user: "EXAMPLE\\änne",
            address: "10.20.0.9",
            handle: "0x1a2b3c4d",
          },
          { do: "link", of: "a", port: "VPN2-127" },
          {
            do: "hangup",
            of: "a",
            port: "VPN2-127",
            seconds: 3723,
            bytesTransmitted: 4_294_967_295,
            bytesReceived: 1001,
          },
          { do: "disconnect", of: "a", seconds: 3723 },
        ],
      },
    }).done;
    await host.until(() => world.distinct("only") === 7, "all events are there");
    const hangup = world.recorded().map(({ event }) => event)
      .find((event): event is LinkHangupEvent => event.type === "linkHangup")!;
    assertEquals(hangup.port, {
      handle: "0x100",
      connectionHandle: "0x1a2b3c4d",
      name: "VPN2-127",
      mediaName: "rastapi",
      deviceName: "WAN Miniport (SSTP)",
      deviceType: "vpn",
      condition: "disconnected",
      hardwareCondition: "operational",
      totalCalls: 1,
      connectDurationSeconds: 3723,
      lineSpeedBitsPerSecond: 1_000_000_000,
      bytesTransmitted: 4_294_967_295,
      bytesReceived: 1001,
      framesTransmitted: 4_294_968,
      framesReceived: 2,
      countersMayHaveWrapped: true,
      errors: {
        crc: 0,
        timeout: 0,
        alignment: 0,
        hardwareOverrun: 0,
        framing: 0,
        bufferOverrun: 0,
      },
      compressionRatioIn: 100,
      compressionRatioOut: 100,
    });
  },
);

/** A DLL for another processor. */
function dllForArm(world: TestWorld): string {
  const bytes = Deno.readFileSync(world.libraryPath);
  bytes.set([0x64, 0xaa], new DataView(bytes.buffer).getUint32(0x3c, true) + 4);
  const path = join(world.folder, "arm.dll");
  Deno.writeFileSync(path, bytes);
  return path;
}

const REFUSALS: [string, number, string, (world: TestWorld) => string][] = [
  ["is not there", 126, "cannot be found", ({ folder }) => join(folder, "none.dll")],
  ["needs a library that is not there", 126, "needs", () => foreignDll("needsMissing")],
  ["lacks a function", 127, "MprAdminLinkHangupNotification", () => foreignDll("withoutHangup")],
  ["is for another processor", 193, "arm64", dllForArm],
  ["is no library", 193, "is no library", ({ registry }) => registry],
];

for (const [what, code, words, path] of REFUSALS) {
  testWhere(
    "foreignDlls",
    `the service does not start when a DLL of the list ${what}`,
    async () => {
      await using world = await TestWorld.make([]);
      using _dlls = listed(`${world.libraryPath};${path(world)}`);
      const { done } = startSimulator({
        libraryPath: world.libraryPath,
        journalPath: world.journal,
        registered: true,
      });
      const { message } = await assertRejects(() => done, NativeError);
      assert(message.includes(`(error ${code})`) && message.includes(words), message);
      assert(message.includes("entry 2 of DLLPath"), message);
      assert(!await Deno.stat(world.journal).then(() => true, () => false), "nothing has started");
    },
  );
}

testWhere(
  "foreignDlls",
  "the service does not start when a DLL says so, nor with ours before it",
  async () => {
    await using world = await TestWorld.make([]);
    using _dlls = listed(`${world.libraryPath};${foreignDll("refusesStart")}`);
    const { done } = startSimulator({
      libraryPath: world.libraryPath,
      journalPath: world.journal,
      registered: true,
    });
    const { message } = await assertRejects(() => done, NativeError);
    assert(message.includes("gave 87, 0 is wanted"), message);
  },
);
