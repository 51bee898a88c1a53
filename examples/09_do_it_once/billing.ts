import type { LinkHangupEvent } from "onhook";

/** Stands for a call of somebody's billing, which must not come twice; gives a receipt's number. */
export function charge(event: LinkHangupEvent): Promise<string> {
  const seconds = event.port.connectDurationSeconds ?? 0;
  // The id goes along, for the one moment that no memory on this side can cover.
  return Promise.resolve(`${event.id}/${seconds}`);
}

/** Stands for a call that is often refused at first. */
export function report(event: LinkHangupEvent, receipt: string): void {
  if (event.attempt === 1 && event.sequence % 3 === 0) {
    throw new Error(
      `Cannot report ${receipt}: the server is busy, wanted an answer; it comes again`,
    );
  }
}
