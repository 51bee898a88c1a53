import { assertEquals } from "@std/assert";
import { LaneProgress } from "./lane_progress.ts";

/** A plugin that has settled 10 events and has 11 to 13, then 14 and 15 in hand, two times before. */
function inHand(): LaneProgress {
  const progress = new LaneProgress({ settled: 10, runs: [{ to: 9, attempt: 4 }] });
  progress.plan(11, 13, 1);
  progress.plan(14, 15, 1);
  progress.send();
  return progress;
}

const numbers = ({ position, planned, sent, frames }: LaneProgress) => [
  position,
  planned,
  sent,
  frames,
];

Deno.test("LaneProgress tells what is planned, what has left, and which frames are not settled", () => {
  const progress = inHand();
  progress.plan(16, 20, 1);
  assertEquals(numbers(progress), [10, 20, 15, 3]);
  progress.settle(12);
  assertEquals(numbers(progress), [12, 20, 15, 3]);
  progress.settle(14);
  assertEquals(numbers(progress), [14, 20, 15, 2]);
  assertEquals(progress.cursor, { settled: 14, runs: [{ to: 20, attempt: 1 }] });
});

Deno.test("LaneProgress hands over again what a process that died had in hand, and says so", () => {
  const progress = inHand();
  progress.settle(11);
  progress.forget();
  assertEquals(numbers(progress), [11, 11, 11, 0]);
  progress.begin();
  assertEquals([progress.attemptsOf(12), progress.attemptsOf(16)], [1, 0]);
  assertEquals(progress.runEnd(12, 99), 15, "as far as it was handed over as often");
});

Deno.test("LaneProgress.stop() forgets attempts that have not been begun, and only those", () => {
  const progress = inHand();
  progress.forget();
  progress.begin();
  progress.plan(11, 15, 2);
  progress.send();
  progress.settle(12);
  progress.stop();
  assertEquals(numbers(progress).slice(0, 3), [12, 12, 12]);
  assertEquals(progress.cursor, { settled: 12, runs: [{ to: 15, attempt: 1 }] });
});

Deno.test("LaneProgress.halt() keeps the attempt of the event that was begun, if one was", () => {
  const begun = inHand();
  begun.halt(true);
  assertEquals(begun.cursor, { settled: 10, runs: [{ to: 11, attempt: 1 }] });
  const idle = inHand();
  idle.halt(false);
  assertEquals([idle.cursor, idle.frames], [{ settled: 10, runs: [] }, 0]);
});

Deno.test("LaneProgress.skip() goes on behind what is not there any more", () => {
  const progress = new LaneProgress({ settled: 3, runs: [{ to: 8, attempt: 1 }] });
  progress.skip(6);
  progress.settle(6);
  assertEquals([numbers(progress), progress.attemptsOf(7)], [[6, 6, 6, 0], 1]);
});
