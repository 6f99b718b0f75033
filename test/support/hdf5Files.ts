import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

export const HDF5_FILES = [
  'chunks.h5',
  'columns.h5',
  'lzf.h5',
  'matlab73.mat',
  'pandas.h5',
  'records.h5',
  'splits.hdf5',
  'unread.h5',
] as const;

/** A small file that h5py wrote: `test/fixtures/hdf5.py`. */
export function hdf5File(name: (typeof HDF5_FILES)[number]): Buffer {
  return gunzipSync(readFileSync(new URL(`../fixtures/${name}.gz`, import.meta.url)));
}
