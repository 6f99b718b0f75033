// Trees, forests, boosting, linear models and SVMs on tables: a tree distilled from a better teacher against the tree grown on labels, and ours
// against scikit-learn's with equal settings, over several seeds.
// Usage: DISTILLERY_BENCH_PYTHON=PYTHON node --import tsx bench/estimators.ts FOLDER [SEEDS], where FOLDER holds tables as CSV files, whose last
// columns are classes, and that Python has scikit-learn (`pip install scikit-learn`); without it only the trees are compared.
// `node --import tsx bench/estimators.ts million` times gradient boosting on a million rows of 30 features.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Split } from '../src/data/samples/split.ts';
import { openDataset } from '../src/data/openDataset.ts';
import { Random } from '../src/data/random.ts';
import { readSamples } from '../src/data/samples/readSamples.ts';
import { writeTargets } from '../src/data/targets.ts';
import { classesOf } from '../src/data/task.ts';
import type { DecisionTreeOptions, EstimatorOptions, FittedEstimator } from '../src/estimators/estimator.ts';
import type { FitData, FitWatch } from '../src/estimators/fitData.ts';
import { fitEstimator } from '../src/estimators/fitEstimator.ts';
import { leafCount } from '../src/estimators/tree/tree.ts';
import { datasetSchema } from '../src/experiment/schema/dataset.ts';

const watch: FitWatch = { pause: () => Promise.resolve(), onProgress: () => undefined };

const tree: DecisionTreeOptions = {
  architecture: 'decision-tree',
  criterion: 'gini',
  minLeaf: 1,
  pruning: 'validation',
};
const forest: EstimatorOptions = {
  architecture: 'random-forest',
  trees: 100,
  criterion: 'gini',
  minLeaf: 1,
  bootstrap: true,
};
const boosting: EstimatorOptions = {
  architecture: 'gradient-boosting',
  rounds: 100,
  learningRate: 0.1,
  leaves: 31,
  minLeaf: 20,
  l2: 0,
};
/** By the names that `estimators.py` gives scikit-learn's. */
const compared: Readonly<Record<string, EstimatorOptions>> = {
  tree: { ...tree, pruning: 'none' },
  forest,
  boosting,
  linear: { architecture: 'linear', strength: 1 },
  'svm linear': { architecture: 'svm', kernel: 'linear', strength: 1, components: 1 },
  'svm rbf': { architecture: 'svm', kernel: 'rbf', strength: 1, components: 1000 },
};

interface OpenTable {
  readonly training: FitData;
  readonly validation: FitData;
  readonly test: FitData;
}

async function openTable(path: string, seed: number): Promise<OpenTable> {
  const options = datasetSchema.parse({ path, task: 'classification' });
  const dataset = await openDataset(options, { baseDirectory: '.', seed });
  const width = classesOf(dataset.task).length;
  const read = async (split: Split): Promise<FitData> => {
    const values = new Float32Array(split.count * width);
    writeTargets(
      split.targets,
      width,
      Int32Array.from({ length: split.count }, (_, index) => index),
      values,
    );
    const features = dataset.sampleShape[0] ?? 0;
    return {
      rows: { count: split.count, features, values: await readSamples(split, dataset.sampleShape) },
      targets: { kind: 'classes', width, values },
    };
  };
  return {
    training: await read(dataset.training),
    validation: await read(dataset.validation),
    test: await read(dataset.test),
  };
}

function largestOf(values: Float32Array, row: number, width: number): number {
  let best = 0;
  for (let index = 0; index < width; index++) {
    if ((values[row * width + index] ?? 0) > (values[row * width + best] ?? 0)) best = index;
  }
  return best;
}

/** In per cent. */
function accuracyOf(model: FittedEstimator, { rows, targets: { values, width } }: FitData): number {
  const said = model.predict(rows);
  let right = 0;
  for (let row = 0; row < rows.count; row++) if (largestOf(said, row, width) === largestOf(values, row, width)) right++;
  return (100 * right) / rows.count;
}

/** The same rows with what a teacher says of them, mixed with their labels. */
function taughtBy(teacher: FittedEstimator, { rows, targets }: FitData, share: number): FitData {
  const logits = teacher.predict(rows);
  const { width } = targets;
  const values = targets.values.slice();
  for (let start = 0; start < values.length; start += width) {
    const row = logits.subarray(start, start + width);
    const most = Math.max(...row);
    const sum = row.reduce((total, logit) => total + Math.exp(logit - most), 0);
    row.forEach((logit, index) => {
      values[start + index] = share * (Math.exp(logit - most) / sum) + (1 - share) * (values[start + index] ?? 0);
    });
  }
  return { rows, targets: { ...targets, values } };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

async function compareTrees(name: string, tables: readonly OpenTable[]): Promise<readonly number[]> {
  const rows: {
    teacher: number;
    taught: number;
    alone: number;
    fidelity: number;
    leaves: number;
    leavesAlone: number;
  }[] = [];
  for (const [seed, { training, validation, test }] of tables.entries()) {
    const fit = (options: EstimatorOptions, on: FitData, judged: FitData): Promise<FittedEstimator> =>
      fitEstimator(options, { training: on, validation: judged, seed, watch });
    const teacher = await fit(forest, training, validation);
    const alone = await fit(tree, training, validation);
    const taught = await fit(tree, taughtBy(teacher, training, SHARE), taughtBy(teacher, validation, SHARE));
    const agreed = taughtBy(teacher, test, 1);
    rows.push({
      teacher: accuracyOf(teacher, test),
      taught: accuracyOf(taught, test),
      alone: accuracyOf(alone, test),
      fidelity: accuracyOf(taught, agreed),
      leaves: taught.tree ? leafCount(taught.tree) : 0,
      leavesAlone: alone.tree ? leafCount(alone.tree) : 0,
    });
  }
  const of = (field: keyof (typeof rows)[number]): string => mean(rows.map((row) => row[field])).toFixed(1);
  console.log(
    `${name.padEnd(24)} teacher ${of('teacher')}  tree from it ${of('taught')} (${of('leaves')} leaves, agrees ${of('fidelity')})  tree on labels ${of('alone')} (${of('leavesAlone')} leaves)`,
  );
  return rows.map(({ taught, alone }) => taught - alone);
}

/** Share of the teacher in what a tree is taught: that of the usual objective. */
const SHARE = 0.9;

async function compareWithScikitLearn(name: string, tables: readonly OpenTable[], python: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'distillery-estimators-'));
  try {
    const listed = ({ rows, targets }: FitData) => ({
      x: Array.from({ length: rows.count }, (_, row) => [
        ...rows.values.subarray(row * rows.features, (row + 1) * rows.features),
      ]),
      y: Array.from({ length: rows.count }, (_, row) => largestOf(targets.values, row, targets.width)),
    });
    const file = join(folder, 'tables.json');
    writeFileSync(
      file,
      JSON.stringify(tables.map(({ training, test }) => ({ training: listed(training), test: listed(test) }))),
    );
    const script = fileURLToPath(new URL('estimators.py', import.meta.url));
    const output = execFileSync(python, [script, file], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    const theirs = JSON.parse(output) as Readonly<Record<string, readonly number[]>>;
    for (const [model, options] of Object.entries(compared)) {
      const ours: number[] = [];
      for (const [seed, { training, validation, test }] of tables.entries()) {
        ours.push(accuracyOf(await fitEstimator(options, { training, validation, seed, watch }), test));
      }
      const others = theirs[model] ?? [];
      const difference = mean(ours) - mean(others);
      const sign = difference >= 0 ? '+' : '';
      console.log(
        `${name.padEnd(24)} ${model.padEnd(12)} ours ${mean(ours).toFixed(2)}  scikit-learn ${mean(others).toFixed(2)}  (${sign}${difference.toFixed(2)})`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function timeMillion(): Promise<void> {
  const [rows, features, judged] = [1_000_000, 30, 20_000];
  const random = new Random(1);
  const make = (count: number): FitData => {
    const values = new Float32Array(count * features).map(() => random.normal());
    const targets = new Float32Array(count * 2);
    for (let row = 0; row < count; row++) {
      const [a = 0, b = 0, c = 0, d = 0] = values.subarray(row * features, row * features + 4);
      const score = a + b * c + Math.sin(3 * d) + random.normal(0, 0.5);
      targets[row * 2 + (score > 0 ? 1 : 0)] = 1;
    }
    return { rows: { count, features, values }, targets: { kind: 'classes', width: 2, values: targets } };
  };
  const [training, validation] = [make(rows), make(judged)];
  const [startedAt, before] = [performance.now(), process.cpuUsage()];
  const model = await fitEstimator(boosting, { training, validation, seed: 0, watch });
  const seconds = (performance.now() - startedAt) / 1000;
  const processor = process.cpuUsage(before).user / 1e6;
  console.log(
    `${model.summary}: ${seconds.toFixed(1)} s, ${processor.toFixed(1)} s of a processor; accuracy ${accuracyOf(model, validation).toFixed(2)} %`,
  );
}

const [folder, given = '5'] = process.argv.slice(2);
if (folder === undefined) {
  console.log('Name a folder of tables, or `million`.');
} else if (folder === 'million') {
  await timeMillion();
} else {
  const python = process.env['DISTILLERY_BENCH_PYTHON'];
  const differences: number[] = [];
  for (const file of readdirSync(folder).filter((each) => each.endsWith('.csv'))) {
    const tables: OpenTable[] = [];
    for (let seed = 0; seed < Number(given); seed++) tables.push(await openTable(join(folder, file), seed));
    differences.push(...(await compareTrees(basename(file, '.csv'), tables)));
    if (python !== undefined) await compareWithScikitLearn(basename(file, '.csv'), tables, python);
  }
  const deviation = Math.sqrt(
    mean(differences.map((each) => (each - mean(differences)) ** 2)) / (differences.length - 1),
  );
  console.log(
    `From a teacher less on labels, all together: ${mean(differences).toFixed(2)} ± ${deviation.toFixed(2)} points`,
  );
}
