import * as z from "zod";

const LOOPBACK_REGEXP = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;
const URL_WANTED = "Invalid URL: expected http or https, such as https://hooks.example.com/onhook";

/** A whole number of milliseconds. */
function milliseconds(least: number, most: number, usual: number): z.ZodDefault<z.ZodInt> {
  return z.int().min(least).max(most).default(usual);
}

const url = z.url({ protocol: /^https?$/, error: URL_WANTED }).superRefine((text, check) => {
  if (!URL.canParse(text)) return;
  const { username, password } = new URL(text);
  if (username !== "" || password !== "") {
    check.addIssue("Invalid URL: expected no user name and password; name a token with tokenEnv");
  }
});

/** The configuration of `webhook`; unknown keys are errors. */
export const webhookConfig = z.strictObject({
  /** Where events are posted to. Its host and port have to be granted under `net`. */
  url,
  /**
   * The environment variable that holds the bearer token, granted under `env`. Without it, requests
   * carry no token. Only with https, or http to this very machine.
   */
  tokenEnv: z.string().regex(
    /^[A-Za-z_][A-Za-z0-9_]*$/,
    "Invalid name: expected letters, digits and underscores",
  )
    .optional(),
  /** Limit of one attempt in milliseconds, its answer included. 100 … 60000, default 3000. */
  attemptTimeoutMs: milliseconds(100, 60_000, 3_000),
  /** Attempts per delivery of an event, the first included. 1 … 10, default 4. */
  attemptsMax: z.int().min(1).max(10).default(4),
  /** Wait before the second attempt, doubled for each one after it. 10 … 60000, default 250. */
  backoffMs: milliseconds(10, 60_000, 250),
  /**
   * The longest wait before an attempt. A server that asks for more in `Retry-After` is not asked
   * again. 10 … 600000, default 5000.
   */
  waitMaxMs: milliseconds(10, 600_000, 5_000),
}).superRefine((config, check) => {
  if (config.tokenEnv === undefined || !URL.canParse(config.url)) return;
  const { protocol, hostname } = new URL(config.url);
  if (protocol === "http:" && !LOOPBACK_REGEXP.test(hostname)) {
    const message =
      "Invalid URL: expected https, because http sends the token of tokenEnv in clear";
    check.addIssue({ code: "custom", path: ["url"], message });
  }
});

/** What {@linkcode webhookConfig} makes of the registry's `config`. */
export type WebhookConfig = z.infer<typeof webhookConfig>;
