import type { RegistryWrite } from "../windows/registry_write.ts";
import type { AllowedRight } from "../windows/allowed_right.ts";
import { rightsText } from "../windows/rights_text.ts";

/** One change of the machine; each of them can be undone until all are made. */
export type Change =
  /** Makes a folder, or sets the rights of one that is there. */
  | { readonly kind: "folder"; readonly path: string; readonly rights?: readonly AllowedRight[] }
  /** Copies a file or a folder; what is there already is replaced as a whole. */
  | { readonly kind: "copy"; readonly from: string; readonly to: string }
  /** Writes a text file; what is there already is replaced. */
  | { readonly kind: "file"; readonly path: string; readonly text: string }
  /** Removes a file or a folder; what is in use is renamed and removed at the next start. */
  | { readonly kind: "remove"; readonly path: string }
  /** Removes a folder when it is empty in the end. */
  | { readonly kind: "removeEmpty"; readonly path: string }
  | { readonly kind: "registry"; readonly write: RegistryWrite; readonly shown: string }
  /** Makes or replaces a scheduled task. */
  | { readonly kind: "task"; readonly name: string; readonly xml: string }
  | { readonly kind: "removeTask"; readonly name: string };

/** @returns The change in words, such as `copy C:\a to C:\b`. */
export function changeWords(change: Change): string {
  switch (change.kind) {
    case "folder":
      return change.rights === undefined
        ? `make the folder ${change.path}`
        : `make the folder ${change.path} with the rights ${rightsText(change.rights)}`;
    case "copy":
      return `copy ${change.from} to ${change.to}`;
    case "file":
      return `write the file ${change.path}`;
    case "remove":
      return `remove ${change.path}`;
    case "removeEmpty":
      return `remove the folder ${change.path} if nothing else is in it`;
    case "registry":
      return change.shown;
    case "task":
      return `make the scheduled task ${change.name}`;
    case "removeTask":
      return `remove the scheduled task ${change.name}`;
  }
}
