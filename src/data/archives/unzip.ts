import { crc32 } from 'node:zlib';
import { Transform } from 'node:stream';
import type { Entry } from 'yauzl';
import { throwIfCancelled } from '../cancellation.ts';
import { ArchiveDamage, type UnpackingTarget } from './unpackingTarget.ts';

/** Bits of a Unix mode that tell what a file is, and their value for a link. */
const KIND_BITS = 0o170000;
const LINK = 0o120000;

/**
 * Unpacks a zip archive.
 *
 * @throws ArchiveDamage when it is encrypted, or would fill the disk
 * @throws Error of the library when it is damaged
 */
export async function unzip(path: string, target: UnpackingTarget, signal: AbortSignal | undefined): Promise<void> {
  // A bundled package of CommonJS has nothing but its default export.
  const { default: yauzl } = await import('yauzl');
  const archive = await yauzl.openPromise(path, { autoClose: false });
  try {
    for await (const entry of archive.eachEntry()) {
      throwIfCancelled(signal);
      if (entry.fileName.endsWith('/')) continue;
      if (((entry.externalFileAttributes >>> 16) & KIND_BITS) === LINK) {
        target.passedOver++;
        continue;
      }
      if (entry.isEncrypted()) throw new ArchiveDamage('it is encrypted');
      target.expect(entry.uncompressedSize);
      const modified = entry.getLastModDate({ timezone: 'UTC' });
      await target.write(entry.fileName, modified, () => archive.openReadStreamPromise(entry), checksum(entry));
    }
  } finally {
    archive.close();
  }
}

/** Passes the content of an entry on, and fails at its end when it is not what was packed. */
function checksum({ crc32: expected, fileName }: Entry): Transform {
  let sum = 0;
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      sum = crc32(chunk, sum);
      done(null, chunk);
    },
    flush: (done) => {
      done(sum === expected ? null : new ArchiveDamage(`its checksum of ${fileName} does not fit`));
    },
  });
}
