/*
 * journal.h - the format of a journal file, version 2: the document first, then the structures.
 *
 * A journal is one file that writers (the service's process, which RRAS calls) and one reader (the
 * host) map into memory at the same time. It holds a ring of records. It outlives every process,
 * and any of them may die at any instruction without stopping the others. All integers are little
 * endian. "Position" is a number of bytes since the journal's beginning of time: it only rises,
 * is a multiple of 64, and stands in the ring at offset `position mod capacity`.
 *
 * -- The file ------------------------------------------------------------------------------------
 *
 *   offset             size       what
 *   0                  4096       identity: written before the file gets its name, never again
 *   4096               4096       control: positions, losses, who is who
 *   8192               40960      costs: 64 stripes of 640 bytes
 *   49152              16384      reserved, 0
 *   65536              capacity   ring
 *   65536 + capacity   4096       slack: a record that starts near the ring's end runs on here, so
 *                                 that no record is ever split
 *
 * The file's size is exactly 69632 + capacity, and the space is allocated when it is created: a
 * store into a hole of a mapped file on a full disk would kill the service's process.
 *
 * -- Identity (offset 0) -------------------------------------------------------------------------
 *
 *   offset size type   meaning
 *   0      8    bytes  magic "ONHOOKJ" and 0x1A
 *   8      4    u32    version: 2
 *   12     4    u32    size of everything before the ring: 65536
 *   16     8    u64    capacity: a power of two, 64 KiB to 1 GiB
 *   24     4    u32    slack: 4096
 *   28     4    u32    unit: 64; records start at and are rounded up to multiples of it
 *   32     16   bytes  journal id, random, not all 0
 *   48     8    i64    time of creation, microseconds since 1970 UTC
 *   56     4    u32    largest record: 4096
 *   60     4    u32    reserved, 0
 *   64     8    u64    checksum64 over the bytes [0, 64)
 *   72     16   bytes  wake key, random, not all 0: on Windows part of the name of the event that
 *                      wakes the reader. It leaves this file in no other way
 *   88     4008        reserved, 0
 *
 * -- Control (offset 4096) -----------------------------------------------------------------------
 * One page, so that after a loss of power its parts are of nearly one age; one cache line pair for
 * each side.
 *
 *   offset size type   written by  meaning
 *   4096   8    u64    writers     tail: position of the next record
 *   4224   8    u64    reader      head: everything before it is free
 *   4232   8    u64    reader      release: head before it is cleared; equals head at rest
 *   4352   4    u32    both        asleep: 1 while the reader sleeps or is about to
 *   4480   8    u64    both        lost total: events counted instead of written
 *   4488   32   u64[4] both        of these, by reason: journal full, journal unavailable, writer
 *                                  died, damaged; raised before the total
 *   4520   8    u64    reader      inexact: how often an unknown number was lost at once
 *   4528   8    i64    both        time of the first loss after those acknowledged
 *   4536   8    i64    both        time of the last loss
 *   4544   8    u64    both        tail at that first loss
 *   4608   8    u64    reader      lost acknowledged: of the total, committed as gap entries
 *   4616   32   u64[4] reader      of the reasons, acknowledged
 *   4648   8    u64    reader      of inexact, acknowledged
 *   4656   8    i64    reader      time of the last loss acknowledged
 *   4736   4    u32    reader      process id of the reader, 0 when it closed
 *   4740   4    u32    writers     process id of the service that opened the journal last
 *   4744   8    u64    writers     service starts
 *   4752   8    i64    writers     time of the last service start
 *   4760   4    u32    writers     1 while the service that started last cannot wake the reader, which
 *                                  then looks every few milliseconds
 *
 * At rest and at any moment: head <= release <= tail <= head + capacity, all multiples of 64, and
 * lost acknowledged <= lost total.
 *
 * -- Costs (offset 8192) -------------------------------------------------------------------------
 * Sixty-four stripes, so that threads seldom share a cache line; the sum over all of them counts. Times
 * are ticks of the processor's time stamp counter (x86-64), elsewhere nanoseconds.
 *
 *   offset size type    meaning
 *   +0     8    u64     ticks in callouts
 *   +8     8    u64     longest callout in ticks
 *   +64    512  u64[64] callouts by duration: bucket 2*e + s holds durations of
 *                       [2^e * (1 + s/2), 2^e * (1 + (s+1)/2)) ticks; the last holds all above
 *
 * -- Checksums -----------------------------------------------------------------------------------
 * The bytes are filled up with 0 to a multiple of 64 and taken as u32 words w(0), w(1), ... To word i
 * is added, modulo 2^32, the first 32 bits of the fraction of the cube root of prime number i mod 16
 * (0x428A2F98 for 2, to 0xC19BF174 for 53), and floor(i / 16) * 0x9E3779B9. Words 2p and 2p + 1 are
 * multiplied to 64 bits; EVEN is the sum of the products of even p, ODD that of odd p, modulo 2^64.
 * checksum64 is the high half xor the low half of the 128-bit product of
 * EVEN xor 0x9E3779B97F4A7C15 and ODD xor 0xD1B54A32D192ED03; checksum32 is its low half. It finds
 * damage, not forgery: who may write to the file may write anything.
 *
 * -- Entry ---------------------------------------------------------------------------------------
 * The bytes of an event: in the ring, in a drain's buffer, and wherever the host passes them on.
 *
 *   offset size type   meaning
 *   0      8    u64    in the ring: the word, see below. In a drain's buffer: the position; in a
 *                      gap: the cumulative number of lost events
 *   8      8    u64    sequence: 0, the host numbers events when it takes them in
 *   16     8    i64    time of the event, microseconds since 1970 UTC, the writer's clock. A clock
 *                      that is set shows within 5 ms
 *   24     8    u64    boot: random, not 0, drawn at each service start. In a gap: the journal id's
 *                      first 8 bytes
 *   32     4    u32    bytes: length of the entry with these 48 bytes, without padding; to 4096
 *   36     2    u16    type
 *   38     2    u16    payload version: 1 for all types below
 *   40     4    u32    checksum32 of the entry, [0, 16) and [40, 48) taken as 0; 0 in a gap
 *   44     4    u32    reserved, 0
 *   48     ...         payload
 *
 * Type 1, linkHangup. An absent half is all 0 and its strings have length 0.
 *   48     2    u16    present: bit 0 RAS_PORT_0, bit 1 RAS_PORT_1
 *   50     2    u16    reserved, 0
 *   52     8    u16[4] length of port name, media name, device name, device type in UTF-16 code
 *                      units, at most 17, 17, 129, 17; no terminator
 *   60     4    u32    reserved, 0
 *   64     28   bytes  the first 28 bytes of RAS_PORT_0 as they were (ras.h)
 *   92     4    u32    reserved, 0
 *   96     72   bytes  RAS_PORT_1 as it was
 *   168    ...  u16[]  the four strings, one after the other, as they were: surrogates may be
 *                      unpaired
 * Type 2, linkUp. As linkHangup.
 * Type 3, connectionUp, and type 4, connectionHangup. Of RAS_CONNECTION_0, _1 and _2 all fields as
 * they were, texts only as long as they are; what PPP says of NetBEUI, IPX and AppleTalk, which are
 * gone from Windows Server since 2008, is left out. An absent structure is all 0 and its strings
 * have length 0.
 *   48     2    u16     present: bit n RAS_CONNECTION_n
 *   50     2    u16     reserved, 0
 *   52     24   u16[12] length in UTF-16 code units, no terminator, at most in brackets, of
 *                       _0: interface name (257), user name (257), logon domain (16), remote
 *                       computer (17); _1: address (16), remote address (16); _2: user name (257),
 *                       address (16), remote address (16); _3: as _2, 0 but in type 5
 *   76     4    u32     reserved, 0
 *   80     28   bytes   the first 28 bytes of RAS_CONNECTION_0
 *   108    4    u32     reserved, 0
 *   112    16   bytes   the first 16 bytes of RAS_CONNECTION_1
 *   128    4    u32     its PppInfo.ip.dwError
 *   132    4    u32     reserved, 0
 *   136    48   bytes   its bytes [248, 296): counters
 *   184    8    bytes   the first 8 bytes of RAS_CONNECTION_2
 *   192    20   bytes   its bytes [524, 544): interface type, GUID
 *   212    4    u32     its PppInfo2.ip.dwError
 *   216    8    u32[2]  its PppInfo2.ip: dwOptions, dwRemoteOptions
 *   224    64   bytes   its bytes [784, 848): CCP, LCP
 *   288    ...  u16[]   the strings, one after the other, as they were
 * Type 5, reauthentication. As connectionUp up to 288; then of RAS_CONNECTION_3 what its dwSize
 * says is there. What is not wholly within it is 0 or of length 0; IPv6, CCP and LCP count as one
 * each, as do the two options of IPCP.
 *   288    16   bytes   its first 16 bytes: version, size, handle; version and size always
 *   304    20   bytes   its bytes [532, 552): interface type, GUID
 *   324    4    u32     its PppInfo3.ip.dwError
 *   328    8    u32[2]  its PppInfo3.ip: dwOptions, dwRemoteOptions
 *   336    112  bytes   its bytes [668, 780): IPv6, CCP, LCP
 *   448    12   bytes   its bytes [780, 792): quarantine state, end of the probation (FILETIME)
 *   460    4    u32     reserved, 0
 *   464    ...  u16[]   the strings, one after the other, as they were
 * Type 16, serviceStart (56 bytes).
 *   48     4    u32    process id
 *   52     4    u32    library version: major << 16 | minor << 8 | patch
 * Type 17, serviceStop (64 bytes). As serviceStart, and
 *   56     8    u64    callouts of the types 1 to 5 served by this process since its start
 * Type 32, gap (80 bytes). Made by a drain, never in the ring.
 *   48     8    u64    events lost
 *   56     8    i64    time of the first of them, or a moment no later than it
 *   64     8    i64    time of the last of them
 *   72     4    u32    reasons: 1 journal full, 2 journal unavailable, 4 writer died, 8 damaged
 *   76     4    u32    exact: 1 when the number is exact, 0 when at least that many were lost
 *
 * -- The word ------------------------------------------------------------------------------------
 *
 *   bits 0-1     state: 0 free, 1 claimed, 2 published, 3 abandoned
 *   bits 2-14    length of the record in units of 64 bytes, 1 to 64
 *   bit 15       counted: the loss of an abandoned record is in the total
 *   bits 16-63   the low 48 bits of position / 64
 *
 * A free place is 0 in all its bits: every word from tail to head + capacity is. A word is valid
 * for a position when its state is not free, its length is 1 to 64, its last bits are the
 * position's, and it ends no later than head + capacity. A record is valid when its word is valid
 * and published, `bytes` rounds up to the word's length, the checksum is right, the type is not
 * gap, and the lengths within a known type and payload version add up to `bytes`.
 *
 * -- Writing -------------------------------------------------------------------------------------
 * The record is made on the stack. Then, at most 4096 times:
 *   1. T = tail. When T + length > head + capacity: full; count the loss and return.
 *   2. Take the place: compare and swap tail from T to T + length. Lost it: start again.
 *   3. Claim it: compare and swap the word at T from 0 to claimed. When something else stands there,
 *      the reader has given the place up (release > T, or a valid word, abandoned), or it is left
 *      from before a loss of power: then swap it to abandoned. In either case start again.
 *   4. When release > T now, the claim came too late: the reader gave the place up so long ago that
 *      it has been cleared since. Swap the word back to 0, start again; when that fails, it was the
 *      claim that was given up (and counted): return.
 * A tail that is no multiple of 64, or outside [head, head + capacity], and stays so, and the eighth
 * failure in 3 or 4: damaged; count the loss and return. And then:
 *   5. Copy the bytes behind the word, with their checksum.
 *   6. Publish: swap the word from claimed to published. Fails only when the reader has given the
 *      record up (and counted it).
 *   7. Full fence. When asleep is 1, swap it to 0 and wake the reader.
 * A writer that dies after 2 leaves a place, after 3 a claim; both the reader gives up. Writers share
 * nothing that is written but tail: each claims, fills and publishes what is its own already.
 *
 * -- Reading -------------------------------------------------------------------------------------
 * P is the reader's own position. All bounds come from copies that were checked when the journal
 * was opened. A record is copied first and checked then, in the copy.
 *   - Word 0, tail = P: the end.
 *   - Word 0, tail beyond P: a place that was taken and is not claimed yet; or a hole, as a loss of
 *     power leaves it. The end for now. Unchanged for ONHOOK_CLAIM_TIMEOUT_MS of observed time: look
 *     in steps of 64 up to tail for a word that is valid for its place, count one loss (writer died,
 *     inexact: there may be several places), cover what is skipped, go on there. A pause of the whole
 *     machine is not observed time. A writer that was only slow takes another place then, so its
 *     event may arrive and be counted as lost.
 *   - Valid, tail = P: left from before a loss of power. Move tail behind it, go on with it.
 *   - Valid, tail in the middle of it: left likewise, and a writer has taken the place since, which
 *     is about to find it. Unchanged for as long: swap to abandoned up to tail.
 *   - Claimed: the end for now. Unchanged for as long: swap to abandoned.
 *   - Abandoned: count it (writer died) unless `counted`, set `counted`, go on behind it.
 *   - Published: pass it on; if not valid, make it abandoned, count it (damaged), go on behind it.
 *   - Anything else: resynchronize.
 * Resynchronize: look as above. Count one loss (damaged, inexact), cover what was skipped with
 * abandoned and counted records so that it is counted once, go on there. At the tail itself: swap
 * the word to 0. A tail that cannot be right (below P, beyond head + capacity, no multiple of 64) is
 * set to P.
 *
 * A gap entry is made when more was lost than this reader has reported, as soon as it has reached
 * the tail of the first of these losses, or the end.
 *
 * Commit: release = position; clear [head, position) with all words first made 0; head = position.
 * A reader that finds release > head finishes that. Then lost acknowledged = what was reported.
 *
 * Sleeping: asleep = 1, full fence, look again, then wait on it. One reader at a time: it holds an
 * exclusive lock on the file (flock; on Windows one byte at 2^62) which its death gives up.
 *
 * -- Recovery ------------------------------------------------------------------------------------
 * Whoever opens moves tail over valid words that stand at it (they can be younger than tail after a
 * loss of power). A writer that finds a file it cannot use (magic, version, size, checksum, or a
 * rule of "control" broken) takes the reader's lock, makes sure that it still is the same file,
 * renames it to `<path>.set-aside-<UTC time>-<random>` and creates a new one. It is never erased. A
 * reader refuses such a file. Nothing is synced to disk: a journal survives the death of processes;
 * after a loss of power it may lack the last seconds, which is seen and reported as a gap.
 *
 * -- Versions ------------------------------------------------------------------------------------
 * A field that moves or changes its meaning, and a rule above that changes, raise the version; both
 * sides refuse what they do not know. New record types, new payload versions of a type and new
 * fields in reserved space do not: readers pass on what they do not know and ignore what is 0.
 *
 * 1: claimed first and moved tail then; another checksum; 8 stripes.
 * 2: this one.
 */
#ifndef ONHOOK_JOURNAL_H
#define ONHOOK_JOURNAL_H

#include <stddef.h>
#include <stdint.h>

#define JOURNAL_MAGIC "ONHOOKJ\x1a"
#define JOURNAL_VERSION 2u
#define JOURNAL_HEADER_BYTES 65536u
#define JOURNAL_SLACK_BYTES 4096u
#define JOURNAL_UNIT_BYTES 64u
#define JOURNAL_RECORD_BYTES_MAX 4096u
#define JOURNAL_UNITS_MAX (JOURNAL_RECORD_BYTES_MAX / JOURNAL_UNIT_BYTES)
#define JOURNAL_REASONS 4
#define JOURNAL_STRIPES 64
#define JOURNAL_BUCKETS 64

enum { WORD_FREE = 0, WORD_CLAIMED = 1, WORD_PUBLISHED = 2, WORD_ABANDONED = 3 };

/* Reasons of a loss: index of its counter; the bit in a gap is 1 << index. */
enum {
  LOST_JOURNAL_FULL = 0,
  LOST_JOURNAL_UNAVAILABLE = 1,
  LOST_WRITER_DIED = 2,
  LOST_DAMAGED = 3
};

enum {
  ENTRY_LINK_HANGUP = 1,
  ENTRY_LINK_UP = 2,
  ENTRY_CONNECTION_UP = 3,
  ENTRY_CONNECTION_HANGUP = 4,
  ENTRY_REAUTHENTICATION = 5,
  ENTRY_SERVICE_START = 16,
  ENTRY_SERVICE_STOP = 17,
  ENTRY_GAP = 32
};
#define ENTRY_VERSION 1u
#define HANGUP_PORT_0 1u
#define HANGUP_PORT_1 2u
#define CONNECTION_0 1u
#define CONNECTION_1 2u
#define CONNECTION_2 4u
#define CONNECTION_3 8u

typedef struct journal_identity {
  uint8_t magic[8];
  uint32_t version;
  uint32_t header_bytes;
  uint64_t capacity_bytes;
  uint32_t slack_bytes;
  uint32_t unit_bytes;
  uint8_t journal_id[16];
  int64_t created_us;
  uint32_t record_bytes_max;
  uint32_t reserved;
  uint64_t checksum;
} journal_identity;

typedef struct journal_stripe {
  uint64_t ticks_total;
  uint64_t ticks_max;
  uint8_t pad[48];
  uint64_t bucket[JOURNAL_BUCKETS];
  uint8_t pad_end[64];
} journal_stripe;

typedef struct journal_losses {
  uint64_t total;
  uint64_t reason[JOURNAL_REASONS];
  uint64_t inexact;
} journal_losses;

typedef struct journal_header {
  journal_identity identity;
  uint8_t wake_key[16];
  uint8_t pad_identity[4008];
  uint64_t tail;
  uint8_t pad_tail[120];
  uint64_t head;
  uint64_t release;
  uint8_t pad_head[112];
  uint32_t asleep;
  uint8_t pad_asleep[124];
  journal_losses lost;
  int64_t lost_first_us;
  int64_t lost_last_us;
  uint64_t lost_position;
  uint8_t pad_lost[56];
  journal_losses acknowledged;
  int64_t acknowledged_last_us;
  uint8_t pad_acknowledged[72];
  uint32_t reader_pid;
  uint32_t last_writer_pid;
  uint64_t service_starts;
  int64_t last_service_start_us;
  uint32_t cannot_wake;
  uint8_t pad_control[3428];
  journal_stripe stripe[JOURNAL_STRIPES];
  uint8_t pad_header[16384];
} journal_header;

typedef struct entry_header {
  uint64_t word;
  uint64_t sequence;
  int64_t time_us;
  uint64_t boot;
  uint32_t bytes;
  uint16_t type;
  uint16_t version;
  uint32_t checksum;
  uint32_t reserved;
} entry_header;

typedef struct entry_link_hangup {
  entry_header header;
  uint16_t present;
  uint16_t reserved0;
  uint16_t units[4];
  uint32_t reserved1;
  uint8_t port0[28];
  uint32_t reserved2;
  uint8_t port1[72];
} entry_link_hangup;

/* connectionUp, connectionHangup; the numbers say which structure's. */
typedef struct entry_connection {
  entry_header header;
  uint16_t present;
  uint16_t reserved0;
  uint16_t units[12];
  uint32_t reserved1;
  uint8_t begin0[28];
  uint32_t reserved2;
  uint8_t begin1[16];
  uint8_t ip_error1[4];
  uint32_t reserved3;
  uint8_t counters1[48];
  uint8_t begin2[8];
  uint8_t identity2[20];
  uint8_t ip_error2[4];
  uint8_t ip_options2[8];
  uint8_t ccp2[20];
  uint8_t lcp2[44];
} entry_connection;

typedef struct entry_reauthentication {
  entry_connection connection;
  uint8_t begin3[16];
  uint8_t interface_type3[4];
  uint8_t guid3[16];
  uint8_t ip_error3[4];
  uint8_t ip_options3[8];
  uint8_t ipv63[48];
  uint8_t ccp3[20];
  uint8_t lcp3[44];
  uint8_t quarantine_state3[4];
  uint8_t timer3[8];
  uint32_t reserved4;
} entry_reauthentication;

typedef struct entry_service {
  entry_header header;
  uint32_t process_id;
  uint32_t library_version;
  uint64_t callouts_total; /* serviceStop only */
} entry_service;

typedef struct entry_gap {
  entry_header header;
  uint64_t lost;
  int64_t first_us;
  int64_t last_us;
  uint32_t reasons;
  uint32_t exact;
} entry_gap;

#define ENTRY_SERVICE_START_BYTES 56u
#define ENTRY_SERVICE_STOP_BYTES 64u
#define HANGUP_UNITS_MAX {17, 17, 129, 17}
#define CONNECTION_UNITS_MAX {257, 257, 16, 17, 16, 16, 257, 16, 16, 257, 16, 16}

#define JOURNAL_AT(type, field, at) \
  _Static_assert(offsetof(type, field) == (at), #type "." #field " is not at " #at)
#define JOURNAL_SIZE(type, bytes) _Static_assert(sizeof(type) == (bytes), #type " is not " #bytes)

JOURNAL_AT(journal_identity, magic, 0);
JOURNAL_AT(journal_identity, version, 8);
JOURNAL_AT(journal_identity, header_bytes, 12);
JOURNAL_AT(journal_identity, capacity_bytes, 16);
JOURNAL_AT(journal_identity, slack_bytes, 24);
JOURNAL_AT(journal_identity, unit_bytes, 28);
JOURNAL_AT(journal_identity, journal_id, 32);
JOURNAL_AT(journal_identity, created_us, 48);
JOURNAL_AT(journal_identity, record_bytes_max, 56);
JOURNAL_AT(journal_identity, reserved, 60);
JOURNAL_AT(journal_identity, checksum, 64);
JOURNAL_SIZE(journal_identity, 72);
JOURNAL_AT(journal_stripe, ticks_total, 0);
JOURNAL_AT(journal_stripe, ticks_max, 8);
JOURNAL_AT(journal_stripe, bucket, 64);
JOURNAL_SIZE(journal_stripe, 640);
JOURNAL_AT(journal_header, tail, 4096);
JOURNAL_AT(journal_header, head, 4224);
JOURNAL_AT(journal_header, release, 4232);
JOURNAL_AT(journal_header, asleep, 4352);
JOURNAL_AT(journal_header, lost.total, 4480);
JOURNAL_AT(journal_header, lost.reason, 4488);
JOURNAL_AT(journal_header, lost.inexact, 4520);
JOURNAL_AT(journal_header, lost_first_us, 4528);
JOURNAL_AT(journal_header, lost_last_us, 4536);
JOURNAL_AT(journal_header, lost_position, 4544);
JOURNAL_AT(journal_header, acknowledged.total, 4608);
JOURNAL_AT(journal_header, acknowledged.reason, 4616);
JOURNAL_AT(journal_header, acknowledged.inexact, 4648);
JOURNAL_AT(journal_header, acknowledged_last_us, 4656);
JOURNAL_AT(journal_header, reader_pid, 4736);
JOURNAL_AT(journal_header, last_writer_pid, 4740);
JOURNAL_AT(journal_header, service_starts, 4744);
JOURNAL_AT(journal_header, last_service_start_us, 4752);
JOURNAL_AT(journal_header, stripe, 8192);
JOURNAL_SIZE(journal_header, JOURNAL_HEADER_BYTES);
JOURNAL_AT(entry_header, word, 0);
JOURNAL_AT(entry_header, sequence, 8);
JOURNAL_AT(entry_header, time_us, 16);
JOURNAL_AT(entry_header, boot, 24);
JOURNAL_AT(entry_header, bytes, 32);
JOURNAL_AT(entry_header, type, 36);
JOURNAL_AT(entry_header, version, 38);
JOURNAL_AT(entry_header, checksum, 40);
JOURNAL_AT(entry_header, reserved, 44);
JOURNAL_SIZE(entry_header, 48);
JOURNAL_AT(entry_link_hangup, present, 48);
JOURNAL_AT(entry_link_hangup, units, 52);
JOURNAL_AT(entry_link_hangup, reserved1, 60);
JOURNAL_AT(entry_link_hangup, port0, 64);
JOURNAL_AT(entry_link_hangup, reserved2, 92);
JOURNAL_AT(entry_link_hangup, port1, 96);
JOURNAL_SIZE(entry_link_hangup, 168);
JOURNAL_AT(entry_connection, present, 48);
JOURNAL_AT(entry_connection, units, 52);
JOURNAL_AT(entry_connection, reserved1, 76);
JOURNAL_AT(entry_connection, begin0, 80);
JOURNAL_AT(entry_connection, reserved2, 108);
JOURNAL_AT(entry_connection, begin1, 112);
JOURNAL_AT(entry_connection, ip_error1, 128);
JOURNAL_AT(entry_connection, reserved3, 132);
JOURNAL_AT(entry_connection, counters1, 136);
JOURNAL_AT(entry_connection, begin2, 184);
JOURNAL_AT(entry_connection, identity2, 192);
JOURNAL_AT(entry_connection, ip_error2, 212);
JOURNAL_AT(entry_connection, ip_options2, 216);
JOURNAL_AT(entry_connection, ccp2, 224);
JOURNAL_AT(entry_connection, lcp2, 244);
JOURNAL_SIZE(entry_connection, 288);
JOURNAL_AT(entry_reauthentication, begin3, 288);
JOURNAL_AT(entry_reauthentication, interface_type3, 304);
JOURNAL_AT(entry_reauthentication, guid3, 308);
JOURNAL_AT(entry_reauthentication, ip_error3, 324);
JOURNAL_AT(entry_reauthentication, ip_options3, 328);
JOURNAL_AT(entry_reauthentication, ipv63, 336);
JOURNAL_AT(entry_reauthentication, ccp3, 384);
JOURNAL_AT(entry_reauthentication, lcp3, 404);
JOURNAL_AT(entry_reauthentication, quarantine_state3, 448);
JOURNAL_AT(entry_reauthentication, timer3, 452);
JOURNAL_AT(entry_reauthentication, reserved4, 460);
JOURNAL_SIZE(entry_reauthentication, 464);
JOURNAL_AT(entry_service, process_id, 48);
JOURNAL_AT(entry_service, library_version, 52);
JOURNAL_AT(entry_service, callouts_total, 56);
JOURNAL_SIZE(entry_service, 64);
JOURNAL_AT(entry_gap, lost, 48);
JOURNAL_AT(entry_gap, first_us, 56);
JOURNAL_AT(entry_gap, last_us, 64);
JOURNAL_AT(entry_gap, reasons, 72);
JOURNAL_AT(entry_gap, exact, 76);
JOURNAL_SIZE(entry_gap, 80);

#endif
