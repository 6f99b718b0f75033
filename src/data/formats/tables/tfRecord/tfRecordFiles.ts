import { isUtf8 } from 'node:buffer';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { BadInputError, messageOf } from '../../../../errors.ts';
import type { DatasetOptions, OpenContext } from '../../../dataset.ts';
import { pathProblem } from '../../../findings/problems.ts';
import type { Format, Location, UnfittedSource } from '../../../source.ts';
import type { EncodedImage } from '../../images/decoding/encodedImage.ts';
import { SPLIT_NAMES, type SplitName } from '../../splitNames.ts';
import type { Storage, Table } from '../column.ts';
import type { JsonRecord } from '../reading/readJsonLines.ts';
import { recordsTable } from '../reading/recordsTable.ts';
import type { TableReader } from '../reading/tableReader.ts';
import { tablesSource } from '../tablesSource.ts';
import { parseExample, type Feature } from './parseExample.ts';
import { beginsAsRecord, readRecords } from './readRecords.ts';

/** What names of TFRecords end with; TensorFlow Datasets counts the files of a split behind that. */
export const TF_RECORD_ENDING = /\.tf_?rec(?:ords?)?(?:-\d+-of-\d+)?$/i;
/** How images of the usual kinds begin. */
const IMAGE_BEGINNINGS = ['\xff\xd8\xff', '\x89PNG', 'GIF8', 'BM', 'RIFF', 'II*\0', 'MM\0*'];

/** TFRecords of `tf.train.Example`: numbers and texts are columns, encoded images are images; several files are one table. */
export const tfRecordFiles = {
  description:
    'TFRecord: a file of examples (.tfrecord), or a folder of them, with train, validation and test in their names',
  recognises: async ({ folder, file, files }) => {
    if (file === undefined) return files.some((name) => TF_RECORD_ENDING.test(name));
    return TF_RECORD_ENDING.test(file) && (await beginsSo(join(folder, file)));
  },
  open: openTfRecords,
} satisfies Format;

/** A file that cannot be read is told of when it is. */
async function beginsSo(path: string): Promise<boolean> {
  const file = await open(path).catch(() => undefined);
  if (!file) return true;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(12), 0, 12, 0);
    return bytesRead === 0 || beginsAsRecord(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

async function openTfRecords(
  location: Location,
  context: OpenContext,
  options: DatasetOptions,
): Promise<UnfittedSource> {
  const { folder } = location;
  const { training, validation, test } = filesOfSplits(location);
  const reader = (names: readonly string[]): TableReader | undefined =>
    names.length === 0 ? undefined : (storage) => readTable(folder, names, storage, context.signal);
  return tablesSource(
    {
      format: 'TFRecord',
      folder,
      training: (storage) => readTable(folder, training, storage, context.signal),
      validation: reader(validation),
      test: reader(test),
    },
    context,
    options,
  );
}

/** How the records at a location are read, as those that would be trained on. */
export function tfRecordReader(location: Location, signal: AbortSignal | undefined): TableReader {
  return (storage) => readTable(location.folder, filesOfSplits(location).training, storage, signal);
}

function filesOfSplits({ folder, file, files }: Location): Readonly<Record<SplitName, readonly string[]>> {
  if (file !== undefined) return { training: [file], validation: [], test: [] };
  const records = files.filter((name) => TF_RECORD_ENDING.test(name));
  const [validation, test] = (['validation', 'test'] as const).map((split) =>
    records.filter((name) => splitOf(name) === split),
  ) as [string[], string[]];
  const training = records.filter((name) => !validation.includes(name) && !test.includes(name));
  if (training.length === 0) {
    const message = `${folder} has no records to train on, only ${records.slice(0, 5).join(', ')}.`;
    throw new BadInputError([pathProblem(message, 'Name one of the files, or call some train.')]);
  }
  return { training, validation, test };
}

function splitOf(name: string): SplitName | undefined {
  const words = name.toLowerCase().split(/[-_. ]|(?=\d)/);
  const splits = Object.keys(SPLIT_NAMES) as SplitName[];
  return splits.find((split) => SPLIT_NAMES[split].some((word) => words.includes(word)));
}

async function readTable(
  folder: string,
  names: readonly string[],
  storage: ReadonlyMap<string, Storage>,
  signal: AbortSignal | undefined,
): Promise<Table> {
  const [first = ''] = names;
  const file = names.length === 1 ? first : `${first} and ${names.length - 1} more`;
  const records: JsonRecord[] = [];
  const images: EncodedImage[] = [];
  const unread = new Set<string>();
  for (const name of names) {
    await readRecords(
      join(folder, name),
      name,
      (data, number) => {
        const { fields, image } = fieldsOf(data, `Record ${number} of ${name}`, unread);
        if (image) images[records.length] = { name: `in record ${number} of ${name}`, content: image };
        records.push({ line: records.length + 1, fields });
      },
      signal,
    );
  }
  if (records.length === 0) throw new BadInputError([pathProblem(`${file} has no records.`)]);
  const table = recordsTable(file, records, storage, 'Row');
  const remarks = [...unread].map(
    (name) => `The feature '${name}' of ${file} holds bytes that are neither text nor an image, and is left out.`,
  );
  const found = images.filter((image) => image as EncodedImage | undefined).length;
  if (found > 0 && found < records.length) {
    const message = `${file} has ${records.length} records, but only ${found} have an image.`;
    throw new BadInputError([pathProblem(message, 'Every record needs its image.')]);
  }
  return { ...table, remarks: [...remarks, ...table.remarks], ...(found > 0 && { images }) };
}

/** The features of an example as cells; the first that is an image is the image. */
function fieldsOf(
  data: Uint8Array,
  where: string,
  unread: Set<string>,
): { readonly fields: Readonly<Record<string, unknown>>; readonly image: Buffer | undefined } {
  let example: ReturnType<typeof parseExample>;
  try {
    example = parseExample(data);
  } catch (error) {
    const message = `${where} is no example of features (tf.train.Example): ${messageOf(error)}.`;
    throw new BadInputError([pathProblem(message, 'Write tf.train.Example, or Parquet.')]);
  }
  if (example.isSequence) {
    const message = `${where} is a SequenceExample, of which only whole sequences could be samples; it is not read.`;
    throw new BadInputError([pathProblem(message, 'Write tf.train.Example with lists of one length, or NPZ.')]);
  }
  const fields: Record<string, unknown> = {};
  let image: Buffer | undefined;
  for (const [name, feature] of example.features) {
    const [value] = feature;
    if (feature.length === 0) fields[name] = null;
    else if (!isBytes(feature)) fields[name] = feature.length === 1 ? value : [...feature];
    else {
      const [bytes] = feature;
      if (feature.length > 1 || !bytes) unread.add(name);
      else if (isImage(bytes)) image ??= Buffer.from(bytes);
      else if (isUtf8(bytes) && !bytes.includes(0)) fields[name] = Buffer.from(bytes).toString('utf8');
      else unread.add(name);
    }
  }
  return { fields, image };
}

function isBytes(feature: Feature): feature is readonly Uint8Array[] {
  return feature[0] instanceof Uint8Array;
}

/** Whether bytes that are no text begin as an image does. */
function isImage(bytes: Uint8Array): boolean {
  const beginning = Buffer.from(bytes.subarray(0, 4)).toString('latin1');
  const isNamed = IMAGE_BEGINNINGS.some((mark) => beginning.startsWith(mark));
  return isNamed && bytes.subarray(0, 512).some((byte) => byte < 9 || byte > 127);
}
