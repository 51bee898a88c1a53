/** A message that reads the same on all systems: `folder` is DIR, behind it stand slashes. */
export function neutralPaths(text: string, folder: string): string {
  const quoted = JSON.stringify(folder).slice(1, -1);
  return text.replaceAll(quoted, "DIR").replaceAll(folder, "DIR")
    .replace(/DIR(?:\\{1,2}[\w.-]+)+/g, (path) => path.replace(/\\+/g, "/"));
}
