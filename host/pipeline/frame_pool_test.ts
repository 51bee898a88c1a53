import { assert, assertEquals } from "@std/assert";
import { FramePool } from "./frame_pool.ts";

Deno.test("FramePool.take() gives exactly the length, and a buffer again that came back", () => {
  const pool = new FramePool();
  const first = pool.take(5000);
  assertEquals(first.byteLength, 5000);
  pool.give(first);
  const second = pool.take(16_000);
  assertEquals(second.buffer, first.buffer, "of the same class");
  assert(pool.take(16_000).buffer !== first.buffer, "but only once");
});

Deno.test("FramePool keeps a bounded number and lets what is too long go", () => {
  const pool = new FramePool();
  const many = Array.from({ length: 20 }, () => pool.take(100));
  for (const frame of many) pool.give(frame);
  const again = new Set(Array.from({ length: 20 }, () => pool.take(100).buffer));
  assertEquals(many.filter(({ buffer }) => again.has(buffer)).length, 8);
  const long = pool.take(64 * 1024 * 1024);
  assertEquals(long.byteLength, 64 * 1024 * 1024);
  pool.give(long);
});
