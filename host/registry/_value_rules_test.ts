import { assertEquals } from "@std/assert";
import { envNameProblem, netTargetProblem, pathProblem, SYS_KINDS } from "./_value_rules.ts";

const NET_ALLOWED = [
  "example.com",
  "EXAMPLE.com:443",
  "localhost:65535",
  "ex_ample.internal:1",
  "127.0.0.1",
  "10.0.0.1:8080",
  "[::1]",
  "[2001:db8::1]:443",
  "*.example.com",
  "*.example.com:8443",
  "xn--bcher-kva.example",
  "3com.example",
];
const NET_REFUSED = [
  "*",
  "*:443",
  "",
  " example.com",
  "example.com ",
  "a b",
  "example.com:0",
  "example.com:65536",
  "example.com:",
  "example.com:https",
  "example.com:0443",
  ":80",
  "::1",
  "[::1",
  "[::g]",
  "[]",
  "[::1]x",
  "[fe80::1%eth0]",
  "https://example.com",
  "example.com/path",
  "user@example.com",
  "bücher.example",
  "a,b",
  "a..b",
  ".a",
  "a.",
  "-a",
  "a.*.b",
  "*.com",
  "*.*.example.com",
  "*.1.2.3.4",
  "256.1.1.1",
  "127.1",
  "1.2.3",
  "0x7f.1",
  "2130706433",
  "10.0.0.0/8",
  "0.0.0.0/0",
  "unix:/run/docker.sock",
  "vsock:1:2",
  "a\nb",
  "a\0",
  `${"a".repeat(64)}.com`,
  `${"a.".repeat(130)}com`,
];

Deno.test("netTargetProblem() takes hosts, addresses, ports and sub-domains when they are well formed", () => {
  assertEquals(NET_ALLOWED.filter((target) => netTargetProblem(target) !== undefined), []);
});

Deno.test("netTargetProblem() refuses what would grant more or nothing when it is anything else", () => {
  assertEquals(NET_REFUSED.filter((target) => netTargetProblem(target) === undefined), []);
});

Deno.test("netTargetProblem() shows the brackets when an IPv6 address has none", () => {
  assertEquals(netTargetProblem("::1"), 'the IPv6 address in brackets: "[::1]"');
});

Deno.test("envNameProblem() takes one full name when it does not steer the runtime", () => {
  for (const name of ["HOOK_TOKEN", "NODE_ENV", "a", "ProgramFiles(x86)", "_x", "A1"]) {
    assertEquals(envNameProblem(name), undefined, name);
  }
  const refused = [
    "*",
    "AWS_*",
    "A=B",
    "A,B",
    "A B",
    "1A",
    "É",
    "",
    "A\0",
    "DENO_DIR",
    "deno_v8_flags",
    "LD_PRELOAD",
    "DYLD_INSERT_LIBRARIES",
    "NODE_OPTIONS",
    "OTEL_DENO",
  ];
  assertEquals(refused.filter((name) => envNameProblem(name) === undefined), []);
});

Deno.test("pathProblem() takes any local path when it has no control characters", () => {
  for (const path of [".", "./a,b", "/x", "C:\\data", "C:/data", "..", "a b", "ü", "a~"]) {
    assertEquals(pathProblem(path), undefined, path);
  }
  const refused = ["", "a\0", "a\nb", "\u0085", "~", "~/x", "https://x/y.ts", "npm:x", "\ud800"];
  assertEquals(refused.filter((path) => pathProblem(path) === undefined), []);
  assertEquals(pathProblem("a".repeat(4097)), "a path of at most 4096 characters");
});

async function denoTakes(flag: string): Promise<boolean> {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-config", "--no-lock", flag, "-"],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).output();
  return success;
}

Deno.test("SYS_KINDS, net and env rules allow nothing that Deno refuses when it is given all of it", async () => {
  assertEquals(await denoTakes(`--allow-sys=${SYS_KINDS.join(",")}`), true);
  assertEquals(await denoTakes(`--allow-net=${NET_ALLOWED.join(",")}`), true);
  assertEquals(await denoTakes("--allow-env=HOOK_TOKEN,ProgramFiles(x86)"), true);
  assertEquals(await denoTakes("--allow-sys=noSuchKind"), false);
});
