import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BadInputError, messageOf, type Problem } from '../../../../errors.ts';
import type { DatasetOptions, OpenContext } from '../../../dataset.ts';
import { pathProblem, refuseIfAny, shortList } from '../../../findings/problems.ts';
import { listFolder } from '../../../location.ts';
import type { Format, Location, UnfittedSource } from '../../../source.ts';
import { isImageName } from '../../images/decoding/decodeImage.ts';
import type { EncodedImage } from '../../images/decoding/encodedImage.ts';
import { SPLIT_NAMES, type SplitName } from '../../splitNames.ts';
import { parseJson } from '../json/parseJson.ts';
import type { JsonRecord } from '../reading/readJsonLines.ts';
import { recordsTable } from '../reading/recordsTable.ts';
import type { TableReader } from '../reading/tableReader.ts';
import { tablesSource } from '../tablesSource.ts';

/** What stands beside an image in a WebDataset, by what follows the key in the name. */
const BESIDE = /^(?:cls|json|txt|id|index)$/i;
const MOST_NAMED = 5;

/** A sample: its image, and the files that tell of it. */
interface Sample {
  readonly key: string;
  image?: string;
  readonly beside: Map<string, string>;
}

/** WebDatasets: tars with the files of a sample side by side, `000.jpg`, `000.cls`, `000.json`; a folder of several is one dataset. */
export const webDatasets = {
  description: 'WebDataset: a .tar, or a folder of them, with 000.jpg, 000.cls, 000.json and so on',
  recognises: async (location) => location.file === undefined && (await isWebDataset(location)),
  open: openWebDataset,
} satisfies Format;

/** Whether files of one key lie beside each other: an image, and its class or what else is told of it. */
async function isWebDataset({ folder, files, folders }: Location): Promise<boolean> {
  const [firstFolder] = folders;
  const names =
    files.length > 0 || firstFolder === undefined ? files : (await listFolder(join(folder, firstFolder))).files;
  if (names.some((name) => /^[^.]+\.cls$/i.test(name)) && names.some(isImageName)) return true;
  const samples = samplesOf(names);
  const complete = samples.filter(({ image, beside }) => image !== undefined && beside.has('json')).length;
  return complete > 0 && 2 * complete > samples.length;
}

async function openWebDataset(
  location: Location,
  context: OpenContext,
  options: DatasetOptions,
): Promise<UnfittedSource> {
  const { folder, files, folders, archive } = location;
  const shards = files.length > 0 ? [''] : folders;
  const splits: Record<SplitName, string[]> = { training: [], validation: [], test: [] };
  const names = Object.keys(splits) as SplitName[];
  for (const shard of shards) {
    const words = shard.toLowerCase().split(/[-_. ]/);
    const split = names.find((name) => SPLIT_NAMES[name].some((word) => words.includes(word)));
    splits[split ?? 'training'].push(shard);
  }
  const reader = (split: SplitName): TableReader | undefined => {
    const own = splits[split];
    if (own.length === 0) return undefined;
    const name = own.length === 1 ? own[0] || archive || folder : `${split} (${own.length} shards)`;
    return (storage) =>
      readShards(
        name,
        own.map((shard) => join(folder, shard)),
        storage,
      );
  };
  const training = reader('training');
  if (!training) {
    throw new BadInputError([
      pathProblem(
        `${folder} has no shards to train on, only ${shards.slice(0, 10).join(', ')}.`,
        'Name one of them, or call some train.',
      ),
    ]);
  }
  return tablesSource(
    { format: 'WebDataset', folder, training, validation: reader('validation'), test: reader('test') },
    context,
    options,
  );
}

async function readShards(name: string, folders: readonly string[], storage: Parameters<TableReader>[0]) {
  const problems: Problem[] = [];
  const records: JsonRecord[] = [];
  const images: EncodedImage[] = [];
  const without: string[] = [];
  const passedOver = new Set<string>();
  for (const folder of folders) {
    for (const { key, image, beside } of samplesOf((await listFolder(folder)).files, passedOver)) {
      if (image === undefined) {
        without.push(key);
        continue;
      }
      const fields = await fieldsOf(folder, beside, problems);
      records.push({ line: records.length + 1, fields });
      images.push({ name: image, content: join(folder, image) });
    }
  }
  refuseIfAny(shortList(problems, 'files'));
  if (records.length === 0)
    throw new BadInputError([pathProblem(`${name} has no images.`, 'Every sample needs one, such as 000.jpg.')]);
  const table = recordsTable(name, records, storage, 'Row');
  const told = [...passedOver].slice(0, MOST_NAMED).map((ending) => `.${ending}`);
  return {
    ...table,
    images,
    remarks: [
      ...(without.length > 0
        ? [
            `${without.length} samples of ${name} have no image and are left out: ${without.slice(0, MOST_NAMED).join(', ')}${without.length > MOST_NAMED ? ', …' : ''}.`,
          ]
        : []),
      ...(told.length > 0
        ? [`Of the samples of ${name}, files with the endings ${told.join(', ')} are not read.`]
        : []),
      ...table.remarks,
    ],
  };
}

/** Files by their key, which is what stands before the first point. */
function samplesOf(names: readonly string[], passedOver?: Set<string>): readonly Sample[] {
  const samples = new Map<string, Sample>();
  for (const name of names) {
    const point = name.indexOf('.');
    if (point < 1) continue;
    const key = name.slice(0, point);
    const ending = name.slice(point + 1);
    let sample = samples.get(key);
    if (!sample) samples.set(key, (sample = { key, beside: new Map() }));
    if (BESIDE.test(ending)) sample.beside.set(ending.toLowerCase(), name);
    else if (isImageName(name) && !ending.includes('.') && sample.image === undefined) sample.image = name;
    else passedOver?.add(ending);
  }
  return [...samples.values()];
}

/** What the files beside an image tell of it: the class as `label`, the fields of the JSON, the text. */
async function fieldsOf(
  folder: string,
  beside: ReadonlyMap<string, string>,
  problems: Problem[],
): Promise<Readonly<Record<string, unknown>>> {
  const fields: Record<string, unknown> = {};
  for (const [ending, name] of beside) {
    try {
      const text = (await readFile(join(folder, name), 'utf8')).trim();
      if (ending === 'json') {
        const value = parseJson(text);
        if (typeof value === 'object' && value !== null && !Array.isArray(value)) Object.assign(fields, value);
        else fields['json'] = value;
      } else if (ending === 'cls') fields['label'] = /^[-+]?\d+$/.test(text) ? Number(text) : text;
      else fields[ending] = text;
    } catch (error) {
      problems.push(
        pathProblem(`${name} cannot be read: ${messageOf(error)}.`, 'Mend it, or remove it with its sample.'),
      );
    }
  }
  return fields;
}
