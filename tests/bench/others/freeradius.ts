import { createHash } from "node:crypto";
import { fromFileUrl, join } from "@std/path";
import * as z from "zod";
import { freePort } from "./free_port.ts";
import { whereIs } from "./missing_packages.ts";
import type { Handled, Other, OtherRun } from "./other.ts";
import { runProgram } from "./run_program.ts";
import { Serving } from "./serving.ts";

const SECRET = "bench";
const CLIENT = fromFileUrl(new URL("../native/radius_client.c", import.meta.url));
const START_LIMIT_MS = 10_000;

const clientSchema = z.object({ perSecond: z.number().positive(), lost: z.int() });

interface Way {
  readonly modules: string;
  /** What stands in the section that is run for each request. */
  readonly calls: readonly string[];
  readonly events: number;
  /** Requests on their way at a time: enough to keep the server busy, so few that none gets lost. */
  readonly slots: number;
}

const RADIUS = { file: "freeradius", package: "freeradius" };
const COMPILER = { file: "cc", package: "gcc libc6-dev" };

/** An accounting server that calls Python in its own process. */
export const freeradiusPython: Other = {
  id: "freeradius-python",
  what: "FreeRADIUS: 3 Python calls for each accounting request, nothing stored",
  needs: [
    RADIUS,
    { file: "/usr/lib/freeradius/rlm_python3.so", package: "freeradius-python3" },
    COMPILER,
  ],
  run: async (run) => {
    await Deno.writeTextFile(
      join(run.folder, "nothing.py"),
      "import radiusd\ndef accounting(_):\n    return radiusd.RLM_MODULE_OK\n",
    );
    // Three instances of the module end Debian's 3.2.1 with "GIL is not locked", so one is called
    // three times, which is no slower.
    const modules = `python3 script { python_path = "${run.folder}"
      module = nothing
      mod_accounting = nothing
      func_accounting = accounting
    }`;
    const calls = ["script", "script", "script"];
    return await serve(run, { modules, calls, events: run.isQuick ? 20_000 : 60_000, slots: 64 });
  },
};

/**
 * The same with programs, which the server has to start. It does not wait for them: when it does
 * (`wait = yes`), 3.2.1 looks every 0.1 s whether one has ended, and gives some up.
 */
export const freeradiusExec: Other = {
  id: "freeradius-exec",
  what: "FreeRADIUS: exec of /bin/true, 3 for each accounting request, not waited for",
  needs: [RADIUS, COMPILER],
  run: (run) => {
    const calls = ["first", "second", "third"];
    const modules = calls.map((name) =>
      `exec ${name} { program = "/bin/true"
      wait = no
      shell_escape = no
      timeout = 10
    }`
    ).join("\n");
    return serve(run, { modules, calls, events: run.isQuick ? 200 : 600, slots: 8 });
  },
};

function configuration(folder: string, port: number, { modules, calls }: Way): string {
  return `name = radiusd
    prefix = /usr
    libdir = /usr/lib/freeradius
    logdir = ${folder}
    run_dir = ${folder}
    raddbdir = ${folder}
    max_request_time = 30
    max_requests = 16384
    log { destination = stdout
    }
    proxy_requests = no
    thread pool { start_servers = 2
      max_servers = 8
      min_spare_servers = 1
      max_spare_servers = 8
      max_requests_per_server = 0
    }
    client local { ipaddr = 127.0.0.1
      secret = ${SECRET}
    }
    modules { ${modules}
    }
    server bench {
      listen { type = acct
        ipaddr = 127.0.0.1
        port = ${port}
      }
      accounting {
        ${calls.join("\n")}
      }
    }
  `;
}

async function serve({ folder }: OtherRun, way: Way): Promise<Handled> {
  const port = freePort();
  await Deno.writeTextFile(join(folder, "radiusd.conf"), configuration(folder, port, way));
  const client = join(folder, "client");
  await runProgram("cc", ["-std=c11", "-O2", "-o", client, CLIENT]);
  await Deno.writeFile(join(folder, "requests"), requests(way));
  const args = ["-f", "-l", "stdout", "-d", folder, "-n", "radiusd", "-D", "/usr/share/freeradius"];
  await using server = new Serving(whereIs("freeradius")!, args);
  await server.until((said) => said.includes("Ready to process requests"), START_LIMIT_MS);
  const said = await runProgram(client, [`${port}`, join(folder, "requests"), `${way.slots}`]);
  const { perSecond, lost } = clientSchema.parse(JSON.parse(said));
  if (lost > 0) throw new RangeError(`Cannot use FreeRADIUS: ${lost} requests had no answer`);
  return { events: way.events, seconds: way.events / perSecond };
}

/** Accounting requests that a session has ended, each of them different (RFC 2866). */
function requests({ events, slots }: Way): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const all: Uint8Array[] = [];
  let bytes = 0;
  for (let i = 0; i < events; i++) {
    const attributes = [
      text(1, `user${i % 1000}`),
      Uint8Array.of(40, 6, 0, 0, 0, 2), // Acct-Status-Type = Stop
      text(44, `session-${i}`),
      Uint8Array.of(42, 6, 0, 1, 2, 3), // Acct-Input-Octets
      Uint8Array.of(43, 6, 0, 1, 2, 3), // Acct-Output-Octets
      text(31, "203.0.113.7"),
      Uint8Array.of(33, 6, i >> 24, i >> 16, i >> 8, i), // Proxy-State: the answer has it too
    ];
    const length = attributes.reduce((sum, { length }) => sum + length, 20);
    const packet = new Uint8Array(length);
    packet.set([4, i % slots, length >> 8, length & 0xff]);
    let at = 20;
    for (const attribute of attributes) {
      packet.set(attribute, at);
      at += attribute.length;
    }
    packet.set(createHash("md5").update(packet).update(SECRET).digest(), 4);
    all.push(packet);
    bytes += length;
  }
  const joined = new Uint8Array(bytes);
  let at = 0;
  for (const packet of all) {
    joined.set(packet, at);
    at += packet.length;
  }
  return joined;

  function text(type: number, value: string): Uint8Array {
    return Uint8Array.of(type, value.length + 2, ...encoder.encode(value));
  }
}
