import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { EventType } from "../events/event_type.ts";
import { layout } from "../events/layout.ts";
import { structs } from "./_structs.ts";
import { testWhere } from "../../tests/support/test_where.ts";

const include = fromFileUrl(new URL("../native/include", import.meta.url));

/** Lets the C compiler say what each expression is worth with the library's headers. */
async function compile(expressions: readonly string[]): Promise<number[]> {
  const folder = await Deno.makeTempDir({ prefix: "onhook-layout-" });
  try {
    const program = join(folder, "layout");
    await Deno.writeTextFile(
      `${program}.c`,
      [
        "#include <stdio.h>",
        "#include <string.h>",
        '#include "journal.h"',
        '#include "onhook.h"',
        '#include "ras.h"',
        "static const int units_max[] = HANGUP_UNITS_MAX;",
        "static const int connection_units_max[] = CONNECTION_UNITS_MAX;",
        "#define END(type, field) (offsetof(type, field) + sizeof(((type *)0)->field))",
        "#define AT(type, field) offsetof(type, field)",
        "int main(void) {",
        ...expressions.map((one) => `  printf("%llu\\n", (unsigned long long)(${one}));`),
        "  return 0;",
        "}",
      ].join("\n"),
    );
    await run("cc", ["-std=c11", "-I", include, "-o", program, `${program}.c`]);
    const text = await run(program, []);
    return text.trim().split("\n").map(Number);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function run(command: string, args: string[]): Promise<string> {
  const output = await new Deno.Command(command, { args }).output();
  assert(output.success, new TextDecoder().decode(output.stderr));
  return new TextDecoder().decode(output.stdout);
}

const header = (field: string) => `AT(entry_header, ${field})`;
const hangup = (field: string) => `AT(entry_link_hangup, ${field})`;
const port0 = (field: string) => `${hangup("port0")} + AT(onhook_ras_port_0, ${field})`;
const port1 = (field: string) => `${hangup("port1")} + AT(onhook_ras_port_1, ${field})`;
const service = (field: string) => `AT(entry_service, ${field})`;
const gap = (field: string) => `AT(entry_gap, ${field})`;
const connection = (field: string) => `AT(entry_connection, ${field})`;
const connectionUnits = (index: number) => `AT(entry_connection, units[${index}])`;
/** A field in bytes of `RAS_CONNECTION_n` that an entry has from `first` on. */
const within = (n: number, entryField: string, first: string, field: string) =>
  `${connection(entryField)} + AT(onhook_ras_connection_${n}, ${field})` +
  ` - AT(onhook_ras_connection_${n}, ${first})`;
const again = (field: string) => `AT(entry_reauthentication, ${field})`;
const begin3 = (field: string) => `${again("begin3")} + AT(onhook_ras_connection_3, ${field})`;
const ipv6 = (field: string) => `${again("ipv63")} + AT(onhook_ppp_ipv6_cp_info, ${field})`;
const end3 = (field: string) => `END(onhook_ras_connection_3, ${field})`;
const units = (index: number) => `AT(entry_link_hangup, units[${index}])`;

/** The same keys as in `layout`, each with what it is in C. */
const entries = {
  entry: {
    position: header("word"),
    sequence: header("sequence"),
    time: header("time_us"),
    boot: header("boot"),
    bytes: header("bytes"),
    type: header("type"),
    payloadVersion: header("version"),
    checksum: header("checksum"),
    reserved: header("reserved"),
    payload: "sizeof(entry_header)",
  },
  linkHangup: {
    present: hangup("present"),
    portNameUnits: units(0),
    mediaNameUnits: units(1),
    deviceNameUnits: units(2),
    deviceTypeUnits: units(3),
    port0: hangup("port0"),
    port0Handle: port0("port"),
    port0ConnectionHandle: port0("connection"),
    condition: port0("condition"),
    totalCalls: port0("total_calls"),
    connectDuration: port0("connect_duration"),
    port1: hangup("port1"),
    port1Handle: port1("port"),
    port1ConnectionHandle: port1("connection"),
    hardwareCondition: port1("hardware_condition"),
    lineSpeed: port1("line_speed"),
    bytesTransmitted: port1("bytes_transmitted"),
    bytesReceived: port1("bytes_received"),
    framesTransmitted: port1("frames_transmitted"),
    framesReceived: port1("frames_received"),
    crcErrors: port1("crc_errors"),
    timeoutErrors: port1("timeout_errors"),
    alignmentErrors: port1("alignment_errors"),
    hardwareOverrunErrors: port1("hardware_overruns"),
    framingErrors: port1("framing_errors"),
    bufferOverrunErrors: port1("buffer_overruns"),
    compressionRatioIn: port1("compression_ratio_in"),
    compressionRatioOut: port1("compression_ratio_out"),
    text: "sizeof(entry_link_hangup)",
  },
  connection: {
    present: connection("present"),
    interfaceNameUnits: connectionUnits(0),
    user0Units: connectionUnits(1),
    logonDomainUnits: connectionUnits(2),
    remoteComputerUnits: connectionUnits(3),
    serverAddress1Units: connectionUnits(4),
    clientAddress1Units: connectionUnits(5),
    user2Units: connectionUnits(6),
    serverAddress2Units: connectionUnits(7),
    clientAddress2Units: connectionUnits(8),
    user3Units: connectionUnits(9),
    serverAddress3Units: connectionUnits(10),
    clientAddress3Units: connectionUnits(11),
    handle0: within(0, "begin0", "connection", "connection"),
    interfaceHandle0: within(0, "begin0", "connection", "interface_handle"),
    connectDuration: within(0, "begin0", "connection", "connect_duration"),
    interfaceType0: within(0, "begin0", "connection", "interface_type"),
    flags: within(0, "begin0", "connection", "flags"),
    handle1: within(1, "begin1", "connection", "connection"),
    interfaceHandle1: within(1, "begin1", "connection", "interface_handle"),
    ipError1: connection("ip_error1"),
    bytesTransmitted: within(1, "counters1", "bytes_transmitted", "bytes_transmitted"),
    bytesReceived: within(1, "counters1", "bytes_transmitted", "bytes_received"),
    framesTransmitted: within(1, "counters1", "bytes_transmitted", "frames_transmitted"),
    framesReceived: within(1, "counters1", "bytes_transmitted", "frames_received"),
    crcErrors: within(1, "counters1", "bytes_transmitted", "crc_errors"),
    timeoutErrors: within(1, "counters1", "bytes_transmitted", "timeout_errors"),
    alignmentErrors: within(1, "counters1", "bytes_transmitted", "alignment_errors"),
    hardwareOverrunErrors: within(1, "counters1", "bytes_transmitted", "hardware_overruns"),
    framingErrors: within(1, "counters1", "bytes_transmitted", "framing_errors"),
    bufferOverrunErrors: within(1, "counters1", "bytes_transmitted", "buffer_overruns"),
    compressionRatioIn: within(1, "counters1", "bytes_transmitted", "compression_ratio_in"),
    compressionRatioOut: within(1, "counters1", "bytes_transmitted", "compression_ratio_out"),
    handle2: within(2, "begin2", "connection", "connection"),
    interfaceType2: within(2, "identity2", "interface_type", "interface_type"),
    guid2: within(2, "identity2", "interface_type", "guid"),
    ipError2: connection("ip_error2"),
    ipOptions2: connection("ip_options2"),
    ipRemoteOptions2: within(2, "ip_options2", "ppp.ip.options", "ppp.ip.remote_options"),
    ccp2: connection("ccp2"),
    lcp2: connection("lcp2"),
    text: "sizeof(entry_connection)",
  },
  reauthentication: {
    size: begin3("size"),
    handle3: begin3("connection"),
    interfaceType3: again("interface_type3"),
    guid3: again("guid3"),
    ipError3: again("ip_error3"),
    ipOptions3: again("ip_options3"),
    ipRemoteOptions3: `${again("ip_options3")} + 4`,
    ipv6Size: ipv6("size"),
    ipv6Error: ipv6("error"),
    ipv6InterfaceId: ipv6("interface_id"),
    ipv6RemoteInterfaceId: ipv6("remote_interface_id"),
    ipv6Prefix: ipv6("prefix"),
    ipv6PrefixLength: ipv6("prefix_length"),
    ccp3: again("ccp3"),
    lcp3: again("lcp3"),
    quarantineState: again("quarantine_state3"),
    probationEnd: again("timer3"),
    text: "sizeof(entry_reauthentication)",
  },
  connection3GivenFrom: {
    handle: end3("connection"),
    user: end3("user_name"),
    interfaceType: end3("interface_type"),
    guid: end3("guid"),
    ipError: end3("ppp.ip.error"),
    serverAddress: end3("ppp.ip.address"),
    clientAddress: end3("ppp.ip.remote_address"),
    ipOptions: end3("ppp.ip.remote_options"),
    ipv6: end3("ppp.ipv6"),
    ccp: end3("ppp.ccp"),
    lcp: end3("ppp.lcp"),
    quarantineState: end3("quarantine_state"),
    probationEnd: end3("timer"),
  },
  textUnitsMax: {
    portName: "units_max[0]",
    mediaName: "units_max[1]",
    deviceName: "units_max[2]",
    deviceType: "units_max[3]",
    interfaceName: "connection_units_max[0]",
    userName: "connection_units_max[1]",
    logonDomain: "connection_units_max[2]",
    remoteComputer: "connection_units_max[3]",
    address: "connection_units_max[4]",
  },
  serviceStart: {
    processId: service("process_id"),
    libraryVersion: service("library_version"),
    bytes: "ENTRY_SERVICE_START_BYTES",
  },
  serviceStop: {
    processId: service("process_id"),
    libraryVersion: service("library_version"),
    calloutsTotal: service("callouts_total"),
    bytes: "ENTRY_SERVICE_STOP_BYTES",
  },
  gap: {
    lost: gap("lost"),
    firstTime: gap("first_us"),
    lastTime: gap("last_us"),
    reasons: gap("reasons"),
    exact: gap("exact"),
    bytes: "sizeof(entry_gap)",
  },
} as const;

const drained = (field: string) => `AT(onhook_drained, ${field})`;
const errorInfo = (field: string) => `AT(onhook_error_info, ${field})`;
const statistics = (field: string) => `AT(onhook_statistics, ${field})`;
const process = (field: string) => `AT(onhook_process_statistics_t, ${field})`;

/** The same keys as in `structs`. */
const filledStructs = {
  drained: {
    size: "sizeof(onhook_drained)",
    entries: drained("entries"),
    bytes: drained("bytes"),
    position: drained("position"),
    lostTotal: drained("lost_total"),
    more: drained("more"),
  },
  errorInfo: {
    size: "sizeof(onhook_error_info)",
    code: errorInfo("code"),
    systemCode: errorInfo("system_code"),
    processId: errorInfo("process_id"),
  },
  statistics: {
    size: "sizeof(onhook_statistics)",
    journalId: statistics("journal_id"),
    capacityBytes: statistics("capacity_bytes"),
    headPosition: statistics("head_position"),
    tailPosition: statistics("tail_position"),
    lostTotal: statistics("lost_total"),
    lostAcknowledged: statistics("lost_acknowledged"),
    tornTotal: statistics("torn_total"),
    damagedTotal: statistics("damaged_total"),
    calloutsTotal: statistics("callouts_total"),
    calloutNsTotal: statistics("callout_ns_total"),
    calloutNsMax: statistics("callout_ns_max"),
    serviceStarts: statistics("service_starts"),
    lastServiceStartUs: statistics("last_service_start_us"),
    readerPid: statistics("reader_pid"),
    lastWriterPid: statistics("last_writer_pid"),
    bucketCount: statistics("bucket_count"),
    bucketUpperNs: statistics("bucket_upper_ns"),
  },
  processStatistics: {
    size: "sizeof(onhook_process_statistics_t)",
    residentBytes: process("resident_bytes"),
    cpuUs: process("cpu_us"),
  },
} as const;

type Table = Readonly<Record<string, Readonly<Record<string, string | number>>>>;

/** `{ a: { b: 1 } }` as `[["a.b", 1]]`. */
function flatten(table: Table): [string, string | number][] {
  return Object.entries(table).flatMap(([group, fields]) =>
    Object.entries(fields).map(([name, value]): [string, string | number] => [
      `${group}.${name}`,
      value,
    ])
  );
}

async function compare(numbers: Table, expressions: Table): Promise<void> {
  const asked = flatten(expressions);
  const values = await compile(asked.map(([, expression]) => String(expression)));
  assertEquals(
    Object.fromEntries(flatten(numbers)),
    Object.fromEntries(asked.map(([name], index) => [name, values[index]!])),
  );
}

testWhere(
  "compiler",
  "layout has the offsets of the C compiler when they are compared",
  async () => {
    const { alignment: _, payloadVersion, ipv6Bytes, ...groups } = layout;
    await compare({ ...groups, others: { payloadVersion, ipv6Bytes } }, {
      ...entries,
      others: { payloadVersion: "ENTRY_VERSION", ipv6Bytes: "sizeof(onhook_ppp_ipv6_cp_info)" },
    });
  },
);

testWhere(
  "compiler",
  "structs has the offsets of the C compiler when they are compared",
  async () => {
    await compare(structs, filledStructs);
  },
);

testWhere(
  "compiler",
  "EventType has the numbers of the C compiler when they are compared",
  async () => {
    const { sessionEnd: _ofTheHost, ...types } = EventType;
    await compare({ types }, {
      types: {
        linkHangup: "ENTRY_LINK_HANGUP",
        linkUp: "ENTRY_LINK_UP",
        connectionUp: "ENTRY_CONNECTION_UP",
        connectionHangup: "ENTRY_CONNECTION_HANGUP",
        reauthentication: "ENTRY_REAUTHENTICATION",
        serviceStart: "ENTRY_SERVICE_START",
        serviceStop: "ENTRY_SERVICE_STOP",
        gap: "ENTRY_GAP",
      },
    });
  },
);
