/** Whether two paths name the same file, as far as their texts tell: without regard to case. */
export function isSameWindowsPath(left: string, right: string): boolean {
  const plain = (path: string): string =>
    path.replaceAll("/", "\\").replaceAll(/(?<=.)\\{2,}/g, "\\").toUpperCase();
  return plain(left) === plain(right);
}
