/*
 * ras.h - the structures that RRAS passes to the callouts, declared by ourselves with fixed-width
 * types, so that one core compiles everywhere and no SDK header is needed. Layout of 64-bit
 * Windows: HANDLE 8 bytes, DWORD and enumerations 4, WCHAR 2 (UTF-16). Source: the public
 * documentation of RAS_PORT_0 and RAS_PORT_1 (learn.microsoft.com, mprapi.h); sizes and offsets
 * are asserted below. The connection structures are only passed through and need no layout yet.
 */
#ifndef ONHOOK_RAS_H
#define ONHOOK_RAS_H

#include <stddef.h>
#include <stdint.h>

typedef struct onhook_ras_port_0 {
  uint64_t port;             /* hPort */
  uint64_t connection;       /* hConnection */
  uint32_t condition;        /* dwPortCondition, 0 to 6, others may come */
  uint32_t total_calls;      /* dwTotalNumberOfCalls */
  uint32_t connect_duration; /* dwConnectDuration, seconds */
  uint16_t port_name[17];    /* wszPortName; none of the arrays is sure to be terminated */
  uint16_t media_name[17];   /* wszMediaName */
  uint16_t device_name[129]; /* wszDeviceName */
  uint16_t device_type[17];  /* wszDeviceType */
  uint8_t padding[4];        /* never read */
} onhook_ras_port_0;

typedef struct onhook_ras_port_1 {
  uint64_t port;                  /* hPort */
  uint64_t connection;            /* hConnection */
  uint32_t hardware_condition;    /* dwHardwareCondition, 0 or 1, others may come */
  uint32_t line_speed;            /* dwLineSpeed, bits per second */
  uint32_t bytes_transmitted;     /* dwBytesXmited, as compressed; wraps at 2^32 like all below */
  uint32_t bytes_received;        /* dwBytesRcved */
  uint32_t frames_transmitted;    /* dwFramesXmited */
  uint32_t frames_received;       /* dwFramesRcved */
  uint32_t crc_errors;            /* dwCrcErr */
  uint32_t timeout_errors;        /* dwTimeoutErr */
  uint32_t alignment_errors;      /* dwAlignmentErr */
  uint32_t hardware_overruns;     /* dwHardwareOverrunErr */
  uint32_t framing_errors;        /* dwFramingErr */
  uint32_t buffer_overruns;       /* dwBufferOverrunErr */
  uint32_t compression_ratio_in;  /* dwCompressionRatioIn, percent */
  uint32_t compression_ratio_out; /* dwCompressionRatioOut, percent */
} onhook_ras_port_1;

#define RAS_AT(type, field, at) \
  _Static_assert(offsetof(type, field) == (at), #type "." #field " is not at " #at)

RAS_AT(onhook_ras_port_0, port, 0);
RAS_AT(onhook_ras_port_0, connection, 8);
RAS_AT(onhook_ras_port_0, condition, 16);
RAS_AT(onhook_ras_port_0, total_calls, 20);
RAS_AT(onhook_ras_port_0, connect_duration, 24);
RAS_AT(onhook_ras_port_0, port_name, 28);
RAS_AT(onhook_ras_port_0, media_name, 62);
RAS_AT(onhook_ras_port_0, device_name, 96);
RAS_AT(onhook_ras_port_0, device_type, 354);
RAS_AT(onhook_ras_port_0, padding, 388);
_Static_assert(sizeof(onhook_ras_port_0) == 392, "onhook_ras_port_0 is not 392 bytes");
RAS_AT(onhook_ras_port_1, port, 0);
RAS_AT(onhook_ras_port_1, connection, 8);
RAS_AT(onhook_ras_port_1, hardware_condition, 16);
RAS_AT(onhook_ras_port_1, line_speed, 20);
RAS_AT(onhook_ras_port_1, bytes_transmitted, 24);
RAS_AT(onhook_ras_port_1, bytes_received, 28);
RAS_AT(onhook_ras_port_1, frames_transmitted, 32);
RAS_AT(onhook_ras_port_1, frames_received, 36);
RAS_AT(onhook_ras_port_1, crc_errors, 40);
RAS_AT(onhook_ras_port_1, timeout_errors, 44);
RAS_AT(onhook_ras_port_1, alignment_errors, 48);
RAS_AT(onhook_ras_port_1, hardware_overruns, 52);
RAS_AT(onhook_ras_port_1, framing_errors, 56);
RAS_AT(onhook_ras_port_1, buffer_overruns, 60);
RAS_AT(onhook_ras_port_1, compression_ratio_in, 64);
RAS_AT(onhook_ras_port_1, compression_ratio_out, 68);
_Static_assert(sizeof(onhook_ras_port_1) == 72, "onhook_ras_port_1 is not 72 bytes");

#endif
