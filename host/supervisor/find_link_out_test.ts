import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { findLinkOut } from "./find_link_out.ts";
import { testWhere } from "../../tests/support/test_where.ts";

interface Places {
  readonly folder: string;
  readonly granted: string;
  readonly secret: string;
}

/** A granted folder with a file and a folder in it, and a secret beside it. */
async function withPlaces(test: (places: Places) => Promise<void>): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  const granted = join(folder, "granted");
  const secret = join(folder, "secret.txt");
  try {
    await Deno.mkdir(join(granted, "below"), { recursive: true });
    await Deno.writeTextFile(join(granted, "below", "file.txt"), "x");
    await Deno.writeTextFile(secret, "secret");
    await test({ folder, granted, secret });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("findLinkOut() finds nothing when there is no link, or what is granted is not there", () =>
  withPlaces(async ({ folder, granted, secret }) => {
    const found = await findLinkOut([granted, secret, join(folder, "none")]);
    assertEquals(found, { found: undefined, isCut: false });
  }));

testWhere(
  "links",
  "findLinkOut() finds a link to a file or a folder outside",
  () =>
    withPlaces(async ({ folder, granted, secret }) => {
      for (const target of [secret, folder, "/"]) {
        const link = join(granted, "below", "link");
        await Deno.symlink(target, link);
        assertEquals((await findLinkOut([granted])).found, { link, target });
        await Deno.remove(link);
      }
    }),
);

testWhere(
  "links",
  "findLinkOut() finds a link through which a file would be made outside",
  () =>
    withPlaces(async ({ folder, granted }) => {
      const link = join(granted, "link");
      await Deno.symlink("../new.txt", link);
      assertEquals((await findLinkOut([granted])).found, { link, target: join(folder, "new.txt") });
    }),
);

testWhere(
  "links",
  "findLinkOut() takes links that stay inside of what is granted",
  () =>
    withPlaces(async ({ folder, granted, secret }) => {
      await Deno.symlink("below/file.txt", join(granted, "inside"));
      await Deno.symlink("below/none.txt", join(granted, "not-yet"));
      await Deno.symlink("loop", join(granted, "loop"));
      await Deno.symlink(secret, join(granted, "to-secret"));
      assertEquals((await findLinkOut([granted, secret])).found, undefined);
      const other = join(folder, "granted-too");
      await Deno.symlink(granted, other);
      assertEquals((await findLinkOut([other, secret])).found, undefined, "a grant that is a link");
      assertEquals((await findLinkOut([granted])).found?.target, secret);
    }),
);

testWhere(
  "links",
  "findLinkOut() is not fooled by a folder whose name begins the same",
  () =>
    withPlaces(async ({ folder, granted }) => {
      await Deno.mkdir(join(folder, "granted-not"));
      await Deno.symlink(join(folder, "granted-not"), join(granted, "link"));
      assertEquals((await findLinkOut([granted])).found?.target, join(folder, "granted-not"));
    }),
);

Deno.test("findLinkOut() says so when there are too many files", async () => {
  await withPlaces(async ({ granted }) => {
    for (const name of ["1", "2", "3"]) await Deno.writeTextFile(join(granted, name), "");
    assertEquals(await findLinkOut([granted], 4), { found: undefined, isCut: true });
    assertEquals(await findLinkOut([granted], 5), { found: undefined, isCut: false });
  });
});
