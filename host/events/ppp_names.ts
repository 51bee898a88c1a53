/** How a side proved who it is; `none` is 0, a number that is not known is kept as text. */
export type AuthenticationProtocol =
  | "none"
  | "pap"
  | "spap"
  | "chap"
  | "eap"
  | `unknown(${string})`;

/** The kind of CHAP; `none` is 0, as with other protocols. */
export type ChapVariant = "none" | "md5" | "ms" | "msV2" | `unknown(${string})`;

/** An option of LCP by name; a bit that is not known is kept as text. */
export type LcpOption =
  | "multilinkFraming"
  | "protocolFieldCompression"
  | "addressFieldCompression"
  | "shortSequenceHeader"
  | "des56"
  | "tripleDes"
  | "aes128"
  | "aes256"
  | "aes192"
  | "gcmAes128"
  | "gcmAes192"
  | "gcmAes256"
  | `unknown(${string})`;

/** A compression algorithm; `none` is 0, a number that is not known is kept as text. */
export type CompressionAlgorithm = "none" | "stac" | "mppc" | `unknown(${string})`;

/** An option of CCP by name; a bit that is not known is kept as text. */
export type CcpOption =
  | "compression"
  | "encryption40BitOld"
  | "encryption40Bit"
  | "encryption128Bit"
  | "encryption56Bit"
  | "historyless"
  | `unknown(${string})`;

/** An option of IPCP by name; a bit that is not known is kept as text. */
export type IpOption = "vanJacobsonCompression" | `unknown(${string})`;

/**
 * The names of what two sides have agreed on, each beside its number or its bit, lowest first.
 *
 * Source: `PPP_LCP_*`, `PPP_CCP_*`, `RASCCPCA_*` and `PPP_IPCP_VJ` of the Windows SDK's `mprapi.h`.
 */
export const pppNames = {
  authenticationProtocols: [
    [0, "none"],
    [0xc023, "pap"],
    [0xc027, "spap"],
    [0xc223, "chap"],
    [0xc227, "eap"],
  ],
  chapVariants: [[0, "none"], [0x05, "md5"], [0x80, "ms"], [0x81, "msV2"]],
  lcpOptions: [
    [0x1, "multilinkFraming"],
    [0x2, "protocolFieldCompression"],
    [0x4, "addressFieldCompression"],
    [0x8, "shortSequenceHeader"],
    [0x10, "des56"],
    [0x20, "tripleDes"],
    [0x40, "aes128"],
    [0x80, "aes256"],
    [0x100, "aes192"],
    [0x200, "gcmAes128"],
    [0x400, "gcmAes192"],
    [0x800, "gcmAes256"],
  ],
  compressionAlgorithms: [[0, "none"], [5, "stac"], [6, "mppc"]],
  ccpOptions: [
    [0x1, "compression"],
    [0x10, "encryption40BitOld"],
    [0x20, "encryption40Bit"],
    [0x40, "encryption128Bit"],
    [0x80, "encryption56Bit"],
    [0x0100_0000, "historyless"],
  ],
  ipOptions: [[1, "vanJacobsonCompression"]],
} as const;
