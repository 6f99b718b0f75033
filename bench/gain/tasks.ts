import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExperimentInput } from '../../src/experiment/schema.ts';

type GainExperiment = Pick<ExperimentInput, 'teacher' | 'dataset' | 'student'>;

/** A real task with nothing filled in but teacher, data and student. */
export interface GainTask {
  readonly name: string;
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

function digits(limit: number | undefined, hidden: number): GainTask {
  const size = limit === undefined ? 'all' : limit.toLocaleString('en');
  return {
    name: `MNIST ${size}, MLP ${hidden}`,
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

function messages(limit?: number): GainTask {
  return {
    name: `messages${limit === undefined ? '' : ` ${limit}`}`,
    experiment: () => {
      const path = shared('data/sms-spam.tsv');
      if (path === undefined) return undefined;
      return {
        teacher: { architecture: 'textcnn', embedding: 64, filters: 64 },
        dataset: { path, length: 32, vocabulary: 3000, ...(limit !== undefined && { limit }) },
        student: { architecture: 'textcnn', embedding: 8, widths: [3], filters: 8 },
      };
    },
  };
}

function photographs(channels: readonly number[]): GainTask {
  return {
    name: `photographs, convnet ${channels.join('-')}`,
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
  photographs([8, 16]),
  digits(undefined, 16),
];
