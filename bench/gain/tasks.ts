import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { randomStream } from '../../src/data/random.ts';
import type { ExperimentInput } from '../../src/experiment/schema.ts';

/** `training` only shortens what is to be tried in seconds. */
type GainExperiment = Pick<ExperimentInput, 'teacher' | 'dataset' | 'student' | 'training'>;

/** A real task with nothing filled in but teacher, data and student. */
export interface GainTask {
  readonly name: string;
  /** Whether there are samples without labels to learn from; more of the gap is to be closed then. */
  readonly hasUnlabelled: boolean;
  /** Undefined where the data are not there. */
  readonly experiment: () => GainExperiment | undefined;
}

const unpacked = new Map<string, string>();

/** Data or a model beside the checkout; undefined where it is absent. */
function shared(relative: string): string | undefined {
  const path = fileURLToPath(new URL(`../../../shared/${relative}`, import.meta.url));
  return existsSync(path) ? path : undefined;
}

/** A folder of an archive, unpacked once into a temporary one. */
function sharedArchive(archive: string, folder: string): string | undefined {
  const path = shared(`data/${archive}`);
  if (path === undefined) return undefined;
  const before = unpacked.get(archive);
  if (before !== undefined) return join(before, folder);
  const target = mkdtempSync(join(tmpdir(), 'distillery-gain-'));
  execFileSync('tar', ['-xf', path, '-C', target]);
  unpacked.set(archive, target);
  return join(target, folder);
}

const largeMlp = (): GainExperiment['teacher'] => ({ architecture: 'mlp', hidden: [256, 256] });

function table(name: string, file: string, hidden: readonly number[], limit?: number): GainTask {
  return {
    name,
    hasUnlabelled: false,
    experiment: () => {
      const path = shared(`data/tables/${file}.csv`);
      return path === undefined
        ? undefined
        : {
            // With a limit the teacher has seen all rows, and the student's transfer set is small.
            teacher: largeMlp(),
            dataset: { path, ...(limit !== undefined && { limit }) },
            student: { architecture: 'mlp', hidden: [...hidden] },
          };
    },
  };
}

/** So many rows to learn from, teacher and student, which leave a handful for validation; the test is large, so that the gain is known well. */
function fewRows(name: string, file: string, rows: number): GainTask {
  return {
    name: `${name}, ${rows} rows in all`,
    hasUnlabelled: false,
    experiment: () => {
      const path = shared(`data/tables/${file}.csv`);
      if (path === undefined) return undefined;
      const folder = unpacked.get(`${path} ${rows}`) ?? mkdtempSync(join(tmpdir(), 'distillery-gain-'));
      unpacked.set(`${path} ${rows}`, folder);
      const inOrder = readFileSync(path, 'utf8').split('\n').filter(Boolean);
      const lines = randomStream(0, 'few rows')
        .shuffle([...inOrder.keys()])
        .map((index) => inOrder[index]);
      writeFileSync(join(folder, 'train.csv'), `${lines.slice(0, rows).join('\n')}\n`);
      writeFileSync(join(folder, 'test.csv'), `${lines.slice(rows, rows + MOST_TESTED).join('\n')}\n`);
      return { teacher: largeMlp(), dataset: { path: folder }, student: { architecture: 'mlp', hidden: [8] } };
    },
  };
}

/** Rows that students of few are judged on. */
const MOST_TESTED = 1500;

function digits(limit: number | undefined, hidden: number): GainTask {
  const size = limit === undefined ? 'all' : limit.toLocaleString('en');
  return {
    name: `MNIST ${size}, MLP ${hidden}`,
    hasUnlabelled: false,
    experiment: () => {
      const [model, path] = [shared('models/mnist-mlp-1200.onnx'), shared('data/mnist')];
      if (model === undefined || path === undefined) return undefined;
      return {
        teacher: { model },
        dataset: { path, ...(limit !== undefined && { limit }) },
        student: { architecture: 'mlp', hidden: [hidden] },
      };
    },
  };
}

const textTeacher: GainExperiment['teacher'] = { architecture: 'textcnn', embedding: 64, filters: 64 };
const textStudent: GainExperiment['student'] = { architecture: 'textcnn', embedding: 8, widths: [3], filters: 8 };
const texts = { length: 32, vocabulary: 3000 };

function messages(limit?: number): GainTask {
  return {
    name: `messages${limit === undefined ? '' : ` ${limit}`}`,
    hasUnlabelled: false,
    experiment: () => {
      const path = shared('data/sms-spam.tsv');
      if (path === undefined) return undefined;
      return {
        teacher: textTeacher,
        dataset: { path, ...texts, ...(limit !== undefined && { limit }) },
        student: textStudent,
      };
    },
  };
}

function photographs(channels: readonly number[]): GainTask {
  return {
    name: `photographs, convnet ${channels.join('-')}`,
    hasUnlabelled: false,
    experiment: () => {
      const [model, path] = [
        shared('models/cifar10-resnet14.onnx'),
        sharedArchive('cifar10-small.tar', 'cifar10-small'),
      ];
      if (model === undefined || path === undefined) return undefined;
      return { teacher: { model }, dataset: { path }, student: { architecture: 'convnet', channels: [...channels] } };
    },
  };
}

function spokenDigits(channels: readonly number[]): GainTask {
  return {
    name: `spoken digits, convnet ${channels.join('-')}`,
    hasUnlabelled: false,
    experiment: () => {
      const path = sharedArchive('spoken-digits.tar', 'spoken-digits');
      if (path === undefined) return undefined;
      return {
        teacher: { architecture: 'convnet', channels: [32, 64, 64] },
        dataset: { path },
        student: { architecture: 'convnet', channels: [...channels] },
      };
    },
  };
}

function series(name: string, hidden: readonly number[]): GainTask {
  return {
    name: `series ${name}, MLP ${hidden.join('-')}`,
    hasUnlabelled: false,
    experiment: () => {
      const path = sharedArchive('series.tar', `series/${name}_TRAIN.ts`);
      if (path === undefined) return undefined;
      return { teacher: largeMlp(), dataset: { path }, student: { architecture: 'mlp', hidden: [...hidden] } };
    },
  };
}

/** A file of lines in two halves, every other line in each: one with labels to learn from, one whose labels nobody looks at. */
function halves(relative: string): { readonly labelled: string; readonly unlabelled: string } | undefined {
  const path = shared(relative);
  if (path === undefined) return undefined;
  const folder = unpacked.get(path) ?? mkdtempSync(join(tmpdir(), 'distillery-gain-'));
  unpacked.set(path, folder);
  const name = relative.slice(relative.lastIndexOf('/') + 1);
  const [labelled = '', unlabelled = ''] = ['labelled', 'unlabelled'].map((half) => join(folder, half, name));
  const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
  for (const [odd, file] of [labelled, unlabelled].entries()) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${lines.filter((_, index) => index % 2 === odd).join('\n')}\n`);
  }
  return { labelled, unlabelled };
}

/** Rows with labels, and half of the table without. The teacher has learned from the half with labels, the student from so many of them. */
function tableAndMore(name: string, file: string, hidden: readonly number[], limit: number): GainTask {
  return {
    name: `${name} ${limit} and the rest`,
    hasUnlabelled: true,
    experiment: () => {
      const parts = halves(`data/tables/${file}.csv`);
      return (
        parts && {
          teacher: largeMlp(),
          dataset: { path: parts.labelled, unlabelled: parts.unlabelled, limit },
          student: { architecture: 'mlp', hidden: [...hidden] },
        }
      );
    },
  };
}

function messagesAndMore(limit: number): GainTask {
  return {
    name: `messages ${limit} and the rest`,
    hasUnlabelled: true,
    experiment: () => {
      const parts = halves('data/sms-spam.tsv');
      return (
        parts && {
          teacher: textTeacher,
          dataset: { path: parts.labelled, unlabelled: parts.unlabelled, limit, ...texts },
          student: textStudent,
        }
      );
    },
  };
}

const IDX_HEADER = 16;

function digitsAndMore(limit: number, more: number, hidden: number): GainTask {
  return {
    name: `MNIST ${limit.toLocaleString('en')} and ${more.toLocaleString('en')} more, MLP ${hidden}`,
    hasUnlabelled: true,
    experiment: () => {
      const named = digits(limit, hidden).experiment();
      const packed = shared('data/mnist/train-images-idx3-ubyte.gz');
      if (named === undefined || packed === undefined) return undefined;
      const images = gunzipSync(readFileSync(packed));
      const unlabelled = join(mkdtempSync(join(tmpdir(), 'distillery-gain-')), 'train-images-idx3-ubyte');
      const few = images.subarray(0, IDX_HEADER + more * 28 * 28);
      few.writeUInt32BE(more, 4);
      writeFileSync(unlabelled, few);
      return { ...named, dataset: { ...named.dataset, unlabelled } };
    },
  };
}

/** The tasks, the cheap ones first. */
export const gainTasks: readonly GainTask[] = [
  table('phoneme', 'phoneme', [8]),
  table('pima', 'pima-indians-diabetes', [8]),
  table('german credit', 'german', [8]),
  digits(1000, 100),
  table('phoneme 500', 'phoneme', [32], 500),
  table('wine quality', 'winequality-white', [8]),
  table('wine quality 500', 'winequality-white', [32], 500),
  digits(6000, 32),
  digits(300, 100),
  messages(300),
  messages(),
  table('german credit 200', 'german', [16], 200),
  tableAndMore('phoneme', 'phoneme', [32], 300),
  tableAndMore('wine quality', 'winequality-white', [32], 300),
  messagesAndMore(300),
  digitsAndMore(1000, 20_000, 100),
  fewRows('pima', 'pima-indians-diabetes', 60),
  fewRows('german credit', 'german', 60),
  fewRows('phoneme', 'phoneme', 60),
  series('GunPoint', [8]),
  series('BasicMotions', [8]),
  spokenDigits([4, 8]),
  photographs([8, 16]),
  digits(undefined, 16),
];
