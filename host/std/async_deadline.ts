/**
 * Time limits for promises, as `@std/async/deadline` of the Deno standard library.
 *
 * @module
 */
// @ts-types="./async_deadline.d.ts"
export { deadline } from "deno-std/async/deadline.js";
