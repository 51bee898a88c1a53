import { assertEquals } from "@std/assert";
import { rasLayout } from "./ras_layout.ts";
import { type ConnectionFields, type Structure, structures } from "./structures.ts";

const traffic = {
  bytesTransmitted: 0xa000_0001,
  bytesReceived: 0xa000_0002,
  framesTransmitted: 0xa000_0003,
  framesReceived: 0xa000_0004,
  compressionRatioIn: 0xa000_0005,
  compressionRatioOut: 0xa000_0006,
};

const port0 = structures.port0({
  port: 0x1111_2222_3333_4444n,
  connection: 0x5555_6666_7777_8888n,
  condition: 0xb000_0001,
  totalCalls: 0xb000_0002,
  connectDurationSeconds: 0xb000_0003,
  portName: "port",
  mediaName: "media",
  deviceName: "device",
  deviceType: "type",
});

const port1 = structures.port1({
  port: 0x1111_2222_3333_4444n,
  connection: 0x5555_6666_7777_8888n,
  hardwareCondition: 0xc000_0001,
  lineSpeedBitsPerSecond: 0xc000_0002,
  traffic,
  crcErrors: 0xc000_0003,
  timeoutErrors: 0xc000_0004,
  alignmentErrors: 0xc000_0005,
  hardwareOverrunErrors: 0xc000_0006,
  framingErrors: 0xc000_0007,
  bufferOverrunErrors: 0xc000_0008,
});

const connection: ConnectionFields = {
  connection: 0x5555_6666_7777_8888n,
  interface: 0x9999_aaaa_bbbb_ccccn,
  connectDurationSeconds: 0xd000_0001,
  interfaceType: 0xd000_0002,
  flags: 0xd000_0003,
  interfaceName: "interface",
  userName: "user",
  logonDomain: "domain",
  remoteComputer: "computer",
  guid: Uint8Array.from({ length: 16 }, (_, i) => i + 1),
  serverAddress: "10.0.0.1",
  clientAddress: "10.0.0.2",
  multilink: true,
  traffic,
  negotiated: {
    ipError: 0xe000_0001,
    ipOptions: [0xe000_0002, 0xe000_0003],
    ccp: [1, 2, 3, 4, 5].map((n) => 0xe100_0000 + n),
    lcp: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((n) => 0xe200_0000 + n),
    ipv6: Uint8Array.from({ length: 48 }, (_, i) => 0x80 + i),
    errors: [1, 2, 3, 4, 5, 6].map((n) => 0xe300_0000 + n),
    quarantineState: 0xe400_0001,
    timer: 0xe500_0002_e500_0001n,
  },
};

// The numbers are those of the Windows SDK, written out once more on purpose: a slip in the layout
// table must not be able to hide in its own test.
const u64 = (bytes: Structure, at: number) => new DataView(bytes.buffer).getBigUint64(at, true);
const u32 = (bytes: Structure, at: number) => new DataView(bytes.buffer).getUint32(at, true);
const text = (bytes: Structure, at: number, units: number) =>
  new TextDecoder("utf-16le").decode(bytes.subarray(at, at + units * 2)).replace(/\0+$/, "");

Deno.test("structures.port0() puts every field where RAS_PORT_0 has it when it is filled", () => {
  assertEquals(port0.length, 392);
  assertEquals(u64(port0, 0), 0x1111_2222_3333_4444n);
  assertEquals(u64(port0, 8), 0x5555_6666_7777_8888n);
  assertEquals([16, 20, 24].map((at) => u32(port0, at)), [0xb000_0001, 0xb000_0002, 0xb000_0003]);
  assertEquals(text(port0, 28, 17), "port");
  assertEquals(text(port0, 62, 17), "media");
  assertEquals(text(port0, 96, 129), "device");
  assertEquals(text(port0, 354, 17), "type");
  assertEquals(u32(port0, 388), 0);
});

Deno.test("structures.port1() puts every field where RAS_PORT_1 has it when it is filled", () => {
  assertEquals(port1.length, 72);
  assertEquals(u64(port1, 0), 0x1111_2222_3333_4444n);
  assertEquals(u64(port1, 8), 0x5555_6666_7777_8888n);
  const numbers = Array.from({ length: 14 }, (_, index) => u32(port1, 16 + index * 4));
  assertEquals(numbers, [
    0xc000_0001, // dwHardwareCondition
    0xc000_0002, // dwLineSpeed
    0xa000_0001, // dwBytesXmited
    0xa000_0002, // dwBytesRcved
    0xa000_0003, // dwFramesXmited
    0xa000_0004, // dwFramesRcved
    0xc000_0003, // dwCrcErr
    0xc000_0004, // dwTimeoutErr
    0xc000_0005, // dwAlignmentErr
    0xc000_0006, // dwHardwareOverrunErr
    0xc000_0007, // dwFramingErr
    0xc000_0008, // dwBufferOverrunErr
    0xa000_0005, // dwCompressionRatioIn
    0xa000_0006, // dwCompressionRatioOut
  ]);
});

Deno.test("structures.connection0() puts every field where RAS_CONNECTION_0 has it", () => {
  const bytes = structures.connection0(connection);
  assertEquals(bytes.length, 1128);
  assertEquals(u64(bytes, 0), 0x5555_6666_7777_8888n);
  assertEquals(u64(bytes, 8), 0x9999_aaaa_bbbb_ccccn);
  assertEquals([16, 20, 24].map((at) => u32(bytes, at)), [0xd000_0001, 0xd000_0002, 0xd000_0003]);
  assertEquals(text(bytes, 28, 257), "interface");
  assertEquals(text(bytes, 542, 257), "user");
  assertEquals(text(bytes, 1056, 16), "domain");
  assertEquals(text(bytes, 1088, 17), "computer");
});

Deno.test("structures.connection1() puts every field where RAS_CONNECTION_1 has it", () => {
  const bytes = structures.connection1(connection);
  assertEquals(bytes.length, 296);
  assertEquals(u64(bytes, 0), 0x5555_6666_7777_8888n);
  assertEquals(u64(bytes, 8), 0x9999_aaaa_bbbb_ccccn);
  assertEquals([text(bytes, 60, 16), text(bytes, 92, 16)], ["10.0.0.1", "10.0.0.2"]);
  assertEquals(
    [248, 252, 256, 260, 288, 292].map((at) => u32(bytes, at)),
    [0xa000_0001, 0xa000_0002, 0xa000_0003, 0xa000_0004, 0xa000_0005, 0xa000_0006],
  );
  assertEquals(u32(bytes, 56), 0xe000_0001);
  assertEquals(
    [264, 268, 272, 276, 280, 284].map((at) => u32(bytes, at)),
    [1, 2, 3, 4, 5, 6].map((n) => 0xe300_0000 + n),
  );
});

/** What both newer structures have of IPCP, CCP and LCP, each at its own place. */
function checkNegotiated(bytes: Structure, ip: number, ccp: number, lcp: number): void {
  assertEquals([ip, ip + 68, ip + 72].map((at) => u32(bytes, at)), [
    0xe000_0001, // dwError
    0xe000_0002, // dwOptions
    0xe000_0003, // dwRemoteOptions
  ]);
  const numbers = (at: number, count: number) =>
    Array.from({ length: count }, (_, index) => u32(bytes, at + index * 4));
  assertEquals(numbers(ccp, 5), [1, 2, 3, 4, 5].map((n) => 0xe100_0000 + n));
  assertEquals(
    numbers(lcp, 11),
    // The options of the server's side are the eighth, with the bit of multilink.
    [1, 2, 3, 4, 5, 6, 7, 9, 9, 10, 11].map((n) => 0xe200_0000 + n),
  );
}

Deno.test("structures.connection2() puts every field where RAS_CONNECTION_2 has it", () => {
  const bytes = structures.connection2(connection);
  assertEquals(bytes.length, 848);
  assertEquals(u64(bytes, 0), 0x5555_6666_7777_8888n);
  assertEquals(text(bytes, 8, 257), "user");
  assertEquals(u32(bytes, 524), 0xd000_0002);
  assertEquals([...bytes.subarray(528, 544)], [...connection.guid]);
  assertEquals([text(bytes, 588, 16), text(bytes, 620, 16)], ["10.0.0.1", "10.0.0.2"]);
  checkNegotiated(bytes, 584, 784, 804);
  assertEquals(u32(structures.connection2({ ...connection, negotiated: {} }), 832), 1);
});

Deno.test("structures.connection3() puts every field where RAS_CONNECTION_3 has it", () => {
  const bytes = structures.connection3(connection);
  assertEquals(bytes.length, 792);
  assertEquals([u32(bytes, 0), u32(bytes, 4)], [1, 792]);
  assertEquals(u64(bytes, 8), 0x5555_6666_7777_8888n);
  assertEquals(text(bytes, 16, 257), "user");
  assertEquals(u32(bytes, 532), 0xd000_0002);
  assertEquals([...bytes.subarray(536, 552)], [...connection.guid]);
  assertEquals([text(bytes, 596, 16), text(bytes, 628, 16)], ["10.0.0.1", "10.0.0.2"]);
  checkNegotiated(bytes, 592, 716, 736);
  assertEquals([...bytes.subarray(668, 716)], [...connection.negotiated!.ipv6!]);
  assertEquals(
    [u32(bytes, 780), u32(bytes, 784), u32(bytes, 788)],
    [0xe400_0001, 0xe500_0001, 0xe500_0002],
  );
});

Deno.test("structures.port0() fills arrays without a terminator when a text is as long", () => {
  const bytes = structures.port0({
    port: 0n,
    connection: 0n,
    condition: 0,
    totalCalls: 0,
    connectDurationSeconds: 0,
    portName: "p".repeat(40),
    mediaName: "m".repeat(17),
    deviceName: "d".repeat(500),
    deviceType: "t".repeat(17),
  });
  assertEquals(
    text(bytes, 28, 180),
    "p".repeat(17) + "m".repeat(17) + "d".repeat(129) + "t".repeat(17),
  );
  assertEquals(u32(bytes, 388), 0);
  assertEquals(rasLayout.port0.deviceType + 17 * 2, 388);
});
