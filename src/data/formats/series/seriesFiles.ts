import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BadInputError, messageOf, type Problem } from '../../../errors.ts';
import { information, type Finding } from '../../findings/finding.ts';
import { pathProblem, refuseIfAny, shortList } from '../../findings/problems.ts';
import { FloatSamples } from '../../samples/floatSamples.ts';
import type { Split } from '../../samples/split.ts';
import { statisticsOfChannels } from '../../channelStatistics.ts';
import type { DatasetOptions, OpenContext } from '../../dataset.ts';
import type { TargetScale } from '../../preparation.ts';
import type { Format, Location, Source } from '../../source.ts';
import type { Targets } from '../../targets.ts';
import { meanAndDeviation } from '../tables/statistics.ts';
import { evenSeries, type EvenSeries } from './evenSeries.ts';
import { parseTs, parseUcr, type SeriesFile } from './parseSeries.ts';

const TS_NAME = /\.ts$/i;
/** What the archives call their training files. */
const TRAINING_NAME = /^(.*)_TRAIN\.(ts|tsv|txt)$/;
/** Cells of a row, at least, for a table of numbers to be one of series: the class, and the shortest of the UCR archive. */
const FEWEST_CELLS = 16;

/** Whether a file of a folder, no deeper, is called as the UEA archive calls those of series to train with. */
export function isSeriesToTrainWith(name: string): boolean {
  return TS_NAME.test(name) && TRAINING_NAME.test(name) && !name.includes('/');
}

/** Time series with classes or numbers to predict, in the files of the UEA and UCR archives. */
export const seriesFiles = {
  description:
    'time series: NAME_TRAIN.ts and NAME_TEST.ts as in the UEA archive, or .tsv with the class first as in the UCR archive',
  recognises: async ({ folder, file, files }) => {
    for (const name of file === undefined ? files.filter((each) => TRAINING_NAME.test(each)) : [file]) {
      if ((TS_NAME.test(name) || TRAINING_NAME.test(name)) && holdsSeries(name, await textOf(folder, name)))
        return true;
    }
    return false;
  },
  open: openSeries,
} satisfies Format;

/** Programs in TypeScript have the ending .ts, too, and tables of any kind the other one. */
function holdsSeries(name: string, text: string): boolean {
  if (TS_NAME.test(name)) return /^@(?:problemname|timestamps|classlabel|targetlabel|data)\b/im.test(text);
  const [first = ''] = text.trimStart().split('\n');
  const cells = first.trim().split(/[\t, ]+/);
  return cells.length >= FEWEST_CELLS && cells.every((cell) => Number.isFinite(Number(cell)));
}

async function openSeries(
  location: Location,
  _context: OpenContext,
  { scaling }: Pick<DatasetOptions, 'scaling'>,
): Promise<Source> {
  const { folder, files } = location;
  const trainingFile = chooseFile(location);
  const testFile = trainingFile.replace(/_TRAIN(?=\.[^.]+$)/, '_TEST');
  const problems: Problem[] = [];
  const read = async (name: string): Promise<SeriesFile> =>
    (TS_NAME.test(name) ? parseTs : parseUcr)(await textOf(folder, name), name, problems);
  const training = await read(trainingFile);
  const test = testFile !== trainingFile && files.includes(testFile) ? await read(testFile) : undefined;
  const classes = [...new Set(training.labels)].sort(byNumberOrName);
  const channels = training.samples[0]?.length ?? 0;
  if (problems.length === 0) problems.push(...contentProblems(training, test, { classes, trainingFile, testFile }));
  refuseIfAny(shortList(problems, 'lines'));
  const length = training.samples.reduce((most, own) => Math.max(most, ...own.map((channel) => channel.length)), 0);
  const { hasNumbers } = training;
  const scale = hasNumbers && scaleOf(training.labels, scaling === 'standard');
  const targetsOf = (labels: readonly string[]): Targets =>
    scale
      ? {
          kind: 'values',
          values: Float32Array.from(labels, (label) => (Number(label) - scale.mean) / scale.std),
          width: 1,
        }
      : { kind: 'classes', labels: Int32Array.from(labels, (label) => classes.indexOf(label)) };
  const splitOf = ({ labels }: SeriesFile, { values }: EvenSeries): Split =>
    new FloatSamples(values, targetsOf(labels), labels.length);
  const evenTraining = evenSeries(training.samples, channels, length);
  const evenTest = test && evenSeries(test.samples, channels, length);
  return {
    format: 'time series',
    task: scale ? { kind: 'regression', targets: [scale.name] } : { kind: 'classification', classes },
    samples: { kind: 'values' },
    sampleShape: [channels, length],
    training: splitOf(training, evenTraining),
    ...(test && evenTest && { test: splitOf(test, evenTest) }),
    ownUnits: { scaled: 'always', statistics: () => statisticsOfChannels(evenTraining.values, channels, length) },
    preparation: { kind: 'arrays', normalization: null, ...(scale && { targets: [scale] }) },
    findings: [
      information(
        'dataset.path',
        `${trainingFile} has series of ${channels === 1 ? 'one channel' : `${channels} channels`} and ${length} values. ${hasNumbers ? 'The number to predict is the last entry of a series.' : `The class of a series is its ${TS_NAME.test(trainingFile) ? 'last' : 'first'} entry.`}`,
      ),
      ...evenFindings(trainingFile, evenTraining, length),
      ...(evenTest ? evenFindings(testFile, evenTest, length) : []),
    ],
  };
}

/** What brings the numbers to predict to mean 0 and deviation 1. */
function scaleOf(labels: readonly string[], scaled: boolean): TargetScale {
  const rows = Int32Array.from(labels.keys());
  const { mean, std } = meanAndDeviation(Float64Array.from(labels, Number), { offset: 0, width: 1 }, rows);
  return { name: 'target', ...(scaled ? { mean, std: std > 0 ? std : 1 } : { mean: 0, std: 1 }) };
}

/** @throws BadInputError when a folder has series of several names */
function chooseFile({ file, files, folder, archive }: Location): string {
  if (file !== undefined) return file;
  const found = files.filter((name) => TRAINING_NAME.test(name));
  // The same series may lie there in several forms.
  const names = new Set(found.map((name) => name.replace(TRAINING_NAME, '$1')));
  const [first] = [...found.filter((name) => TS_NAME.test(name)), ...found];
  if (first !== undefined && names.size === 1) return first;
  throw new BadInputError([
    pathProblem(
      `${folder} has series of ${names.size} names: ${[...names].join(', ')}.`,
      archive === undefined
        ? `Name one of the files, such as ${join(folder, first ?? '')}.`
        : `Say in dataset.table which one is meant, such as ${first}.`,
    ),
  ]);
}

function contentProblems(
  training: SeriesFile,
  test: SeriesFile | undefined,
  {
    classes,
    trainingFile,
    testFile,
  }: { readonly classes: readonly string[]; readonly trainingFile: string; readonly testFile: string },
): readonly Problem[] {
  if (test && test.hasNumbers !== training.hasNumbers) {
    return [
      pathProblem(
        `One of ${trainingFile} and ${testFile} has classes, the other one numbers to predict.`,
        'Both must say the same: @classLabel, or @targetLabel true.',
      ),
    ];
  }
  if (classes.length < 2 && !training.hasNumbers) {
    return [
      pathProblem(
        `${trainingFile} has ${training.samples.length} series and ${classes.length} classes.`,
        'At least two classes are needed.',
      ),
    ];
  }
  const channels = training.samples[0]?.length;
  const other = [...training.samples, ...(test?.samples ?? [])].find((own) => own.length !== channels);
  const unknown = new Set(training.hasNumbers ? [] : test?.labels.filter((label) => !classes.includes(label)));
  return [
    ...(other
      ? [pathProblem(`Some series have ${channels ?? 0} channels, others ${other.length}.`, 'All must have the same.')]
      : []),
    ...(unknown.size > 0
      ? [pathProblem(`${testFile} has classes that ${trainingFile} lacks: ${[...unknown].slice(0, 10).join(', ')}.`)]
      : []),
  ];
}

function evenFindings(file: string, { filled, lengthened, cut }: EvenSeries, length: number): readonly Finding[] {
  const told = [
    ...(filled > 0
      ? [`${filled} values are missing or no numbers; they are interpolated between their neighbours`]
      : []),
    ...(lengthened > 0 ? [`${lengthened} series are shorter than ${length} values; their last value goes on`] : []),
    ...(cut > 0 ? [`${cut} series are longer than ${length} values; their ends are cut off`] : []),
  ];
  return told.map((sentence) => information('dataset.path', `In ${file}, ${sentence}.`));
}

function byNumberOrName(one: string, other: string): number {
  const difference = Number(one) - Number(other);
  return Number.isNaN(difference) ? one.localeCompare(other, 'en') : difference;
}

async function textOf(folder: string, file: string): Promise<string> {
  try {
    return await readFile(join(folder, file), 'utf8');
  } catch (error) {
    throw new BadInputError([
      pathProblem(`${file} cannot be read: ${messageOf(error)}.`, 'Check the file and its permissions.'),
    ]);
  }
}
