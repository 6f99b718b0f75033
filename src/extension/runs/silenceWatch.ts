import { lastBeatOf } from '../../runFolder/runLease.ts';

/** A process that trains gives a sign of life every few seconds, unless something keeps it from everything else. */
const SILENT_MS = 60_000;

interface Seen {
  readonly beat: number;
  /** When it was seen first, by a clock that stands still while the machine sleeps. */
  readonly since: number;
  readonly isSilent: boolean;
}

/** Notices processes that are there and do nothing any more. */
export class SilenceWatch {
  readonly #seen = new Map<string, Seen>();
  readonly #now: () => number;

  /** @param now milliseconds of a steady clock */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Looks at a run that goes on. @returns true when it is silent since this look */
  look(folder: string): boolean {
    const beat = lastBeatOf(folder);
    const seen = this.#seen.get(folder);
    // Processes of older versions and of other machines give no signs.
    if (beat === undefined) {
      this.#seen.delete(folder);
      return false;
    }
    if (seen?.beat !== beat) {
      this.#seen.set(folder, { beat, since: this.#now(), isSilent: false });
      return false;
    }
    const isSilent = this.#now() - seen.since >= SILENT_MS;
    this.#seen.set(folder, { ...seen, isSilent });
    return isSilent && !seen.isSilent;
  }

  isSilent(folder: string): boolean {
    return this.#seen.get(folder)?.isSilent === true;
  }
}
