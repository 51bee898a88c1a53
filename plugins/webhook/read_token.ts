/** What may stand after `Bearer`: visible ASCII, no blank. RFC 9110 allows less; servers do not. */
const TOKEN_REGEXP = /^[\x21-\x7e]{1,4096}$/;

/**
 * Reads the bearer token. No error message holds any of it.
 *
 * @param tokenEnv The environment variable's name.
 * @throws {Error} When it is not granted, not set, or nothing that a header can carry.
 */
export function readToken(tokenEnv: string): string {
  let token: string | undefined;
  try {
    token = Deno.env.get(tokenEnv);
  } catch (cause) {
    const remedy = `grant it under "permissions": { "env": ["${tokenEnv}"] }`;
    throw new Error(`Cannot read the token: no permission for ${tokenEnv}; ${remedy}`, { cause });
  }
  if (token === undefined) {
    throw new Error(
      `Cannot read the token: ${tokenEnv} is not set; set it in the environment of the host`,
    );
  }
  if (!TOKEN_REGEXP.test(token)) {
    throw new Error(
      `Cannot read the token: ${tokenEnv} holds blanks, line ends or other characters that a ` +
        "header cannot carry, or nothing; 1 to 4096 visible ASCII characters are wanted",
    );
  }
  return token;
}
