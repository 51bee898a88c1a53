/**
 * `webhook`: posts each event as JSON to a server and settles it when the server has taken it.
 *
 * Needs `net` for the host and port of `config.url`, and `env` for the variable of
 * `config.tokenEnv`.
 *
 * @module
 */
import { realMachine } from "./machine.ts";
import { webhook } from "./webhook.ts";

export default webhook(realMachine);
