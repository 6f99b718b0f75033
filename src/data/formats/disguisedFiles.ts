import { join } from 'node:path';
import { BadInputError } from '../../errors.ts';
import { pathProblem } from '../findings/problems.ts';
import type { Location } from '../source.ts';
import { beginningOf } from './tables/reading/beginningOf.ts';

/** Files of a folder that are looked into. */
const MOST_LOOKED_AT = 10;

/** What lies in place of a file that is stored elsewhere and was not fetched. */
const POINTER = {
  begins: /^version https:\/\/git-lfs\.github\.com\//,
  what: 'is a pointer of Git LFS, and not the file itself',
  way: 'Fetch the file: git lfs pull.',
};

/** What files that are called like tables of text may be instead, by how they begin. */
const KINDS: readonly { readonly begins: RegExp | string; readonly what: string; readonly way: string }[] = [
  POINTER,
  { begins: '\x1f\x8b', what: 'is packed with gzip', way: 'Add .gz to its name.' },
  { begins: 'PK\x03\x04', what: 'is a workbook or a ZIP archive', way: 'Call it .xlsx, or .zip.' },
  { begins: 'PAR1', what: 'is a Parquet file', way: 'Call it .parquet.' },
  { begins: '\xd0\xcf\x11\xe0', what: 'is a workbook of Excel 97–2003', way: 'Save it as .xlsx, .ods or .csv.' },
  { begins: '%PDF', what: 'is a document', way: 'Save its table as .csv or .xlsx.' },
  {
    begins: /^(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html)\b/i,
    what: 'is a page of a web site, such as one to sign in on',
    way: 'Download the file again.',
  },
  {
    begins: /^(?:\xef\xbb\xbf)?\s*(?:\[\s*\{\s*"|\{\s*"[^"\n]*"\s*:)/,
    what: 'is JSON',
    way: 'Call it .json, or .jsonl where every line has an object.',
  },
];

/** @throws BadInputError when a file is something else than a table of text, whatever it is called */
export async function refuseDisguised(path: string, name: string): Promise<void> {
  const beginning = (await beginningOf(path))?.toString('latin1') ?? '';
  const found = KINDS.find(({ begins }) =>
    typeof begins === 'string' ? beginning.startsWith(begins) : begins.test(beginning),
  );
  if (found) throw new BadInputError([pathProblem(`${name} ${found.what}.`, found.way)]);
}

/** @throws BadInputError when a file that was named, or one of the first in the folder, was not fetched */
export async function refusePointers({ folder, file, files }: Location): Promise<void> {
  for (const name of file === undefined ? files.slice(0, MOST_LOOKED_AT) : [file]) {
    const beginning = await beginningOf(join(folder, name));
    if (beginning && isPointer(beginning)) {
      throw new BadInputError([pathProblem(`${name} ${POINTER.what}.`, POINTER.way)]);
    }
  }
}

/** Whether bytes only say where the file is stored. */
export function isPointer(bytes: Buffer): boolean {
  return POINTER.begins.test(bytes.toString('latin1', 0, 64));
}
