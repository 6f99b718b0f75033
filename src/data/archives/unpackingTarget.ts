import { createWriteStream } from 'node:fs';
import { mkdir, statfs, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { excessOf, mostUnpacked } from '../formats/unpackedSize.ts';

/** Share of what is free on the disk that unpacked files may take. */
const SHARE_OF_DISK = 0.8;

/** What is wrong with an archive itself, and not with the program: the end of a sentence. */
export class ArchiveDamage extends Error {}

/** A folder that files of an archive are written to, no more of them than an honest archive of its size holds. */
export class UnpackingTarget {
  readonly folder: string;
  /** Entries that are neither files nor folders, such as links, which are not made. */
  passedOver = 0;
  readonly #packed: number;
  readonly #most: number;
  readonly #free: number;
  #written = 0;

  private constructor(folder: string, packed: number, free: number) {
    this.folder = folder;
    this.#packed = packed;
    this.#most = mostUnpacked(packed);
    this.#free = free;
  }

  /** @param packed bytes of the archive */
  static async in(folder: string, packed: number): Promise<UnpackingTarget> {
    const { bavail, bsize } = await statfs(folder);
    return new UnpackingTarget(folder, packed, SHARE_OF_DISK * bavail * bsize);
  }

  /** @throws ArchiveDamage when so many bytes, beside those written already, are more than there may be */
  expect(bytes: number): void {
    const total = this.#written + bytes;
    if (total > this.#most) throw new ArchiveDamage(excessOf(this.#packed, total) ?? 'it is damaged');
    if (total > this.#free) {
      throw new ArchiveDamage(
        `its ${Math.ceil(total / 2 ** 20)} MiB do not fit into ${this.folder}, which has ${Math.floor(this.#free / SHARE_OF_DISK / 2 ** 20)} MiB left`,
      );
    }
  }

  /**
   * Writes a file of the archive. Hidden ones, and what systems put beside files, are left out.
   *
   * @param name its path in the archive
   * @param open opens its bytes; they are read at once, since what is damaged may fail as soon as it is open
   * @param through what its bytes go through on their way
   * @throws ArchiveDamage when it would lie outside of the folder, or is more than there may be
   */
  async write(
    name: string,
    modified: Date | undefined,
    open: () => Readable | Promise<Readable>,
    ...through: readonly Transform[]
  ): Promise<void> {
    const parts = partsOf(name);
    if (parts.some((part) => part.startsWith('.') || part === '__MACOSX')) {
      // An archive that is read in order goes on behind the content.
      const content = await open();
      content.resume();
      await finished(content);
      return;
    }
    const path = join(this.folder, ...parts);
    await mkdir(dirname(path), { recursive: true });
    const count = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        try {
          this.expect(chunk.length);
          this.#written += chunk.length;
          done(null, chunk);
        } catch (error) {
          done(error instanceof Error ? error : new Error(String(error)));
        }
      },
    });
    await pipeline([await open(), ...through, count, createWriteStream(path)]);
    // What is known by its time, such as images that are read later, is the same when it is unpacked again.
    if (modified && !Number.isNaN(modified.getTime())) await utimes(path, modified, modified);
  }
}

function partsOf(name: string): readonly string[] {
  const parts = name.split(/[\\/]+/).filter((part) => part !== '' && part !== '.');
  if (/^[\\/]|^[A-Za-z]:/.test(name) || parts.includes('..') || name.includes('\0')) {
    throw new ArchiveDamage(`it names '${name.slice(0, 80)}', which would lie outside of it`);
  }
  return parts;
}
