import * as z from 'zod';
import { BadInputError } from '../../../../errors.ts';
import type { EncodedImage } from '../../images/decoding/encodedImage.ts';
import { pathProblem } from '../../../findings/problems.ts';
import type { Storage, Table } from '../column.ts';
import { recordsTable } from './recordsTable.ts';

/** Rows of a file whose columns have types, such as Parquet and Arrow. */
export interface TypedRows {
  /** Name of the file, for messages. */
  readonly file: string;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** What the Hugging Face library wrote into the file about its columns, as JSON. */
  readonly huggingFace: string | undefined;
}

/**
 * The rows of a shard have the columns of those before.
 *
 * @param wanted names of the columns of the shards before, where there were any
 * @param found those of the shard
 * @throws BadInputError when it has others
 */
export function refuseOtherColumns(
  file: string,
  wanted: readonly string[] | undefined,
  found: readonly string[] | undefined,
): void {
  if (!wanted || !found) return;
  if (wanted.length === found.length && wanted.every((name) => found.includes(name))) return;
  throw new BadInputError([
    pathProblem(
      `${file} has the columns ${found.slice(0, 20).join(', ')}, but the files before it have ${wanted.slice(0, 20).join(', ')}.`,
      'Files of one table have the same columns; name one file, or give them names of their own.',
    ),
  ]);
}

/**
 * Rows as a table. A column of objects with `bytes`, or of bytes that begin as images do, is the images; numbers of a class column become the names that the file has for
 * them.
 *
 * @param numberOf the number of a row in the file, from 1, where these are not its first
 * @throws BadInputError when there are columns that are neither values nor images
 */
export function typedRowsTable(
  { file, rows, huggingFace }: TypedRows,
  storage: ReadonlyMap<string, Storage>,
  numberOf: (index: number) => number = (index) => index + 1,
): Table {
  const classNames = classNamesOf(huggingFace);
  const images: EncodedImage[] = [];
  const records = rows.map((row, index) => {
    const fields: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(row)) {
      const bytes = imageBytes(value, file, name);
      if (bytes) images[index] = { name: `in row ${numberOf(index)} of ${file}`, content: bytes };
      else fields[name] = fieldValue(value, classNames.get(name));
    }
    return { line: numberOf(index), fields };
  });
  const table = recordsTable(file, records, storage, 'Row');
  const imageCount = images.filter((image) => image as EncodedImage | undefined).length;
  if (imageCount === 0) return table;
  if (imageCount < table.count) {
    throw new BadInputError([
      pathProblem(`${file} has ${table.count} rows, but only ${imageCount} images.`, 'Every row needs its image.'),
    ]);
  }
  return { ...table, images };
}

/** How images begin: JPEG, PNG, GIF, BMP, WebP and TIFF. */
const IMAGE = /^(?:\xff\xd8\xff|\x89PNG|GIF8|BM[^]{4}\0{4}|RIFF[^]{4}WEBP|II\*\0|MM\0\*)/;
/** How recordings begin: WAV, FLAC, Ogg and MP3. */
const SOUND = /^(?:RIFF[^]{4}WAVE|fLaC|OggS|ID3|\xff[\xf2\xf3\xfb])/;
const BEGINNING = 12;

/**
 * Hugging Face stores an image as `{bytes, path}`, others as its bytes alone.
 *
 * @throws BadInputError where a recording is stored so
 */
function imageBytes(value: unknown, file: string, column: string): Buffer | undefined {
  const bytes = value instanceof Uint8Array ? value : bytesWithin(value);
  if (!bytes) return undefined;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const beginning = buffer.toString('latin1', 0, BEGINNING);
  if (SOUND.test(beginning)) {
    throw new BadInputError([
      pathProblem(
        `${file} holds recordings in '${column}', and recordings are read as WAV files.`,
        `In Python: for row, each in enumerate(pandas.read_parquet('${file}')['${column}']): open(str(row) + '.wav', 'wb').write(each['bytes']); then give a table of these names and their classes, or a folder for each class. What is no WAV is converted with ffmpeg.`,
      ),
    ]);
  }
  return bytes === value && !IMAGE.test(beginning) ? undefined : buffer;
}

function bytesWithin(value: unknown): Uint8Array | undefined {
  if (typeof value !== 'object' || value === null || !('bytes' in value)) return undefined;
  return value.bytes instanceof Uint8Array ? value.bytes : undefined;
}

function fieldValue(value: unknown, names: readonly string[] | undefined): unknown {
  // More digits than a number keeps are a name.
  const number =
    typeof value !== 'bigint' ? value : Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  return names && typeof number === 'number' ? (names[number] ?? number) : number;
}

const features = z.object({
  info: z.object({ features: z.record(z.string(), z.looseObject({ names: z.array(z.string()).optional() })) }),
});

/** Names of the classes of each column; none where they cannot be told. */
function classNamesOf(text: string | undefined): ReadonlyMap<string, readonly string[]> {
  if (text === undefined) return new Map();
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    // Only names are lost: the numbers of the classes are in the file itself.
    return new Map();
  }
  const parsed = features.safeParse(content);
  if (!parsed.success) return new Map();
  return new Map(
    Object.entries(parsed.data.info.features).flatMap(([name, { names }]) => (names ? [[name, names] as const] : [])),
  );
}
