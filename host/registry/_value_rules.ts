/**
 * The rules for single values of a registry. Each function returns what is wanted instead, or
 * undefined when the value is right. Held against Deno 2.9.5 by `_value_rules_test.ts`, which
 * gives each accepted value to the real executable.
 *
 * @module
 */

/** What a plugin's id looks like. */
export const PLUGIN_ID_REGEXP = /^[a-z0-9-]{1,64}$/;
/** {@linkcode PLUGIN_ID_REGEXP} in words. */
export const PLUGIN_ID_WANTED =
  '1 to 64 characters out of small letters, digits and hyphens, such as "audit-log"';

/**
 * The kinds that `--allow-sys` of Deno 2.9 knows, without `inspector`, which opens a debugger's
 * port, and `setuid` and `umask`, which change the process instead of describing the system.
 */
export const SYS_KINDS: readonly string[] = [
  "cpus",
  "getPriority",
  "getegid",
  "gid",
  "homedir",
  "hostname",
  "loadavg",
  "networkInterfaces",
  "osRelease",
  "osUptime",
  "statfs",
  "systemMemoryInfo",
  "uid",
  "userInfo",
  "username",
];

const PATH_LENGTH_MAX = 4096;
const CONTROL_REGEXP = /\p{Cc}/u;
const URL_REGEXP = /^[A-Za-z][A-Za-z0-9+.-]+:/;
const LABEL_REGEXP = /^[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/;
const ENV_NAME_REGEXP = /^[A-Za-z_][A-Za-z0-9_.()-]{0,254}$/;
const RUNTIME_ENV_REGEXP = /^(?:DENO_|LD_|DYLD_|OTEL_|V8_|NODE_(?!ENV$))/i;

/** Holds for a module, file or folder that stands in the registry. */
export function pathProblem(path: string): string | undefined {
  if (path === "") return "a path that is not empty";
  if (path.length > PATH_LENGTH_MAX) return `a path of at most ${PATH_LENGTH_MAX} characters`;
  if (CONTROL_REGEXP.test(path)) return "a path without control characters";
  if (!path.isWellFormed()) return "a path of whole Unicode characters";
  if (URL_REGEXP.test(path)) return "the path of a local file or folder, not an address";
  if (/^~(?:[/\\]|$)/.test(path)) return 'a path without "~", which is not replaced here';
  return undefined;
}

function ipv4(text: string): boolean {
  const parts = text.split(".");
  return parts.length === 4 &&
    parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && +part < 256);
}

function ipv6(text: string): boolean {
  return /^[0-9A-Fa-f:.]+$/.test(text) && URL.canParse(`http://[${text}]/`);
}

function hostName(text: string): boolean {
  const labels = text.split(".");
  const last = labels.at(-1) ?? "";
  // A name that ends in a number is an IPv4 address in one of its many short forms to a resolver.
  if (/^(?:\d+|0[xX][0-9A-Fa-f]*)$/.test(last)) return false;
  return text.length <= 253 && labels.every((label) => LABEL_REGEXP.test(label));
}

/** Holds for an entry of `net`. */
export function netTargetProblem(target: string): string | undefined {
  const form = 'host, host:port, an IP address, [IPv6]:port or *.domain, such as "example.com:443"';
  if (target === "*" || target.startsWith("*:")) {
    return `${form}; the whole network cannot be granted`;
  }
  if (target.includes("://")) return `${form}, without "${target.split("://")[0]}://"`;
  if (ipv6(target)) return `the IPv6 address in brackets: "[${target}]"`;
  const match = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(target);
  const host = match?.[1] ?? "";
  const port = match?.[2];
  if (port !== undefined && !(/^[1-9]\d{0,4}$/.test(port) && +port <= 65535)) {
    return "a port from 1 to 65535 after the colon";
  }
  if (host.startsWith("[")) return ipv6(host.slice(1, -1)) ? undefined : form;
  if (host.startsWith("*.")) {
    const domain = host.slice(2);
    if (!hostName(domain)) return form;
    return domain.includes(".") ? undefined : "*. with a domain of at least two parts";
  }
  return ipv4(host) || hostName(host) ? undefined : form;
}

/** Holds for an entry of `env`. */
export function envNameProblem(name: string): string | undefined {
  if (name.includes("*")) return "the full name of one environment variable, without *";
  if (RUNTIME_ENV_REGEXP.test(name)) {
    return "an environment variable that does not steer the plugin's own runtime";
  }
  return ENV_NAME_REGEXP.test(name)
    ? undefined
    : 'the name of an environment variable, such as "HOOK_TOKEN"';
}
