/** What of the checkout no host needs: tests, what they use, and what others build or write. */
const NOT_NEEDED = [
  /_test\.ts$/,
  /^_fake[^/]*\.ts$|\/_fake[^/]*\.ts$/,
  /^native\/(?:build|src|test|include|prebuilt)$/,
  /^data$/,
  /(?:^|\/)\.gitignore$/,
];
/** What no program runs. */
const NEVER_RUN = /\.(?:map|md|d\.[cm]?ts)$/i;

/** Says of what lies in a folder that is copied whether it is copied too. */
export type ProgramFilter = (path: string) => boolean;

/**
 * What of a folder is part of an installation. The filter takes paths from the folder on, with `/`.
 *
 * @param folder The name of the folder; `npm` is a cache of packages, of which only `packages` are
 * copied.
 * @param packages Such as `zod` and `@optique/core`.
 */
export function programFilter(folder: string, packages: ReadonlySet<string>): ProgramFilter {
  if (folder !== "npm") return (path) => !NOT_NEEDED.some((pattern) => pattern.test(path));
  return (path) => {
    // The first part is the name of the place that the packages are from.
    const name = path.split("/").slice(1).join("/");
    const isWanted = name === "" || [...packages].some((wanted) =>
      // A folder of a scope is on the way to its packages.
      name === wanted || name.startsWith(`${wanted}/`) || wanted.startsWith(`${name}/`)
    );
    return isWanted && !NEVER_RUN.test(name);
  };
}
