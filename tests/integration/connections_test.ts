/** The callouts about connections on their way to a plugin's handlers. */
import { assertEquals } from "@std/assert";
import { startSimulator } from "../../host/simulator/start_simulator.ts";
import { TestWorld } from "../support/test_world.ts";

Deno.test("each of RAS's callouts reaches the handler that is named after it", async () => {
  await using world = await TestWorld.make([{
    id: "handlers",
    file: "handlers",
    permissions: { write: ["./records.jsonl"] },
    config: { file: "./records.jsonl" },
  }]);
  await using host = await world.startHost();
  const { done } = startSimulator({
    libraryPath: world.libraryPath,
    journalPath: world.journal,
    progress: false,
    scenario: {
      steps: [
        { do: "connect", as: "a", user: "CORP\\alice" },
        { do: "link", of: "a", port: "VPN2-0" },
        { do: "reauthenticate", of: "a" },
        { do: "hangup", of: "a", port: "VPN2-0" },
        { do: "disconnect", of: "a" },
      ],
    },
  });
  assertEquals((await done)?.callouts, 7);
  await host.until(() => world.recorded().length >= 7, "all callouts are told");
  assertEquals(world.recorded().map(({ plugin, event }) => [plugin, event.type]), [
    ["onServiceStart", "serviceStart"],
    ["onConnectionUp", "connectionUp"],
    ["onLinkUp", "linkUp"],
    ["onReauthentication", "reauthentication"],
    ["onLinkHangup", "linkHangup"],
    ["onConnectionHangup", "connectionHangup"],
    ["onServiceStop", "serviceStop"],
  ]);
});
