/*
 * ras.h - the structures that RRAS passes to the callouts, declared by ourselves with fixed-width
 * types, so that one core compiles everywhere and no SDK header is needed. Layout of 64-bit
 * Windows: HANDLE 8 bytes, DWORD and enumerations 4, WCHAR 2 (UTF-16). Source: the public
 * documentation of RAS_PORT_0, RAS_PORT_1, RAS_CONNECTION_0 to RAS_CONNECTION_3 and the PPP
 * structures in them (learn.microsoft.com, mprapi.h); sizes and offsets are asserted below. None of
 * the arrays is sure to be terminated, no number is sure to be one that is known, and padding is
 * never read.
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

/* NetBEUI, IPX and AppleTalk: gone from Windows Server since 2008. Never read. */
typedef struct onhook_ppp_nbfcp_info {
  uint32_t error;
  uint16_t workstation[17];
  uint8_t padding[2];
} onhook_ppp_nbfcp_info;

typedef struct onhook_ppp_ipxcp_info {
  uint32_t error;
  uint16_t address[23];
  uint8_t padding[2];
} onhook_ppp_ipxcp_info;

typedef struct onhook_ppp_atcp_info {
  uint32_t error;
  uint16_t address[33];
  uint8_t padding[2];
} onhook_ppp_atcp_info;

typedef struct onhook_ppp_ipcp_info {
  uint32_t error;              /* dwError, 0: agreed */
  uint16_t address[16];        /* wszAddress, the server's, as text */
  uint16_t remote_address[16]; /* wszRemoteAddress, the client's; may be empty */
} onhook_ppp_ipcp_info;

typedef struct onhook_ppp_ipcp_info_2 {
  uint32_t error;
  uint16_t address[16];
  uint16_t remote_address[16];
  uint32_t options;        /* dwOptions, PPP_IPCP_VJ */
  uint32_t remote_options; /* dwRemoteOptions */
} onhook_ppp_ipcp_info_2;

typedef struct onhook_ppp_ipv6_cp_info {
  uint32_t version;                /* dwVersion */
  uint32_t size;                   /* dwSize */
  uint32_t error;                  /* dwError */
  uint8_t interface_id[8];         /* bInterfaceIdentifier, the server's */
  uint8_t remote_interface_id[8];  /* bRemoteInterfaceIdentifier, the client's */
  uint32_t options;                /* dwOptions, reserved */
  uint32_t remote_options;         /* dwRemoteOptions, reserved */
  uint8_t prefix[8];               /* bPrefix, the client's */
  uint32_t prefix_length;          /* dwPrefixLength, bits */
} onhook_ppp_ipv6_cp_info;

typedef struct onhook_ppp_ccp_info {
  uint32_t error;                        /* dwError */
  uint32_t compression_algorithm;        /* dwCompressionAlgorithm, RASCCPCA_* */
  uint32_t options;                      /* dwOptions, PPP_CCP_* */
  uint32_t remote_compression_algorithm; /* dwRemoteCompressionAlgorithm */
  uint32_t remote_options;               /* dwRemoteOptions */
} onhook_ppp_ccp_info;

typedef struct onhook_ppp_lcp_info {
  uint32_t error;                          /* dwError */
  uint32_t authentication_protocol;        /* dwAuthenticationProtocol, PPP_LCP_* */
  uint32_t authentication_data;            /* dwAuthenticationData, the kind of CHAP */
  uint32_t remote_authentication_protocol; /* dwRemoteAuthenticationProtocol */
  uint32_t remote_authentication_data;     /* dwRemoteAuthenticationData */
  uint32_t terminate_reason;               /* dwTerminateReason, documented as 0 */
  uint32_t remote_terminate_reason;        /* dwRemoteTerminateReason, documented as 0 */
  uint32_t options;                        /* dwOptions, PPP_LCP_* */
  uint32_t remote_options;                 /* dwRemoteOptions */
  uint32_t eap_type;                       /* dwEapTypeId */
  uint32_t remote_eap_type;                /* dwRemoteEapTypeId */
} onhook_ppp_lcp_info;

typedef struct onhook_ppp_info {
  onhook_ppp_nbfcp_info nbf;
  onhook_ppp_ipcp_info ip;
  onhook_ppp_ipxcp_info ipx;
  onhook_ppp_atcp_info at;
} onhook_ppp_info;

typedef struct onhook_ppp_info_2 {
  onhook_ppp_nbfcp_info nbf;
  onhook_ppp_ipcp_info_2 ip;
  onhook_ppp_ipxcp_info ipx;
  onhook_ppp_atcp_info at;
  onhook_ppp_ccp_info ccp;
  onhook_ppp_lcp_info lcp;
} onhook_ppp_info_2;

typedef struct onhook_ppp_info_3 {
  onhook_ppp_nbfcp_info nbf;
  onhook_ppp_ipcp_info_2 ip;
  onhook_ppp_ipv6_cp_info ipv6;
  onhook_ppp_ccp_info ccp;
  onhook_ppp_lcp_info lcp;
} onhook_ppp_info_3;

typedef struct onhook_ras_guid {
  uint32_t data1;
  uint16_t data2;
  uint16_t data3;
  uint8_t data4[8];
} onhook_ras_guid;

typedef struct onhook_ras_connection_0 {
  uint64_t connection;          /* hConnection, the same as in the ports */
  uint64_t interface_handle;    /* hInterface */
  uint32_t connect_duration;    /* dwConnectDuration, seconds */
  uint32_t interface_type;      /* dwInterfaceType, 0 to 7, others may come */
  uint32_t flags;               /* dwConnectionFlags, RAS_FLAGS_* */
  uint16_t interface_name[257]; /* wszInterfaceName */
  uint16_t user_name[257];      /* wszUserName */
  uint16_t logon_domain[16];    /* wszLogonDomain, may be empty */
  uint16_t remote_computer[17]; /* wszRemoteComputer */
  uint8_t padding[6];
} onhook_ras_connection_0;

typedef struct onhook_ras_connection_1 {
  uint64_t connection;            /* hConnection */
  uint64_t interface_handle;      /* hInterface */
  onhook_ppp_info ppp;            /* PppInfo */
  uint32_t bytes_transmitted;     /* dwBytesXmited; wraps at 2^32 like all below */
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
} onhook_ras_connection_1;

typedef struct onhook_ras_connection_2 {
  uint64_t connection;     /* hConnection */
  uint16_t user_name[257]; /* wszUserName */
  uint8_t padding[2];
  uint32_t interface_type; /* dwInterfaceType */
  onhook_ras_guid guid;
  onhook_ppp_info_2 ppp;   /* PppInfo2 */
} onhook_ras_connection_2;

/* Given as far as `size` says and no farther; its first 8 bytes always. */
typedef struct onhook_ras_connection_3 {
  uint32_t version;          /* dwVersion */
  uint32_t size;             /* dwSize, bytes */
  uint64_t connection;       /* hConnection */
  uint16_t user_name[257];   /* wszUserName */
  uint8_t padding[2];
  uint32_t interface_type;   /* dwInterfaceType */
  onhook_ras_guid guid;
  onhook_ppp_info_3 ppp;     /* PppInfo3 */
  uint32_t quarantine_state; /* rasQuarState, 0 to 3, others may come */
  uint8_t timer[8];          /* FILETIME, end of the probation */
} onhook_ras_connection_3;

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

#define RAS_SIZE(type, bytes) _Static_assert(sizeof(type) == (bytes), #type " is not " #bytes)

RAS_SIZE(onhook_ppp_nbfcp_info, 40);
RAS_SIZE(onhook_ppp_ipxcp_info, 52);
RAS_SIZE(onhook_ppp_atcp_info, 72);
RAS_AT(onhook_ppp_ipcp_info, error, 0);
RAS_AT(onhook_ppp_ipcp_info, address, 4);
RAS_AT(onhook_ppp_ipcp_info, remote_address, 36);
RAS_SIZE(onhook_ppp_ipcp_info, 68);
RAS_AT(onhook_ppp_ipcp_info_2, error, 0);
RAS_AT(onhook_ppp_ipcp_info_2, address, 4);
RAS_AT(onhook_ppp_ipcp_info_2, remote_address, 36);
RAS_AT(onhook_ppp_ipcp_info_2, options, 68);
RAS_AT(onhook_ppp_ipcp_info_2, remote_options, 72);
RAS_SIZE(onhook_ppp_ipcp_info_2, 76);
RAS_AT(onhook_ppp_ipv6_cp_info, version, 0);
RAS_AT(onhook_ppp_ipv6_cp_info, size, 4);
RAS_AT(onhook_ppp_ipv6_cp_info, error, 8);
RAS_AT(onhook_ppp_ipv6_cp_info, interface_id, 12);
RAS_AT(onhook_ppp_ipv6_cp_info, remote_interface_id, 20);
RAS_AT(onhook_ppp_ipv6_cp_info, options, 28);
RAS_AT(onhook_ppp_ipv6_cp_info, remote_options, 32);
RAS_AT(onhook_ppp_ipv6_cp_info, prefix, 36);
RAS_AT(onhook_ppp_ipv6_cp_info, prefix_length, 44);
RAS_SIZE(onhook_ppp_ipv6_cp_info, 48);
RAS_AT(onhook_ppp_ccp_info, error, 0);
RAS_AT(onhook_ppp_ccp_info, compression_algorithm, 4);
RAS_AT(onhook_ppp_ccp_info, options, 8);
RAS_AT(onhook_ppp_ccp_info, remote_compression_algorithm, 12);
RAS_AT(onhook_ppp_ccp_info, remote_options, 16);
RAS_SIZE(onhook_ppp_ccp_info, 20);
RAS_AT(onhook_ppp_lcp_info, error, 0);
RAS_AT(onhook_ppp_lcp_info, authentication_protocol, 4);
RAS_AT(onhook_ppp_lcp_info, authentication_data, 8);
RAS_AT(onhook_ppp_lcp_info, remote_authentication_protocol, 12);
RAS_AT(onhook_ppp_lcp_info, remote_authentication_data, 16);
RAS_AT(onhook_ppp_lcp_info, terminate_reason, 20);
RAS_AT(onhook_ppp_lcp_info, remote_terminate_reason, 24);
RAS_AT(onhook_ppp_lcp_info, options, 28);
RAS_AT(onhook_ppp_lcp_info, remote_options, 32);
RAS_AT(onhook_ppp_lcp_info, eap_type, 36);
RAS_AT(onhook_ppp_lcp_info, remote_eap_type, 40);
RAS_SIZE(onhook_ppp_lcp_info, 44);
RAS_AT(onhook_ppp_info, nbf, 0);
RAS_AT(onhook_ppp_info, ip, 40);
RAS_AT(onhook_ppp_info, ipx, 108);
RAS_AT(onhook_ppp_info, at, 160);
RAS_SIZE(onhook_ppp_info, 232);
RAS_AT(onhook_ppp_info_2, nbf, 0);
RAS_AT(onhook_ppp_info_2, ip, 40);
RAS_AT(onhook_ppp_info_2, ipx, 116);
RAS_AT(onhook_ppp_info_2, at, 168);
RAS_AT(onhook_ppp_info_2, ccp, 240);
RAS_AT(onhook_ppp_info_2, lcp, 260);
RAS_SIZE(onhook_ppp_info_2, 304);
RAS_AT(onhook_ppp_info_3, nbf, 0);
RAS_AT(onhook_ppp_info_3, ip, 40);
RAS_AT(onhook_ppp_info_3, ipv6, 116);
RAS_AT(onhook_ppp_info_3, ccp, 164);
RAS_AT(onhook_ppp_info_3, lcp, 184);
RAS_SIZE(onhook_ppp_info_3, 228);
RAS_SIZE(onhook_ras_guid, 16);
RAS_AT(onhook_ras_connection_0, connection, 0);
RAS_AT(onhook_ras_connection_0, interface_handle, 8);
RAS_AT(onhook_ras_connection_0, connect_duration, 16);
RAS_AT(onhook_ras_connection_0, interface_type, 20);
RAS_AT(onhook_ras_connection_0, flags, 24);
RAS_AT(onhook_ras_connection_0, interface_name, 28);
RAS_AT(onhook_ras_connection_0, user_name, 542);
RAS_AT(onhook_ras_connection_0, logon_domain, 1056);
RAS_AT(onhook_ras_connection_0, remote_computer, 1088);
RAS_AT(onhook_ras_connection_0, padding, 1122);
RAS_SIZE(onhook_ras_connection_0, 1128);
RAS_AT(onhook_ras_connection_1, connection, 0);
RAS_AT(onhook_ras_connection_1, interface_handle, 8);
RAS_AT(onhook_ras_connection_1, ppp, 16);
RAS_AT(onhook_ras_connection_1, ppp.ip.address, 60);
RAS_AT(onhook_ras_connection_1, ppp.ip.remote_address, 92);
RAS_AT(onhook_ras_connection_1, bytes_transmitted, 248);
RAS_AT(onhook_ras_connection_1, bytes_received, 252);
RAS_AT(onhook_ras_connection_1, frames_transmitted, 256);
RAS_AT(onhook_ras_connection_1, frames_received, 260);
RAS_AT(onhook_ras_connection_1, crc_errors, 264);
RAS_AT(onhook_ras_connection_1, timeout_errors, 268);
RAS_AT(onhook_ras_connection_1, alignment_errors, 272);
RAS_AT(onhook_ras_connection_1, hardware_overruns, 276);
RAS_AT(onhook_ras_connection_1, framing_errors, 280);
RAS_AT(onhook_ras_connection_1, buffer_overruns, 284);
RAS_AT(onhook_ras_connection_1, compression_ratio_in, 288);
RAS_AT(onhook_ras_connection_1, compression_ratio_out, 292);
RAS_SIZE(onhook_ras_connection_1, 296);
RAS_AT(onhook_ras_connection_2, connection, 0);
RAS_AT(onhook_ras_connection_2, user_name, 8);
RAS_AT(onhook_ras_connection_2, interface_type, 524);
RAS_AT(onhook_ras_connection_2, guid, 528);
RAS_AT(onhook_ras_connection_2, ppp, 544);
RAS_AT(onhook_ras_connection_2, ppp.ip.address, 588);
RAS_AT(onhook_ras_connection_2, ppp.ip.remote_address, 620);
RAS_AT(onhook_ras_connection_2, ppp.ccp, 784);
RAS_AT(onhook_ras_connection_2, ppp.lcp.options, 832);
RAS_SIZE(onhook_ras_connection_2, 848);
RAS_AT(onhook_ras_connection_3, version, 0);
RAS_AT(onhook_ras_connection_3, size, 4);
RAS_AT(onhook_ras_connection_3, connection, 8);
RAS_AT(onhook_ras_connection_3, user_name, 16);
RAS_AT(onhook_ras_connection_3, interface_type, 532);
RAS_AT(onhook_ras_connection_3, guid, 536);
RAS_AT(onhook_ras_connection_3, ppp, 552);
RAS_AT(onhook_ras_connection_3, ppp.ip.address, 596);
RAS_AT(onhook_ras_connection_3, ppp.ip.remote_address, 628);
RAS_AT(onhook_ras_connection_3, ppp.ipv6, 668);
RAS_AT(onhook_ras_connection_3, ppp.ccp, 716);
RAS_AT(onhook_ras_connection_3, ppp.lcp, 736);
RAS_AT(onhook_ras_connection_3, quarantine_state, 780);
RAS_AT(onhook_ras_connection_3, timer, 784);
RAS_SIZE(onhook_ras_connection_3, 792);

#endif
