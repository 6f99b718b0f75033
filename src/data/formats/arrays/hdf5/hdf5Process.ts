import { File, Group } from 'jsfive';
import { readFile } from 'node:fs/promises';
import { reasonOf } from '../../../../errors.ts';
import { endWithParent } from '../../../../platform/processes/endWithParent.ts';
import { describeArray, NoArray } from './describeArray.ts';
import type { Hdf5Array, Hdf5Contents, Hdf5Message, Hdf5Other } from './hdf5Messages.ts';
import { hdf5Start, isMatlabHdf5 } from './hdf5Start.ts';

/**
 * The program of the process that looks into an HDF5 file, whose path is its argument: what it holds and where. A damaged file can make the
 * library follow circles for ever or fill the memory, which ends a process, and a thread with everything around it.
 */

const DEEPEST = 32;
/** Milliseconds beyond what any step may take, for a byte of the file. */
const ALLOWANCE_MS = 1e-5;

function send(message: Hdf5Message): Promise<void> {
  return new Promise((resolve, reject) => {
    if (!process.send) throw new TypeError('This program is started by another one.');
    process.send(message, undefined, undefined, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

async function look(path: string): Promise<void> {
  await send({ kind: 'progress', allowanceMs: 10_000 });
  const bytes = await readFile(path);
  await send({ kind: 'progress', allowanceMs: ALLOWANCE_MS * bytes.length });
  const start = hdf5Start(bytes);
  if (start === undefined) throw new Error('it has no signature of HDF5');
  const file = new Uint8Array(bytes.subarray(start)).buffer;
  await send({ kind: 'done', contents: contentsOf(file, isMatlabHdf5(bytes)) });
}

function contentsOf(file: ArrayBuffer, isMatlab: boolean): Hdf5Contents {
  const view = new DataView(file);
  const sizes = view.getUint8(8) < 2 ? 13 : 9;
  if (view.getUint8(sizes) !== 8 || view.getUint8(sizes + 1) !== 8) {
    throw new Error('its addresses do not take 8 bytes');
  }
  const arrays: Hdf5Array[] = [];
  const others: Hdf5Other[] = [];
  const seen = new Set<number>();
  const visit = (group: Group, prefix: string, depth: number): void => {
    seen.add(group._dataobjects.offset);
    for (const key of group.keys) {
      const name = `${prefix}${key}`;
      try {
        const found = group.get(key);
        if (found === null) throw new NoArray('a link to what is not there');
        if (!(found instanceof Group)) arrays.push(describeArray(name, found, file, isMatlab));
        else if (!seen.has(found._dataobjects.offset) && depth < DEEPEST) {
          const sparse = isMatlab && 'MATLAB_sparse' in found._dataobjects.get_attributes();
          if (sparse) throw new NoArray('a sparse matrix');
          visit(found, `${name}/`, depth + 1);
        }
      } catch (error) {
        const isKnown = error instanceof NoArray;
        others.push({ name, what: isKnown ? error.message : 'damaged', isLost: !isKnown });
      }
    }
  };
  visit(new File(file, ''), '', 0);
  return { arrays, others };
}

endWithParent();
look(process.argv[2] ?? '')
  .catch((error: unknown) => send({ kind: 'refused', reason: reasonOf(error) }))
  .finally(() => {
    process.disconnect();
  })
  // Whoever asked is gone.
  .catch(() => undefined);
