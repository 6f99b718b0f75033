import { BadInputError } from '../../errors.ts';
import { pathProblem } from '../findings/problems.ts';

/** How a file is packed. */
export type Packing = 'gzip' | 'zip' | 'tar' | 'tar.gz';

/** What cannot be unpacked here, and with which program a person does it. */
const UNPACKED_ELSEWHERE: readonly (readonly [RegExp, string])[] = [
  [/\.t?(?:ar\.)?bz2$|\.tbz2?$/i, 'bunzip2 (or tar -xjf)'],
  [/\.(?:tar\.)?(?:xz|lzma)$|\.txz$/i, 'unxz (or tar -xJf)'],
  [/\.(?:tar\.)?zst$/i, 'unzstd (or tar --zstd -xf)'],
  [/\.7z$/i, '7-Zip'],
  [/\.rar$/i, 'unrar'],
  [/\.lz4$/i, 'unlz4'],
  [/\.Z$/, 'uncompress'],
];

/** The packing that the name of a file tells; undefined for one that is not packed. */
export function packingOf(name: string): Packing | undefined {
  if (/\.(?:tar\.gz|tgz)$/i.test(name)) return 'tar.gz';
  if (/\.gz$/i.test(name)) return 'gzip';
  if (/\.zip$/i.test(name)) return 'zip';
  if (/\.tar$/i.test(name)) return 'tar';
  return undefined;
}

/** The name without what tells how it is packed. */
export function unpackedName(name: string): string {
  return name.replace(/\.(?:tar\.gz|tgz|gz|zip|tar)$/i, '') || name;
}

/** @throws BadInputError when the file is packed in a way that is not read, naming the program that unpacks it */
export function refuseOtherPackings(name: string): void {
  const found = UNPACKED_ELSEWHERE.find(([ending]) => ending.test(name));
  if (!found) return;
  throw new BadInputError([
    pathProblem(
      `${name} is packed in a way that is not read here.`,
      `Unpack it with ${found[1]}, or pack it as .gz, .zip or .tar.gz.`,
    ),
  ]);
}
