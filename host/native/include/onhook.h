/*
 * onhook.h - everything that leaves the library: the reader's functions for the host (FFI) and the
 * seven functions that RRAS calls. `exports.def` lists the same names and nothing else leaves.
 *
 * Conventions
 *   - Integers are little endian and of fixed width; no structure has hidden padding; text is
 *     UTF-8.
 *   - A negative result is an error. Its code, text and the system's own error number are kept per
 *     thread and fetched with `onhook_last_error` by the thread that made the failing call. The
 *     text reads `Cannot <verb> <thing>: <what is>, <what is wanted>`.
 *   - An `onhook_reader` belongs to whoever opened it, from `onhook_reader_open` to
 *     `onhook_reader_close`. No other memory crosses the boundary: buffers are the caller's and are
 *     never kept after a call has returned.
 *   - "In a callout" says whether the function may be called from within a function that RRAS
 *     calls.
 */
#ifndef ONHOOK_H
#define ONHOOK_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(_WIN32)
#define ONHOOK_CALL __stdcall
#define ONHOOK_EXPORT
#else
#define ONHOOK_CALL
#define ONHOOK_EXPORT __attribute__((visibility("default")))
#endif

/* Raised when a prototype, a structure or a result code of this file changes its meaning, or one is
   added, once a version has been released. None has been. */
#define ONHOOK_ABI_VERSION 1u
/* The library's version as service records carry it: major << 16 | minor << 8 | patch. */
#define ONHOOK_LIBRARY_VERSION 0x000100u

/* How a reader is woken; results of onhook_reader_wake_state. */
#define ONHOOK_WAKE_BY_EVENT 0
#define ONHOOK_WAKE_NOT_HERE 16
#define ONHOOK_WAKE_NOT_THERE 17

/* Results. */
#define ONHOOK_OK 0                  /* done */
#define ONHOOK_TIMEOUT 1             /* nothing to read within the time given */
#define ONHOOK_INTERRUPTED 2         /* onhook_reader_interrupt was called */
#define ONHOOK_INVALID_ARGUMENT (-1) /* an argument is out of range, or the call out of turn */
#define ONHOOK_OPEN_FAILED (-2)      /* the system refused; the system code says why */
#define ONHOOK_UNKNOWN_FORMAT (-3)   /* the file is no journal, or of a version unknown here */
#define ONHOOK_BUSY (-4)             /* another reader has it; its process id is in the error */
#define ONHOOK_DAMAGED (-5)          /* the header contradicts itself, or the size is wrong */
#define ONHOOK_BUFFER_TOO_SMALL (-6) /* the next entry does not fit; nothing was taken */
#define ONHOOK_NO_MEMORY (-7)        /* memory for the reader or its mapping cannot be had */
#define ONHOOK_NO_PROCESS (-8)       /* the process has ended, or there never was one */

/* Limits and defaults that a caller may rely on. */
#define ONHOOK_CAPACITY_MIN (UINT64_C(64) << 10)     /* bytes; a capacity is a power of two */
#define ONHOOK_CAPACITY_MAX (UINT64_C(1) << 30)      /* bytes */
#define ONHOOK_CAPACITY_DEFAULT (UINT64_C(64) << 20) /* bytes */
#define ONHOOK_RECORD_BYTES_MAX 4096u                /* no entry is larger */
#define ONHOOK_CLAIM_TIMEOUT_MS 1000u                /* a record left unfinished is given up */
#define ONHOOK_WAIT_FOREVER UINT32_MAX               /* timeout_ms: no limit */

typedef struct onhook_reader onhook_reader;

/* What one drain took. */
typedef struct onhook_drained {
  uint32_t entries;    /*  0: entries in the buffer */
  uint32_t bytes;      /*  4: bytes of the buffer in use, 8-aligned */
  uint64_t position;   /*  8: the reader's position after them; for onhook_reader_commit */
  uint64_t lost_total; /* 16: cumulative losses that gap entries have reported; for the commit */
  uint32_t more;       /* 24: 1 when a limit of the call ended it and more may be readable */
  uint32_t reserved;   /* 28: 0 */
} onhook_drained;

/* The last error of a thread. */
typedef struct onhook_error_info {
  int32_t code;         /*  0: the negative result, or ONHOOK_OK when no call has failed yet */
  uint32_t system_code; /*  4: errno or GetLastError(), 0 when the system had no part in it */
  uint32_t process_id;  /*  8: the process in the way (ONHOOK_BUSY) or asked about, else 0 */
  uint32_t reserved;    /* 12: 0 */
} onhook_error_info;

/* The state of a journal and what its callouts cost. Counters span the file's whole life. */
typedef struct onhook_statistics {
  uint8_t journal_id[16];         /*    0: random, drawn when the file was created */
  uint64_t capacity_bytes;        /*   16 */
  uint64_t head_position;         /*   24: everything before it has been committed */
  uint64_t tail_position;         /*   32: where the next record will stand */
  uint64_t lost_total;            /*   40: events counted instead of written, all reasons */
  uint64_t lost_acknowledged;     /*   48: of these, committed as gap entries */
  uint64_t torn_total;            /*   56: of these, records whose writer did not finish */
  uint64_t damaged_total;         /*   64: of these, damaged in the file */
  uint64_t callouts_total;        /*   72: callouts measured: all but start and stop */
  uint64_t callout_ns_total;      /*   80: nanoseconds in them */
  uint64_t callout_ns_max;        /*   88: the longest of them */
  uint64_t service_starts;        /*   96: MprAdminInitializeDll calls that reached this file */
  uint64_t last_service_start_us; /*  104: time of the last of them, microseconds since 1970 UTC */
  uint32_t reader_pid;            /*  112: process id of the present reader */
  uint32_t last_writer_pid;       /*  116: process id of the service that opened the file last */
  uint64_t bucket_count[64];      /*  120: callouts by duration */
  uint64_t bucket_upper_ns[64];   /*  632: nanoseconds a bucket's callouts stay below; rising */
} onhook_statistics;

/* What a process uses. */
typedef struct onhook_process_statistics_t {
  uint64_t resident_bytes; /* 0: of its memory, what is in the machine's; shared pages too */
  uint64_t cpu_us;         /* 8: microseconds on a processor since its start, all threads, user and
                              system; Linux counts in steps of 10 ms */
} onhook_process_statistics_t;

/* ------------------------------------------------------------------------------------------------
 * For the host. None of these may be called in a callout: they are made for another process than
 * the service's.
 *
 * One reader object, several threads: wait may run on one thread while interrupt, commit and
 * statistics run on others. Drain, commit and close are made by one thread at a time, and drain and
 * close not while a wait runs.
 */

/*
 * The version of this file's interface: ONHOOK_ABI_VERSION.
 *
 * Thread: any.  Frees: nothing.  Blocks: no.  In a callout: allowed.  Errors: none.
 */
ONHOOK_EXPORT uint32_t onhook_abi_version(void);

/*
 * Opens the journal at `path_utf8` as its only reader and creates it, with its folders, when there
 * is none. `capacity_bytes` is used to create it only: a power of two from ONHOOK_CAPACITY_MIN to
 * ONHOOK_CAPACITY_MAX, 0 for ONHOOK_CAPACITY_DEFAULT. A file that is there is never erased, resized
 * or renamed. The claim to be the reader is the kernel's and ends with the process. A release that
 * a dead reader left half done is finished.
 *
 * Thread: any.  Frees: the caller, with onhook_reader_close.  In a callout: no.
 * Blocks: for file operations only (creating 64 MiB: some milliseconds).
 * Returns ONHOOK_OK with *out set, else *out is null and
 *   ONHOOK_INVALID_ARGUMENT  a pointer is null, the path is empty or longer than 4000 bytes, or
 *                            `capacity_bytes` is not as above
 *   ONHOOK_OPEN_FAILED       the file or a folder cannot be created, opened, locked or mapped, or
 *                            the path is no regular file; the system code says why
 *   ONHOOK_UNKNOWN_FORMAT    magic or version are not ours
 *   ONHOOK_BUSY              another reader has it; its process id is in the error (0: not known)
 *   ONHOOK_DAMAGED           size, checksum or positions of the header contradict each other
 *   ONHOOK_NO_MEMORY         no memory for the reader or its mapping
 */
ONHOOK_EXPORT int32_t onhook_reader_open(const char *path_utf8, uint64_t capacity_bytes,
                                         onhook_reader **out);

/*
 * Waits until a drain would find something: a record, a damaged place, or a loss to report. Carries
 * no data and may return ONHOOK_OK without cause. `timeout_ms` 0 only looks; ONHOOK_WAIT_FOREVER
 * has no limit. Wakes by itself twice a second to look, so that a writer which died between
 * publishing and waking costs no more than that.
 *
 * Thread: any, one wait at a time.  Frees: nothing.  In a callout: no.
 * Blocks: yes, up to `timeout_ms`; the only function that does.
 * Returns
 *   ONHOOK_OK                drain now
 *   ONHOOK_TIMEOUT           nothing within the time
 *   ONHOOK_INTERRUPTED       onhook_reader_interrupt was called since the last wait returned
 *   ONHOOK_INVALID_ARGUMENT  the reader is null or closed, or another wait or a drain is running
 * A damaged header is reported by the drain after it, on the thread that can fetch the text.
 */
ONHOOK_EXPORT int32_t onhook_reader_wait(onhook_reader *reader, uint32_t timeout_ms);

/*
 * Ends the running wait, or the next one when none is running.
 *
 * Thread: any, at any time between open and close.  Frees: nothing.  Blocks: no.  In a callout: no.
 * Returns ONHOOK_OK, or ONHOOK_INVALID_ARGUMENT when the reader is null or closed.
 */
ONHOOK_EXPORT int32_t onhook_reader_interrupt(onhook_reader *reader);

/*
 * Tells how a wait learns that something has been written: by an event, or, when one side cannot
 * use the event, by looking every 5 ms. On Windows the event's name stands in the journal; somebody
 * else's event of that name is not used. On Linux always by event.
 *
 * Thread: any, at any time between open and close.  Frees: nothing.  Blocks: no.  In a callout: no.
 * Returns
 *   ONHOOK_WAKE_BY_EVENT     by an event
 *   ONHOOK_WAKE_NOT_HERE     by looking: this process cannot use the event
 *   ONHOOK_WAKE_NOT_THERE    by looking: the service that started last cannot
 *   ONHOOK_INVALID_ARGUMENT  the reader is null or closed
 */
ONHOOK_EXPORT int32_t onhook_reader_wake_state(onhook_reader *reader);

/*
 * Copies entries (include/journal.h, "Entry") from the reader's own position on into `buffer`, each
 * 8-aligned within it, at most `entries_max` of them, and moves that position. The position starts
 * at the journal's head when the reader is opened, so an event is seen again by the next reader
 * until it has been committed. Every length inside an entry of a known type and version has been
 * checked against its `bytes`, and the checksum has been verified; entries of unknown types or
 * payload versions with a good checksum are passed on. Losses come as `gap` entries.
 *
 * Thread: one at a time, not while a wait runs.  Frees: nothing; the buffer is the caller's.
 * Blocks: no; its work is bounded by the journal's capacity.  In a callout: no.
 * Returns ONHOOK_OK (also with 0 entries) with *out filled, else
 *   ONHOOK_INVALID_ARGUMENT  a pointer is null, `buffer` is not 8-aligned, `entries_max` is 0, the
 *                            reader is closed, or a wait or another drain is running
 *   ONHOOK_BUFFER_TOO_SMALL  not even one entry fits; ONHOOK_RECORD_BYTES_MAX bytes always do
 *   ONHOOK_DAMAGED           the header was changed under the reader; close it and open again
 */
ONHOOK_EXPORT int32_t onhook_reader_drain(onhook_reader *reader, uint8_t *buffer,
                                          uint32_t buffer_bytes, uint32_t entries_max,
                                          onhook_drained *out);

/*
 * Gives everything before `position` back to the writers and acknowledges the losses up to
 * `lost_total`: pass what a drain returned, once its entries are kept elsewhere. What a process
 * that dies in the middle left is finished by the next reader.
 *
 * Thread: one at a time, not during a drain; may run during a wait.  Frees: nothing.
 * Blocks: no; clears the released bytes, and now and then takes them out of this process's memory.
 * In a callout: no.
 * Returns ONHOOK_OK, or ONHOOK_INVALID_ARGUMENT when the reader is null or closed, `position` is
 * not a multiple of 64 between the last commit and the last drain, or `lost_total` is not between
 * the last acknowledged and the last drained.
 */
ONHOOK_EXPORT int32_t onhook_reader_commit(onhook_reader *reader, uint64_t position,
                                           uint64_t lost_total);

/*
 * Fills `out` with the journal's state and the cost of its callouts. The numbers are read one by
 * one while writers go on, so they need not add up to the last event.
 *
 * Thread: any.  Frees: nothing.  In a callout: no.
 * Blocks: no; sleeps up to 2 ms when called right after open, to learn the tick counter's rate.
 * Returns ONHOOK_OK, or ONHOOK_INVALID_ARGUMENT when a pointer is null or the reader closed.
 */
ONHOOK_EXPORT int32_t onhook_reader_statistics(onhook_reader *reader, onhook_statistics *out);

/*
 * Gives up the claim, unmaps the journal and frees the reader. What was drained but not committed
 * comes again to the next reader.
 *
 * Thread: one, after every other call on this reader has returned.  Frees: the reader.
 * Blocks: no.  In a callout: no.
 * Returns ONHOOK_OK, or ONHOOK_INVALID_ARGUMENT when the reader is null or closed, or a wait or
 * drain is still running on it (nothing is freed then: interrupt the wait and close again).
 */
ONHOOK_EXPORT int32_t onhook_reader_close(onhook_reader *reader);

/*
 * What a process uses at this moment, for limits that the host holds on the processes which it has
 * started. A number that has become another process's cannot be told from the first one's: ask
 * about a child that has not been waited for. Allocates nothing.
 *
 * Thread: any.  Frees: nothing.  In a callout: no.
 * Blocks: no; a few calls of the system (Linux: reads /proc/<id>/stat and statm).
 * Returns ONHOOK_OK with *out filled, else *out is as it was and
 *   ONHOOK_INVALID_ARGUMENT  `out` is null or `process_id` is 0
 *   ONHOOK_NO_PROCESS        no such process, or it has ended and nobody has waited for it yet
 *   ONHOOK_OPEN_FAILED       the system does not let this account look at it, or there is no /proc;
 *                            the system code says why
 */
ONHOOK_EXPORT int32_t onhook_process_statistics(uint32_t process_id,
                                                onhook_process_statistics_t *out);

/*
 * The last error of the calling thread. Copies its text (UTF-8, not terminated, cut at
 * `buffer_bytes` at a character's end) to `buffer` and its numbers to `out`; either may be null. A
 * call that succeeds leaves the last error as it is.
 *
 * Thread: any; speaks of the calling thread only.  Frees: nothing.  Blocks: no.  In a callout: no.
 * Returns the bytes written to `buffer`; with a null buffer, the bytes it would need.
 */
ONHOOK_EXPORT uint32_t onhook_last_error(uint8_t *buffer, uint32_t buffer_bytes,
                                         onhook_error_info *out);

/* ------------------------------------------------------------------------------------------------
 * For RRAS. The structures are in ras.h; here they are only named. RRAS owns what the pointers
 * point to; nothing of it is kept after the call. All are safe on any thread, in any order, any
 * number of times, also before MprAdminInitializeDll and after MprAdminTerminateDll.
 */

struct onhook_ras_port_0;
struct onhook_ras_port_1;
struct onhook_ras_connection_0;
struct onhook_ras_connection_1;
struct onhook_ras_connection_2;
struct onhook_ras_connection_3;

/*
 * The service starts. Opens or creates the journal and writes a `serviceStart` record. A journal
 * that cannot be opened is tried again once a second by a thread of its own; meanwhile losses are
 * counted. A second call without MprAdminTerminateDll between does nothing.
 *
 * Thread: any.  Frees: nothing.  Blocks: for file operations only.  In a callout: is one.
 * Returns 0 (NO_ERROR) always: RRAS must never fail to start because of us.
 */
ONHOOK_EXPORT uint32_t ONHOOK_CALL MprAdminInitializeDll(void);

/*
 * The service stops. Writes a `serviceStop` record, stops the thread, gives the journal up.
 *
 * Thread: any.  Frees: what MprAdminInitializeDll took.  In a callout: is one.
 * Blocks: at most 3 s, when a callout or a file operation hangs; otherwise no.
 * Returns 0 (NO_ERROR) always.
 */
ONHOOK_EXPORT uint32_t ONHOOK_CALL MprAdminTerminateDll(void);

/*
 * What holds for the five below. The event is copied into the journal and a sleeping reader woken.
 * Any pointer may be null; that part of the event is absent then. Arrays need no terminator, and
 * nothing behind a structure is read. No allocation, no file operation, no lock; the number of
 * steps is bounded. What cannot be written is counted and reaches the host as a `gap`.
 */

/*
 * A link is about to be accepted: always is, by us. Another administration DLL may refuse it.
 *
 * Thread: any, several at once.  Frees: nothing.  Blocks: no.  In a callout: is one.
 * Returns 1 (TRUE) always.
 */
ONHOOK_EXPORT int32_t ONHOOK_CALL MprAdminAcceptNewLink(const struct onhook_ras_port_0 *port0,
                                                        const struct onhook_ras_port_1 *port1);

/*
 * A link was taken down.
 *
 * Thread: any, several at once.  Frees: nothing.  Blocks: no.  In a callout: is one.
 */
ONHOOK_EXPORT void ONHOOK_CALL
MprAdminLinkHangupNotification(const struct onhook_ras_port_0 *port0,
                               const struct onhook_ras_port_1 *port1);

/*
 * A user was authenticated and a connection is about to be accepted: always is, by us. Another
 * administration DLL may refuse it.
 *
 * Thread: any, several at once.  Frees: nothing.  Blocks: no.  In a callout: is one.
 * Returns 1 (TRUE) always.
 */
ONHOOK_EXPORT int32_t ONHOOK_CALL
MprAdminAcceptNewConnection2(const struct onhook_ras_connection_0 *connection0,
                             const struct onhook_ras_connection_1 *connection1,
                             const struct onhook_ras_connection_2 *connection2);

/*
 * The last link of a connection is gone.
 *
 * Thread: any, several at once.  Frees: nothing.  Blocks: no.  In a callout: is one.
 */
ONHOOK_EXPORT void ONHOOK_CALL
MprAdminConnectionHangupNotification2(const struct onhook_ras_connection_0 *connection0,
                                      const struct onhook_ras_connection_1 *connection1,
                                      const struct onhook_ras_connection_2 *connection2);

/*
 * A connection's quarantine state has changed: always accepted. Of `connection3` no more is read
 * than its dwSize says, its first 8 bytes apart.
 *
 * Thread: any, several at once.  Frees: nothing.  Blocks: no.  In a callout: is one.
 * Returns 1 (TRUE) always.
 */
ONHOOK_EXPORT int32_t ONHOOK_CALL
MprAdminAcceptReauthentication(const struct onhook_ras_connection_0 *connection0,
                               const struct onhook_ras_connection_1 *connection1,
                               const struct onhook_ras_connection_2 *connection2,
                               const struct onhook_ras_connection_3 *connection3);

#ifdef __cplusplus
}
#endif

#endif
