/**
 * Holds a journal open until standard input ends: the other process of a test.
 *
 * @module
 */
import { JournalReader } from "./journal_reader.ts";

const [path, libraryPath] = Deno.args as [string, string];
await using _reader = JournalReader.open(path, { libraryPath });
await Deno.stdout.write(new TextEncoder().encode("open\n"));
for await (const _ of Deno.stdin.readable) { /* Only its end counts. */ }
