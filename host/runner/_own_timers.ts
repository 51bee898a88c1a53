/**
 * The runtime's timers as they are when this module is loaded, before any plugin: one that puts
 * something else in their place harms only itself. They are asked for no sooner than they are used,
 * because Deno loads them then, 3 MB in every plugin's process.
 */
export const ownTimers: Pick<typeof globalThis, "setTimeout" | "clearTimeout"> = Object.create(
  null,
  {
    setTimeout: Object.getOwnPropertyDescriptor(globalThis, "setTimeout")!,
    clearTimeout: Object.getOwnPropertyDescriptor(globalThis, "clearTimeout")!,
  },
);
