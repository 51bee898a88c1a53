/** Whether this is Windows as Wine plays it. */
export const IS_WINE = Deno.build.os === "windows" && Deno.env.get("WINEPREFIX") !== undefined;
