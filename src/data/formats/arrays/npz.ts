import { unzipSync } from 'fflate';
import { totalmem } from 'node:os';
import { BadInputError, reasonOf } from '../../../errors.ts';
import { pathProblem } from '../../findings/problems.ts';
import { HIGHEST_RATIO } from '../images/gunzip.ts';
import { excessOf } from '../unpackedSize.ts';
import { parseNpy, type NpyArray } from './npy.ts';

/**
 * Reads the arrays of an NPZ file (a zip archive of NPY files), those that are asked for.
 *
 * @param wanted says whether an array of this name is needed
 * @throws BadInputError when the archive or an array is damaged, or announces more than it can hold or than memory does
 */
export function parseNpz(
  bytes: Uint8Array,
  name: string,
  wanted: (key: string) => boolean,
): ReadonlyMap<string, NpyArray> {
  let total = 0;
  let packed = 0;
  let files: Readonly<Record<string, Uint8Array>>;
  try {
    files = unzipSync(bytes, {
      filter: (entry) => {
        if (!/\.npy$/.test(entry.name) || !wanted(entry.name.slice(0, -'.npy'.length))) return false;
        // The size of what is larger stands elsewhere in the archive.
        if (entry.originalSize >= 0xff_ff_ff_ff) throw new Error(`${entry.name} has 4 GiB or more`);
        total += entry.originalSize;
        if (entry.originalSize > entry.size * HIGHEST_RATIO + 1024) {
          throw new Error(`${entry.name} announces ${entry.originalSize} bytes in ${entry.size} compressed ones`);
        }
        packed += entry.size;
        const excess = excessOf(packed, total);
        if (excess !== undefined) throw new Error(excess);
        if (total > totalmem() / 2) throw new Error('its arrays would take more than half of the memory');
        return true;
      },
    });
  } catch (error) {
    throw new BadInputError([
      pathProblem(
        `${name} cannot be unpacked: ${reasonOf(error)}.`,
        'Save it again with numpy.savez, which does not compress.',
      ),
    ]);
  }
  return new Map(
    Object.entries(files).map(([file, content]) => [
      file.slice(0, -'.npy'.length),
      parseNpy(content, `${file} in ${name}`),
    ]),
  );
}
