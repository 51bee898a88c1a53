/** Says that it runs and then waits for the end of stdin; no plugin, but what one is held against. */
Deno.stdout.writeSync(new Uint8Array(1));
await Deno.stdin.read(new Uint8Array(1));
