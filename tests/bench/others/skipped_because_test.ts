import { assertEquals } from "@std/assert";
import { testWhere } from "../../support/test_where.ts";
import { skippedBecause } from "./skipped_because.ts";

const gone = { file: "onhook-is-no-program", package: "some-package" };
const alsoGone = { file: "/nowhere/onhook.so", package: "other-package" };

testWhere("bench", "skippedBecause() gives the line that installs all that is missing", () => {
  const blockedBy = () => "never asked";
  assertEquals(
    skippedBecause({ needs: [gone, alsoGone], blockedBy }),
    "not installed: apt install some-package other-package",
  );
});

testWhere(
  "bench",
  "skippedBecause() asks for what cannot be installed only when all is there",
  () => {
    const needs = [{ file: "sh", package: "dash" }];
    assertEquals(skippedBecause({ needs }), undefined);
    assertEquals(skippedBecause({ needs, blockedBy: () => "for root only" }), "for root only");
  },
);
