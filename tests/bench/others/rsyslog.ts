import { join } from "@std/path";
import { freePort } from "./free_port.ts";
import { whereIs } from "./missing_packages.ts";
import type { Handled, Other, OtherRun } from "./other.ts";
import { Serving } from "./serving.ts";

const EVENTS = 60_000;
const EVENTS_QUICK = 20_000;
const LIMIT_MS = 60_000;
const NAMES = ["first", "second", "third"];

const CHILD = `#!/usr/bin/python3
import sys
wanted = int(sys.argv[1])
count = 0
sys.stdout.write("OK\\n")
sys.stdout.flush()
for line in sys.stdin:
    count += 1
    sys.stdout.write("OK\\n")
    sys.stdout.flush()
    if count == wanted:
        open(sys.argv[2], "w").close()
`;

/** Programs that stay and say of each line that they are done with it, behind a queue in memory. */
export const rsyslogMemory: Other = {
  id: "rsyslog",
  what: "rsyslog omprog: 3 lasting Python programs that confirm each line, queue in memory",
  needs: needs(),
  run: (run) => hand(run, 'queue.type="LinkedList"'),
};

/** The same with a queue that outlives the daemon, as our store does. */
export const rsyslogDisk: Other = {
  id: "rsyslog-disk",
  what: "rsyslog omprog: the same, queue on the disk",
  needs: needs(),
  run: (run) => hand(run, 'queue.type="Disk" queue.filename="queue"'),
};

function needs(): Other["needs"] {
  return [
    { file: "rsyslogd", package: "rsyslog" },
    { file: "/usr/bin/python3", package: "python3-minimal" },
  ];
}

async function hand({ folder, isQuick }: OtherRun, queue: string): Promise<Handled> {
  const events = isQuick ? EVENTS_QUICK : EVENTS;
  const port = freePort();
  const child = join(folder, "child");
  await Deno.writeTextFile(child, CHILD, { mode: 0o755 });
  const done = NAMES.map((name) => join(folder, `${name}.done`));
  const actions = done.map((path) =>
    `action(type="omprog" binary="${child} ${events} ${path}" confirmMessages="on" template="line")`
  );
  const configuration = `global(workDirectory="${folder}")
    module(load="imptcp")
    module(load="omprog")
    main_queue(${queue} queue.size="200000" queue.dequeueBatchSize="1024")
    input(type="imptcp" address="127.0.0.1" port="${port}" ruleset="all")
    template(name="line" type="string" string="%msg%\\n")
    ruleset(name="all") {
      ${actions.join("\n")}
    }
  `;
  await Deno.writeTextFile(join(folder, "rsyslog.conf"), configuration);
  const args = ["-n", "-f", join(folder, "rsyslog.conf"), "-i", join(folder, "pid")];
  await using daemon = new Serving(whereIs("rsyslogd")!, args);
  const connection = await connect(port, daemon);
  const started = performance.now();
  await connection.write(lines(events));
  connection.close();
  await daemon.until(() => done.every(isThere), LIMIT_MS);
  return { events, seconds: (performance.now() - started) / 1000 };
}

async function connect(
  port: number,
  daemon: Serving,
): Promise<{ write(bytes: Uint8Array<ArrayBuffer>): Promise<void>; close(): void }> {
  let connection: Deno.TcpConn | undefined;
  let isTrying = false;
  await daemon.until(() => {
    if (connection === undefined && !isTrying) {
      isTrying = true;
      Deno.connect({ hostname: "127.0.0.1", port })
        .then((made) => connection = made)
        .catch(() => {})
        .finally(() => isTrying = false);
    }
    return connection !== undefined;
  }, LIMIT_MS);
  return {
    write: async (bytes) => {
      for (let at = 0; at < bytes.length;) at += await connection!.write(bytes.subarray(at));
    },
    close: () => connection!.close(),
  };
}

function lines(count: number): Uint8Array<ArrayBuffer> {
  const event = '{"type":"linkHangup","port":{"name":"VPN2-1","bytes":123456}}';
  return new TextEncoder().encode(
    Array.from({ length: count }, (_, i) => `<14>Nov 22 10:00:00 vpn ras: ${i} ${event}\n`).join(
      "",
    ),
  );
}

function isThere(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
