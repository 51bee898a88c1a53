import { assertEquals } from "@std/assert";
import { testWhere } from "../../support/test_where.ts";
import { missingPackages, whereIs } from "./missing_packages.ts";

const there = { file: "sh", package: "dash" };
const gone = { file: "onhook-is-no-program", package: "some-package" };

testWhere("bench", "missingPackages() names each package once, and only what is not there", () => {
  const file = { file: "/nowhere/onhook.so", package: "some-package" };
  const other = { file: "/nowhere/other.so", package: "other-package" };
  assertEquals(missingPackages([there, gone, file, other]), ["some-package", "other-package"]);
  assertEquals(missingPackages([there]), []);
});

testWhere(
  "bench",
  "whereIs() looks where administrators' programs are, and for files only",
  async () => {
    const folder = await Deno.makeTempDir();
    try {
      await Deno.mkdir(`${folder}/program`);
      assertEquals(whereIs("program", folder), undefined);
      assertEquals(whereIs(`${folder}/program`), undefined);
      await Deno.writeTextFile(`${folder}/another`, "");
      assertEquals(whereIs("another", `relative:${folder}`), `${folder}/another`);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);
