/**
 * What one frame may hold. Both sides hold the other one to these.
 *
 * `frameBytesMax` bounds a frame to the plugin, which a batch of events fills at most;
 * `answerBytesMax` bounds a frame from the plugin. The latter is `PIPE_BUF` of Linux, below which a
 * write to a pipe is never mixed with another one, so a plugin that writes to stdout by itself can
 * not cut one of our frames in two. A registry entry may say more (`messageBytesMax`).
 */
export const FRAME_LIMITS = {
  /** Bytes of a frame to a plugin's process, 1 MiB. */
  frameBytesMax: 1024 * 1024,
  /** Bytes of a frame from a plugin's process, marker and header included. */
  answerBytesMax: 4096,
  /** Bytes of a line of stray output before it is cut. */
  strayLineBytesMax: 4096,
} as const;

/**
 * What a plugin may have remembered of an event with `ctx.once`, when the host's configuration does
 * not say otherwise. Key and value fit into one frame together, whatever JSON makes of them.
 */
export const ONCE_LIMITS = {
  /** UTF-16 units of a key. */
  keyCharactersMax: 128,
  /** UTF-8 bytes of a value as JSON. */
  valueBytesMax: 2048,
  /** Keys of one event. */
  keysMax: 32,
} as const;
