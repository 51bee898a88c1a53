import { assertEquals } from "@std/assert";
import { closestName } from "./closest_name.ts";

Deno.test("closestName() finds the name that was meant when a little is wrong", () => {
  const names = ["timeoutMs", "memoryMb", "enabled", "id"];
  assertEquals(closestName("timeoutMS", names), "timeoutMs");
  assertEquals(closestName("enable", names), "enabled");
  assertEquals(closestName("memory", names), "memoryMb");
  assertEquals(closestName("ID", names), "id");
  assertEquals(closestName("hots", ["demo", "host"]), "host");
  assertEquals(closestName("lst", ["list", "add"]), "list");
});

Deno.test("closestName() finds nothing when no name is near", () => {
  assertEquals(closestName("xyz", ["timeoutMs", "id"]), undefined);
  assertEquals(closestName("anything", []), undefined);
  assertEquals(closestName("x".repeat(100_000), ["id"]), undefined);
});
