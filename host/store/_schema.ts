/**
 * The store's tables, one step for each version; `PRAGMA user_version` counts the steps taken.
 *
 * - `boot`: how far each service start's records have been taken in. A record is a duplicate when
 *   its position is not beyond that of its boot. Journals count losses as a boot of their own, with
 *   the number lost in place of the position. `turn` is the higher the later it was changed: the
 *   newest of them are kept.
 * - `segment`: events, many to a row.
 * - `cursor`: how far each plugin is. `runs` says how often the events beyond `settled` have been
 *   handed to it: `[[last sequence, attempt], …]`, ascending.
 * - `failure`: dead letters: events that a plugin has failed on for good, with the last attempt's
 *   error and lines of log. `redriven_ms` is set when one has been settled after all.
 * - `done_run`: the ordinary outcome. Events `first` … `last` were settled by the plugin between two
 *   times, one row for many events. What is neither here nor in `failure` is not settled yet.
 *   `attempt` is below 0 when it was late: the plugin had been held or parked, and those behind it had
 *   gone on. So the ordinary case pays nothing for telling that apart.
 * - `once`: what a plugin has done once in an event, `outcome` as JSON; gone with the event.
 * - `dropped_run`: events that retention has dropped although the plugin was not done with them; the
 *   newest runs of them.
 * - `request`: what a command asks of the running host; the host deletes a row when it is done.
 * - `session`: sessions that have not ended, each as JSON, by their ids.
 */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE boot (
     boot TEXT PRIMARY KEY,
     position TEXT NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE segment (
     first INTEGER PRIMARY KEY,
     last INTEGER NOT NULL,
     stored_ms INTEGER NOT NULL,
     bytes BLOB NOT NULL
   ) STRICT;
   CREATE TABLE cursor (
     plugin TEXT PRIMARY KEY,
     settled INTEGER NOT NULL,
     runs TEXT NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE failure (
     plugin TEXT NOT NULL,
     sequence INTEGER NOT NULL,
     attempt INTEGER NOT NULL,
     kind TEXT NOT NULL,
     message TEXT NOT NULL,
     stack TEXT,
     log TEXT NOT NULL,
     failed_ms INTEGER NOT NULL,
     redriven_ms INTEGER,
     PRIMARY KEY (plugin, sequence)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE done_run (
     plugin TEXT NOT NULL,
     first INTEGER NOT NULL,
     last INTEGER NOT NULL,
     from_ms INTEGER NOT NULL,
     to_ms INTEGER NOT NULL,
     attempt INTEGER NOT NULL,
     PRIMARY KEY (plugin, first)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE request (
     id INTEGER PRIMARY KEY,
     kind TEXT NOT NULL,
     plugin TEXT NOT NULL,
     sequence INTEGER,
     made_ms INTEGER NOT NULL
   ) STRICT;
   CREATE TABLE meta (
     key TEXT PRIMARY KEY,
     value TEXT NOT NULL
   ) STRICT, WITHOUT ROWID;`,
  `CREATE TABLE once (
     plugin TEXT NOT NULL,
     sequence INTEGER NOT NULL,
     key TEXT NOT NULL,
     outcome TEXT NOT NULL,
     kept_ms INTEGER NOT NULL,
     PRIMARY KEY (plugin, sequence, key)
   ) STRICT, WITHOUT ROWID;`,
  `CREATE TABLE dropped_run (
     plugin TEXT NOT NULL,
     last INTEGER NOT NULL,
     first INTEGER NOT NULL,
     dropped_ms INTEGER NOT NULL,
     PRIMARY KEY (plugin, last)
   ) STRICT, WITHOUT ROWID;`,
  `CREATE TABLE session (
     id TEXT PRIMARY KEY,
     state TEXT NOT NULL
   ) STRICT, WITHOUT ROWID;`,
  `ALTER TABLE boot ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;`,
];
