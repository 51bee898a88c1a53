/**
 * `accounting`: one row for each session, on the disk before the event is settled, and what each
 * user's sessions of a day come to. Into a SQLite database or CSV files.
 *
 * Needs `read` and `write` for the folder, and the `fields` that name whose a session was.
 *
 * @module
 */
import { accounting } from "./accounting.ts";

export default accounting();
