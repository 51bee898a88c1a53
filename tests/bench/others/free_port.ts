/** A port of 127.0.0.1 that nobody has, neither for TCP nor, most likely, for UDP. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
