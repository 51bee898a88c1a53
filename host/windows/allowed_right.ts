/** One entry of a list of rights that allows something. */
export interface AllowedRight {
  /** Who, as a SID such as `S-1-5-18`. */
  readonly sid: string;
  /** What, as Windows' bits. */
  readonly mask: number;
  /** How it is inherited; 3 for all folders and files below. */
  readonly flags: number;
}

/** Kinds of rights to a folder, as Windows' bits. */
export const RIGHTS = {
  /** Everything: FILE_ALL_ACCESS. */
  all: 0x1f_01ff,
  /** Reading, writing, running and removing, but not giving rights. */
  modify: 0x13_01bf,
} as const;
