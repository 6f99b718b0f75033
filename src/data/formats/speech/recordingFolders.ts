import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reasonOf, type Problem } from '../../../errors.ts';
import { throwIfCancelled } from '../../cancellation.ts';
import type { OpenContext } from '../../dataset.ts';
import { information, warning, type Finding } from '../../findings/finding.ts';
import { pathProblem, refuseIfAny, shortList } from '../../findings/problems.ts';
import { allocateSamples } from '../../memory.ts';
import { FloatSamples } from '../../samples/floatSamples.ts';
import type { Split } from '../../samples/split.ts';
import type { Format, Location, Source } from '../../source.ts';
import { holdsRecordings, listRecordings, type ListedSplit } from './listRecordings.ts';
import { framesOf, spectrogramForm, spectrograph } from './spectrogram.ts';
import { parseWav, type Recording } from './wav.ts';

/** Seconds that a recording may be long: every sample is as long as the longest. */
const LONGEST_SECONDS = 60;
const MOST_NAMED = 5;
/** Share of recordings, at most, that may be corrupt: with more, something else is wrong. */
const MOST_SKIPPED = 0.5;

/** A folder of WAV recordings for every class, directly or below `train` and `test`; samples are log-mel spectrograms. */
export const recordingFolders = {
  description:
    'folders of recordings: a folder for every class with .wav files in it, directly or below the folders train and test',
  recognises: async (location) => location.file === undefined && (await holdsRecordings(location)),
  open: openRecordings,
} satisfies Format;

interface ReadSplit {
  readonly listed: ListedSplit;
  readonly recordings: readonly Recording[];
  readonly labels: Int32Array;
}

async function openRecordings(location: Location, context: OpenContext): Promise<Source> {
  const listed = await listRecordings(location);
  const [training] = listed;
  const classes = training?.classes.map(({ name }) => name) ?? [];
  refuseIfAny(shortList(classProblems(listed, classes), 'class folders'));
  const findings: Finding[] = [];
  const splits = await readSplits(location.folder, listed, { classes, context, findings });
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
  const splitOf = (name: ListedSplit['name']): Split | undefined => {
    const split = splits.find(({ listed: { name: own } }) => own === name);
    if (!split) return undefined;
    const { recordings, labels } = split;
    const values = new Float32Array(allocateSamples(recordings.length * size * 4).buffer);
    for (const [index, { samples }] of recordings.entries()) {
      write(samples, values.subarray(index * size, (index + 1) * size));
    }
    return new FloatSamples(values, { kind: 'classes', labels }, recordings.length);
  };
  const [validation, test] = [splitOf('validation'), splitOf('test')];
  return {
    format: 'folders of recordings',
    task: { kind: 'classification', classes },
    samples: { kind: 'values' },
    sampleShape: [1, code.bands, code.frames],
    training: splitOf('training') ?? new FloatSamples(new Float32Array(0), { kind: 'none' }, 0),
    ...(validation && { validation }),
    ...(test && { test }),
    preparation: { kind: 'arrays', normalization: null, spectrogram: code },
    findings,
  };
}

async function readSplits(
  folder: string,
  listed: readonly ListedSplit[],
  {
    classes,
    context,
    findings,
  }: { readonly classes: readonly string[]; readonly context: OpenContext; readonly findings: Finding[] },
): Promise<readonly ReadSplit[]> {
  const corrupt: Problem[] = [];
  const rates = new Map<number, RateUse>();
  const total = listed.reduce(
    (sum, split) => sum + split.classes.reduce((files, each) => files + each.files.length, 0),
    0,
  );
  let done = 0;
  const read: ReadSplit[] = [];
  for (const split of listed) {
    const recordings: Recording[] = [];
    const labels: number[] = [];
    for (const { name, files } of split.classes) {
      for (const file of files) {
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
          labels.push(classes.indexOf(name));
          const use = rates.get(recording.rate);
          rates.set(recording.rate, { count: (use?.count ?? 0) + 1, first: use?.first ?? file });
        } catch (error) {
          corrupt.push(
            pathProblem(`The recording ${file} cannot be used: ${reasonOf(error)}.`, 'Replace or remove it.'),
          );
        }
        done++;
        if (done % Math.ceil(total / 100) === 0) context.onProgress?.(done, total);
      }
    }
    read.push({ listed: split, recordings, labels: Int32Array.from(labels) });
  }
  if (context.strict === true || corrupt.length > MOST_SKIPPED * total) refuseIfAny(shortList(corrupt, 'recordings'));
  refuseIfAny(rateProblems(rates));
  if (corrupt.length > 0) {
    const named = corrupt.slice(0, MOST_NAMED).map(({ message }) => message);
    const more = corrupt.length > MOST_NAMED ? ` And ${corrupt.length - MOST_NAMED} more.` : '';
    findings.push(
      warning('dataset.path', `${corrupt.length} of ${total} recordings are left out. ${named.join(' ')}${more}`),
    );
  }
  findings.push(...strayFindings(listed));
  return read;
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

function strayFindings(listed: readonly ListedSplit[]): readonly Finding[] {
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
        'Give a folder of .wav files for every class.',
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
      .map(({ name }) =>
        pathProblem(`${join(split.path, name)} has no .wav file.`, 'Convert its sound to WAV, or remove the folder.'),
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
