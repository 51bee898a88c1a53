import { join } from "@std/path";
import { whereIs } from "./missing_packages.ts";
import type { Handled, Other, OtherRun } from "./other.ts";
import { runProgram } from "./run_program.ts";
import { Serving } from "./serving.ts";

const CLIENTS = 100;
const CLIENTS_QUICK = 30;
const PORT = 21_194;
const CONNECT_LIMIT_MS = 120_000;
const KILL_LIMIT_MS = 30_000;

/** A real server whose clients all go at once; it runs its script for each, and waits for it. */
export const openvpn: Other = {
  id: "openvpn",
  what: "OpenVPN: client-disconnect, 1 shell script for each client that goes, real tunnels",
  needs: [
    { file: "openvpn", package: "openvpn" },
    { file: "openssl", package: "openssl" },
    { file: "ip", package: "iproute2" },
    { file: "unshare", package: "util-linux" },
  ],
  blockedBy,
  run,
};

/** Networks of their own are for root, and tunnels need the system's device. */
function blockedBy(): string | undefined {
  if (Deno.uid() !== 0) return "a network of its own for the tunnels is for root only";
  try {
    Deno.statSync("/dev/net/tun");
  } catch {
    return "there is no /dev/net/tun";
  }
}

/** Server and clients in a network where nobody else is; all of them end with the first process. */
const SCRIPT = `
set -e
cd "$1"
ip link set lo up
common="--proto udp --dev-type tun --cert cert.pem --key key.pem --verb 3
  --peer-fingerprint $3 --data-ciphers AES-128-GCM"
"$4" --mode server --tls-server --local 127.0.0.1 --lport ${PORT} --dev tun --topology subnet \\
  --server 10.99.0.0 255.255.0.0 --dh none --duplicate-cn --management management unix \\
  --script-security 2 --client-disconnect "$1/disconnect" --writepid server.pid $common &
i=0
while [ $i -lt "$2" ]; do
  "$4" --client --remote 127.0.0.1 ${PORT} --nobind --dev null --ifconfig-noexec \\
    --route-noexec $common >/dev/null &
  i=$((i+1))
done
wait
`;

async function run({ folder, isQuick }: OtherRun): Promise<Handled> {
  const clients = isQuick ? CLIENTS_QUICK : CLIENTS;
  const [certificate, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  await runProgram("openssl", [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
    ...["-days", "2", "-subj", "/CN=bench", "-keyout", key, "-out", certificate],
  ]);
  const print = await runProgram("openssl", [
    ...["x509", "-noout", "-fingerprint", "-sha256", "-in", certificate],
  ]);
  const called = join(folder, "called");
  const script = `#!/bin/sh\necho "$common_name" >>${called}\n`;
  await Deno.writeTextFile(join(folder, "disconnect"), script, { mode: 0o755 });
  const shell = ["sh", "-c", SCRIPT, "sh", folder, `${clients}`, print.trim().split("=")[1]!];
  await using all = new Serving("unshare", [
    ...["--net", "--pid", "--fork", "--kill-child=KILL", ...shell, whereIs("openvpn")!],
  ]);
  await all.until((said) => countOf(said, "PUSH_REPLY,") >= clients, CONNECT_LIMIT_MS);
  const started = performance.now();
  const killed = await killAll(join(folder, "management"));
  const seconds = (performance.now() - started) / 1000;
  const calls = (await Deno.readTextFile(called)).trimEnd().split("\n").length;
  if (killed !== clients || calls !== clients) {
    throw new RangeError(`Cannot use OpenVPN: ${killed} of ${clients} went, ${calls} scripts ran`);
  }
  return { events: clients, seconds };
}

function countOf(text: string, part: string): number {
  return text.split(part).length - 1;
}

/** The server answers when the script of the last client has ended. */
async function killAll(management: string): Promise<number> {
  using connection = await Deno.connect({ transport: "unix", path: management });
  await connection.write(new TextEncoder().encode("kill bench\n"));
  const buffer = new Uint8Array(64 * 1024);
  let said = "";
  const deadline = setTimeout(() => connection.close(), KILL_LIMIT_MS);
  try {
    while (true) {
      const killed = /(\d+) client\(s\) killed/.exec(said)?.[1];
      if (killed !== undefined) return Number(killed);
      const read = await connection.read(buffer);
      if (read === null) throw new RangeError(`Cannot use OpenVPN: it said ${said}`);
      said += new TextDecoder().decode(buffer.subarray(0, read));
    }
  } finally {
    clearTimeout(deadline);
  }
}
