/**
 * The bare counterpart of a plugin's process: reads frames (`u32` length, then so many bytes) from
 * stdin and answers each with one byte. Looks at nothing inside of them.
 */
const HEAD_BYTES = 4;
const buffer = new Uint8Array(1024 * 1024);
const view = new DataView(buffer.buffer);
const answer = new Uint8Array(64);
let end = 0;
while (true) {
  const read = await Deno.stdin.read(buffer.subarray(end));
  if (read === null) break;
  end += read;
  let begin = 0;
  let frames = 0;
  while (end - begin >= HEAD_BYTES) {
    const next = begin + HEAD_BYTES + view.getUint32(begin, true);
    if (next > end) break;
    begin = next;
    frames++;
  }
  buffer.copyWithin(0, begin, end);
  end -= begin;
  for (let at = 0; at < frames;) at += Deno.stdout.writeSync(answer.subarray(0, frames - at));
}
