import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reasonOf, type Problem } from '../../../errors.ts';
import { throwIfCancelled } from '../../cancellation.ts';
import type { DatasetOptions, OpenContext } from '../../dataset.ts';
import { information, warning, type Finding } from '../../findings/finding.ts';
import { alikeFiles, pathProblem, refuseIfAny, shortList } from '../../findings/problems.ts';
import { allocateSamples } from '../../memory.ts';
import { FloatSamples } from '../../samples/floatSamples.ts';
import type { Split } from '../../samples/split.ts';
import { doubtfulClasses } from '../doubtfulClasses.ts';
import type { Format, Location, Source, UnfittedSource } from '../../source.ts';
import { selectTargets, strataOf, type Targets } from '../../targets.ts';
import type { Task } from '../../task.ts';
import type { SplitName } from '../splitNames.ts';
import { isTableName } from '../tables/tableFormats.ts';
import { holdsRecordings, listRecordings, type ListedSplit, type RecordingList } from './listRecordings.ts';
import { framesOf, spectrogramForm, spectrograph } from './spectrogram.ts';
import { hasTableOfRecordings, tableOfRecordings } from './tableOfRecordings.ts';
import { parseWav, type Recording } from './wav.ts';

/** Seconds that a recording may be long: every sample is as long as the longest. */
const LONGEST_SECONDS = 60;
const MOST_NAMED = 5;
/** Share of recordings, at most, that may be corrupt: with more, something else is wrong. */
const MOST_SKIPPED = 0.5;

/** A folder of WAV recordings for every class, directly or below `train` and `test`; samples are log-mel spectrograms. */
export const recordingFolders = {
  description:
    'folders of recordings: a folder for every class with .wav files in it, directly or below the folders train and test, or .wav files and a table that names them',
  recognises: async (location) => {
    const { file, files, folders } = location;
    if (file !== undefined || !(await holdsRecordings(location))) return false;
    // A table beside a single folder is the data, unless it names recordings.
    const isBesideTable = folders.length < 2 && files.some((name) => isTableName(name));
    return !isBesideTable || (await hasTableOfRecordings(location));
  },
  open: openRecordings,
} satisfies Format;

interface ReadSplit {
  readonly name: SplitName;
  readonly recordings: readonly Recording[];
  readonly targets: Targets;
  /** The places of these recordings in the list. */
  readonly kept: readonly number[];
}

/** Recordings and what is to be predicted of them. */
interface Listed {
  readonly task: Task;
  readonly lists: readonly RecordingList[];
  readonly groups?: Int32Array | undefined;
  readonly findings: readonly Finding[];
}

async function openRecordings(
  location: Location,
  context: OpenContext,
  options: DatasetOptions,
): Promise<UnfittedSource> {
  const listed = (await tableOfRecordings(location, context, options)) ?? (await classFolders(location));
  const findings: Finding[] = [...listed.findings];
  const splits = await readSplits(location.folder, listed.lists, { context, findings });
  const all = splits.flatMap(({ recordings }) => recordings);
  const rate = all[0]?.rate ?? 1;
  const form = spectrogramForm(rate);
  const lengths = all.map(({ samples }) => samples.length);
  const longest = lengths.reduce((most, length) => Math.max(most, length), 0);
  const shortest = lengths.reduce((least, length) => Math.min(least, length), longest);
  const code = { ...form, frames: framesOf(form, longest) };
  const write = spectrograph(code);
  const size = code.bands * code.frames;
  const seconds = (length: number): string => (length / rate).toFixed(2);
  findings.unshift(
    information(
      'dataset.path',
      `Recordings of ${rate} samples/s become log-mel spectrograms of ${code.bands} bands × ${code.frames} frames of ` +
        `${Math.round((code.window / rate) * 1000)} ms every ${Math.round((code.hop / rate) * 1000)} ms. They are ${seconds(shortest)} to ` +
        `${seconds(longest)} s long; silence follows the shorter ones. To make samples shorter, cut the longest recordings.`,
    ),
  );
  const splitOf = (name: SplitName): Split | undefined => {
    const split = splits.find((each) => each.name === name);
    if (!split) return undefined;
    const { recordings, targets } = split;
    const values = new Float32Array(allocateSamples(recordings.length * size * 4).buffer);
    for (const [index, { samples }] of recordings.entries()) {
      write(samples, values.subarray(index * size, (index + 1) * size));
    }
    return new FloatSamples(values, targets, recordings.length);
  };
  const [validation, test] = [splitOf('validation'), splitOf('test')];
  const training = splitOf('training') ?? new FloatSamples(new Float32Array(0), { kind: 'none' }, 0);
  const kept = splits.find(({ name }) => name === 'training')?.kept ?? [];
  const { groups } = listed;
  const source: Source = {
    format: 'folders of recordings',
    task: listed.task,
    samples: { kind: 'values' },
    sampleShape: [1, code.bands, code.frames],
    training,
    ...(validation && { validation }),
    ...(test && { test }),
    preparation: { kind: 'arrays', normalization: null, spectrogram: code },
    findings,
  };
  return {
    format: source.format,
    count: training.count,
    strata: strataOf(training.targets, training.count),
    ...(groups && { groups: Int32Array.from(kept, (place) => groups[place] ?? 0) }),
    brings: { validation: validation !== undefined, test: test !== undefined },
    fit: () => source,
  };
}

/** Recordings whose classes are the folders that they lie in. */
async function classFolders(location: Location): Promise<Listed> {
  const { splits, findings } = await listRecordings(location);
  const classes = splits[0]?.classes.map(({ name }) => name) ?? [];
  refuseIfAny(shortList(classProblems(splits, classes), 'class folders'));
  return {
    task: { kind: 'classification', classes },
    lists: splits.map(({ name, strays, classes: folders }) => ({
      name,
      files: folders.flatMap(({ files }) => files),
      targets: {
        kind: 'classes',
        labels: Int32Array.from(folders.flatMap((each) => each.files.map(() => classes.indexOf(each.name)))),
      },
      strays,
    })),
    findings: [...findings, ...doubtfulClasses(classes)],
  };
}

async function readSplits(
  folder: string,
  lists: readonly RecordingList[],
  { context, findings }: { readonly context: OpenContext; readonly findings: Finding[] },
): Promise<readonly ReadSplit[]> {
  const corrupt: (readonly [file: string, reason: string])[] = [];
  const rates = new Map<number, RateUse>();
  const total = lists.reduce((sum, { files }) => sum + files.length, 0);
  let done = 0;
  const read: ReadSplit[] = [];
  for (const { name, files, targets } of lists) {
    const recordings: Recording[] = [];
    const kept: number[] = [];
    for (const [place, file] of files.entries()) {
      throwIfCancelled(context.signal);
      try {
        const recording = parseWav(await readFile(join(folder, file)));
        if (recording.samples.length === 0) throw new Error('it has no sound');
        if (!recording.samples.every(Number.isFinite)) throw new Error('it has amplitudes that are no numbers');
        const length = recording.samples.length / recording.rate;
        if (length > LONGEST_SECONDS) {
          throw new Error(
            `it is ${Math.round(length)} s long, and at most ${LONGEST_SECONDS} are possible: cut it into pieces`,
          );
        }
        recordings.push(recording);
        kept.push(place);
        const use = rates.get(recording.rate);
        rates.set(recording.rate, { count: (use?.count ?? 0) + 1, first: use?.first ?? file });
      } catch (error) {
        corrupt.push([file, reasonOf(error)]);
      }
      done++;
      if (done % Math.ceil(total / 100) === 0) context.onProgress?.(done, total);
    }
    read.push({ name, recordings, kept, targets: selectTargets(targets, kept) });
  }
  if (context.strict === true || corrupt.length > MOST_SKIPPED * total)
    refuseIfAny(shortList(unusableProblems(corrupt), 'recordings'));
  refuseIfAny(rateProblems(rates));
  if (corrupt.length > 0) {
    const unusable = unusableProblems(corrupt);
    const named = unusable.slice(0, MOST_NAMED).map(({ message }) => message);
    const more = unusable.length > MOST_NAMED ? ` And ${unusable.length - MOST_NAMED} more.` : '';
    findings.push(
      warning('dataset.path', `${corrupt.length} of ${total} recordings are left out. ${named.join(' ')}${more}`),
    );
  }
  findings.push(...strayFindings(lists));
  return read;
}

/** A sentence for each reason. */
function unusableProblems(reasons: readonly (readonly [file: string, reason: string])[]): readonly Problem[] {
  return alikeFiles(reasons).map(({ reason, first, count }) =>
    count === 1
      ? pathProblem(`The recording ${first} cannot be used: ${reason}.`, 'Replace or remove it.')
      : pathProblem(`${count} recordings, ${first} first, cannot be used: ${reason}.`, 'Replace or remove them.'),
  );
}

/** How many recordings have a sample rate, and the first of them. */
interface RateUse {
  readonly count: number;
  readonly first: string;
}

function rateProblems(rates: ReadonlyMap<number, RateUse>): readonly Problem[] {
  if (rates.size < 2) return [];
  const found = [...rates].sort(([, one], [, other]) => other.count - one.count);
  const counts = found.map(([rate, { count, first }]) => `${count} of ${rate} (such as ${first})`).join(', ');
  return [
    pathProblem(
      `The recordings have different sample rates: ${counts} samples/s.`,
      `Bring them to one, such as with \`ffmpeg -i in.wav -ar ${found[0]?.[0] ?? 16_000} out.wav\`.`,
    ),
  ];
}

function strayFindings(listed: readonly RecordingList[]): readonly Finding[] {
  const strays = listed.flatMap((split) => split.strays);
  if (strays.length === 0) return [];
  const more = strays.length > MOST_NAMED ? ` and ${strays.length - MOST_NAMED} more` : '';
  const message = `Passed over, as they are no .wav files in the folder of a class: ${strays.slice(0, MOST_NAMED).join(', ')}${more}.`;
  return [
    warning(
      'dataset.path',
      message,
      'Other sound is used when it is converted to WAV, such as with `ffmpeg -i in.mp3 out.wav`.',
    ),
  ];
}

function classProblems(listed: readonly ListedSplit[], classes: readonly string[]): readonly Problem[] {
  if (classes.length < 2) {
    return [
      pathProblem(
        `There is ${classes.length === 0 ? 'no folder' : 'only one folder'} of a class.`,
        'Give a folder of .wav files for every class, or a table (.csv) with a column of their names and one of classes.',
      ),
    ];
  }
  return listed.flatMap((split) => [
    ...split.classes
      .filter(({ name }) => !classes.includes(name))
      .map(({ name }) =>
        pathProblem(`${split.path}/${name} is the folder of a class that the training recordings lack.`),
      ),
    ...(split.name === 'training' ? split.classes : [])
      .filter(({ files }) => files.length === 0)
      .map(({ name, hasFolders }) =>
        hasFolders
          ? pathProblem(
              `${join(split.path, name)} has no .wav file, only folders.`,
              'Put the recordings of each class into one folder, or give a table (.csv) with a column of their names and one of classes.',
            )
          : pathProblem(
              `${join(split.path, name)} has no .wav file.`,
              'Convert its sound to WAV, or remove the folder.',
            ),
      ),
    ...(split.classes.every(({ files }) => files.length === 0) && split.name !== 'training'
      ? [
          pathProblem(
            `The folder ${split.path} has no .wav files in folders of classes.`,
            'Sort its recordings by class, or move the folder away.',
          ),
        ]
      : []),
  ]);
}
