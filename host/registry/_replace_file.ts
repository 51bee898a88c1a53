import { basename, dirname } from "@std/path";

async function syncFolder(folder: string): Promise<void> {
  // Windows opens no folders; there the rename is durable enough by itself.
  if (Deno.build.os === "windows") return;
  using handle = await Deno.open(folder, { read: true });
  await handle.sync();
}

/**
 * Replaces a file's content at once: whoever reads it sees the old or the new text, also after a
 * loss of power. The file keeps its mode, and its owner where this process may set it.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  const before = await Deno.stat(path);
  const folder = dirname(path);
  const temporary = await Deno.makeTempFile({
    dir: folder,
    prefix: `.${basename(path)}.`,
    suffix: ".tmp",
  });
  try {
    using file = await Deno.open(temporary, { write: true });
    const bytes = new TextEncoder().encode(text);
    for (let written = 0; written < bytes.length;) {
      written += await file.write(bytes.subarray(written));
    }
    const now = await file.stat();
    if (
      before.uid !== null && before.gid !== null &&
      (now.uid !== before.uid || now.gid !== before.gid)
    ) {
      // Only root may give files away; for everyone else the new file is their own.
      await Deno.chown(temporary, before.uid, before.gid).catch(() => {});
    }
    if (before.mode !== null && Deno.build.os !== "windows") {
      await Deno.chmod(temporary, before.mode & 0o7777);
    }
    await file.sync();
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw error;
  }
  try {
    await Deno.rename(temporary, path);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw error;
  }
  await syncFolder(folder);
}
