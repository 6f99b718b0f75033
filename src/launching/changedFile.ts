import { fileAccess, type FileAccess } from './readRun.ts';

/** A file that others write, too, of which watchers of files do not surely tell: they miss what is made at once in a folder that is itself new. */
export class ChangedFile {
  readonly #path: string;
  readonly #files: Pick<FileAccess, 'modified'>;
  #time: number | undefined;
  #isLookedAt = false;

  /** @param path of a file that need not be there yet */
  constructor(path: string, files: Pick<FileAccess, 'modified'> = fileAccess) {
    this.#path = path;
    this.#files = files;
  }

  /** Whether it came, went or was written since it was looked at last; the first look tells nothing. */
  async look(): Promise<boolean> {
    const before = this.#isLookedAt ? { time: this.#time } : undefined;
    this.#time = await this.#files.modified(this.#path).catch(() => undefined);
    this.#isLookedAt = true;
    return before !== undefined && before.time !== this.#time;
  }
}
