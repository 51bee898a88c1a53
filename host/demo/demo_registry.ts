import { fromFileUrl } from "@std/path";
import type { RegistryInput } from "../registry/registry_schema.ts";

const PLUGINS = fromFileUrl(new URL("../../plugins/", import.meta.url));

/**
 * The registry of the demo: the bundled plugins, with what they write in a folder of the demo's.
 *
 * @param webhookAddress Host and port that the webhook plugin may post to.
 */
export function demoRegistry(webhookAddress: string): RegistryInput {
  return {
    plugins: [
      {
        id: "audit-log",
        path: `${PLUGINS}audit_log/mod.ts`,
        fields: ["port", "session.user", "session.domain", "connection"],
        permissions: { read: ["./data"], write: ["./data"] },
        config: { file: "./data/audit.jsonl" },
      },
      {
        id: "session-report",
        path: `${PLUGINS}session_report/mod.ts`,
        config: { portsListedMax: 2 },
      },
      {
        id: "webhook",
        path: `${PLUGINS}webhook/mod.ts`,
        permissions: { net: [webhookAddress] },
        config: { url: `http://${webhookAddress}/hangup` },
        timeoutMs: 30_000,
      },
      {
        id: "accounting",
        path: `${PLUGINS}accounting/mod.ts`,
        fields: ["session.user", "session.domain"],
        permissions: { read: ["./accounts"], write: ["./accounts"] },
        config: { path: "./accounts/accounting.sqlite" },
      },
    ],
  };
}
