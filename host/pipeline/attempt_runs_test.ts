import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { AttemptRun } from "../store/store.ts";
import { ATTEMPT_RUNS_MAX, attemptsOf, handedOver, runEnd, settledUpTo } from "./attempt_runs.ts";

/** What a lane does: hands over from the next event on, settles, or begins anew with a process. */
type Step =
  | { do: "hand"; count: number }
  | { do: "settle"; count: number }
  | { do: "restart" };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant("hand" as const), count: fc.integer({ min: 1, max: 9 }) }),
    fc.record({ do: fc.constant("settle" as const), count: fc.integer({ min: 1, max: 9 }) }),
    fc.record({ do: fc.constant("restart" as const) }),
  ),
  { maxLength: 60 },
);

/** Plays steps on runs and on a plain map of attempts beside them. */
class Model {
  runs: readonly AttemptRun[] = [];
  readonly attempts = new Map<number, number>();
  settled = 0;
  sent = 0;

  play(step: Step): void {
    if (step.do === "restart") this.sent = this.settled;
    else if (step.do === "settle") {
      this.settled = Math.min(this.settled + step.count, this.sent);
      this.runs = settledUpTo(this.runs, this.settled);
    } else this.hand(step.count);
  }

  /** As a lane does: a frame holds only events that were handed over as often as its first one. */
  hand(count: number): void {
    const from = this.sent + 1;
    const limit = this.sent + count;
    const attempt = attemptsOf(this.runs, from) + 1;
    const to = runEnd(this.runs, from, limit);
    assert(to >= from && to <= limit, `a frame of ${from} to ${to}`);
    this.runs = handedOver(this.runs, from, to, attempt);
    for (let sequence = from; sequence <= to; sequence++) this.attempts.set(sequence, attempt);
    this.sent = to;
  }

  /** The most that any event was handed over, for the loop below to end behind. */
  get last(): number {
    return Math.max(this.sent, ...this.attempts.keys());
  }
}

Deno.test("attempt runs count as a map of every event does, as long as they are few", () => {
  fc.assert(
    fc.property(steps, (all) => {
      const model = new Model();
      const before = new Map<number, number>();
      for (const step of all) {
        const from = model.sent + 1;
        model.play(step);
        // What is merged for want of room may count too high, so such histories are left out here.
        if (model.runs.length >= ATTEMPT_RUNS_MAX) return;
        for (let sequence = from; sequence <= model.sent; sequence++) {
          const attempt = (before.get(sequence) ?? 0) + 1;
          assertEquals(model.attempts.get(sequence), attempt, `attempt of ${sequence}`);
          before.set(sequence, attempt);
        }
        for (let sequence = model.settled + 1; sequence <= model.last + 1; sequence++) {
          assertEquals(attemptsOf(model.runs, sequence), before.get(sequence) ?? 0);
        }
      }
    }),
    { numRuns: 1000 },
  );
});

Deno.test("attempt runs stay few and ascending and never count too low, whatever happens", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(3), { maxLength: 200 }), (counts) => {
      const model = new Model();
      const least = new Map<number, number>();
      // One more event each time makes as many runs as there can be.
      for (const count of counts) {
        model.play({ do: "restart" });
        for (let i = 0; i <= count && model.sent < 100; i++) {
          const from = model.sent + 1;
          model.hand(1);
          least.set(from, (least.get(from) ?? 0) + 1);
        }
        assert(model.runs.length <= ATTEMPT_RUNS_MAX);
        for (const [i, { to }] of model.runs.entries()) {
          assert(i === 0 || to > model.runs[i - 1]!.to, "ascending");
        }
        for (const [sequence, attempts] of least) {
          assert(
            attemptsOf(model.runs, sequence) >= attempts,
            `event ${sequence} came again unsaid`,
          );
        }
      }
    }),
  );
});

Deno.test("handedOver() merges neighbours that were handed over as often", () => {
  let runs: AttemptRun[] = handedOver([], 1, 5, 1);
  runs = handedOver(runs, 6, 9, 1);
  assertEquals(runs, [{ to: 9, attempt: 1 }]);
  runs = handedOver(runs, 1, 1, 2);
  assertEquals(runs, [{ to: 1, attempt: 2 }, { to: 9, attempt: 1 }]);
  runs = handedOver(runs, 2, 9, 2);
  assertEquals(runs, [{ to: 9, attempt: 2 }]);
});

Deno.test("handedOver() keeps what lies before and behind the middle of a run", () => {
  const runs = handedOver([{ to: 9, attempt: 3 }], 4, 5, 4);
  assertEquals(runs, [{ to: 3, attempt: 3 }, { to: 5, attempt: 4 }, { to: 9, attempt: 3 }]);
});

Deno.test("handedOver() merges the oldest runs when there are too many, the higher number winning", () => {
  let runs: AttemptRun[] = [];
  for (let sequence = 1; sequence <= ATTEMPT_RUNS_MAX + 1; sequence++) {
    runs = handedOver(runs, sequence, sequence, 1 + sequence % 2 * 4);
  }
  assertEquals(runs.length, ATTEMPT_RUNS_MAX);
  assertEquals(runs[0], { to: 2, attempt: 5 });
});

Deno.test("settledUpTo() forgets what is settled and nothing else", () => {
  const runs = [{ to: 3, attempt: 2 }, { to: 7, attempt: 1 }];
  assertEquals(settledUpTo(runs, 2), runs);
  assertEquals(settledUpTo(runs, 3), [{ to: 7, attempt: 1 }]);
  assertEquals(settledUpTo(runs, 7), []);
  assertEquals(settledUpTo([], 7), []);
});
