import type { Dataset } from '../../data/dataset.ts';
import { inOwnUnits } from '../../data/targetScales.ts';
import type { TargetScale } from '../../data/preparation.ts';
import { classesOf } from '../../data/task.ts';
import type { Targets } from '../../data/targets.ts';
import { showSample } from '../../evaluation/comparison/showSample.ts';
import type { ColumnFacts, DataExample, DataFacts, SampleKind } from '../../protocol/experimentFacts.ts';

/** Examples that fit beside each other: pictures are small, rows and texts are not. */
const MOST_EXAMPLES = { picture: 10, series: 4, features: 3, text: 3 };

/** Columns that are told; a table may have thousands. */
const MOST_COLUMNS = 200;

/** What data are, as they are understood, with a few training samples to look at. */
export async function describeData(dataset: Dataset): Promise<DataFacts> {
  const { format, task, training, validation, test, findings } = dataset;
  const classes = classesOf(task);
  const counts = classes.map(() => 0);
  if (training.targets.kind === 'classes') {
    for (const label of training.targets.labels) counts[label] = (counts[label] ?? 0) + 1;
  }
  return {
    format,
    task: task.kind,
    samples: sampleKindOf(dataset),
    training: training.count,
    validation: validation.count,
    test: test.count,
    classes,
    counts: training.targets.kind === 'classes' ? counts : [],
    // How many samples there are of what is in the figures.
    findings: findings
      .filter(({ severity, where }) => severity === 'warning' || where !== 'dataset')
      .map(({ severity, where, message, hint }) => ({
        severity,
        where,
        sentence: hint === undefined ? message : `${message} ${hint}`,
      })),
    columns: await columnsOf(dataset),
    examples: await examplesOf(dataset),
  };
}

async function columnsOf({ survey }: Dataset): Promise<readonly ColumnFacts[]> {
  const { table } = (await survey?.()) ?? {};
  if (!table) return [];
  return table.columns.slice(0, MOST_COLUMNS).map(({ name, use, missing, range, frequent }) => ({
    name,
    use,
    missing: missing / Math.max(1, table.rows),
    // JSON, in which this is told, has no infinity.
    range: range && Number.isFinite(range.mean) ? { least: range.least, most: range.most } : null,
    frequent: frequent.map(({ value }) => value),
  }));
}

function sampleKindOf({ samples, sampleShape }: Dataset): SampleKind {
  if (samples.kind === 'tokens') return 'texts';
  return sampleShape.length >= 3 ? 'images' : sampleShape.length === 2 ? 'series' : 'tables';
}

/** The first training samples, of as many classes as there are. */
async function examplesOf(dataset: Dataset): Promise<readonly DataExample[]> {
  const { training, sampleShape, preparation } = dataset;
  const size = sampleShape.reduce((product, length) => product * length, 1);
  const examples: DataExample[] = [];
  for (const index of variedIndices(training.targets, training.count, MOST_EXAMPLES.picture)) {
    const values = new Float32Array(size);
    await training.read([index], values);
    const shown = await showSample(values, sampleShape, preparation);
    if (!shown) return [];
    examples.push({ shown, label: labelOf(dataset, index) });
    if (examples.length === MOST_EXAMPLES[shown.kind]) break;
  }
  return examples;
}

/** The first sample of each class and then others, in their order. */
function variedIndices(targets: Targets, count: number, most: number): readonly number[] {
  const first = new Map<number, number>();
  if (targets.kind === 'classes') {
    targets.labels.forEach((label, index) => {
      if (label >= 0 && !first.has(label)) first.set(label, index);
    });
  }
  const chosen = [...first].toSorted(([one], [other]) => one - other).map(([, index]) => index);
  const others = Array.from({ length: Math.min(count, most) }, (_, index) => index);
  return [...new Set([...chosen, ...others])].slice(0, most);
}

/** What a training sample is labelled with, numbers in their own units; null where it has no label of its own. */
function labelOf({ task, training: { targets }, preparation }: Dataset, index: number): string | null {
  const classes = classesOf(task);
  switch (targets.kind) {
    case 'classes':
      return classes[targets.labels[index] ?? -1] ?? null;
    case 'values': {
      const row = targets.values.subarray(index * targets.width, (index + 1) * targets.width);
      if (classes.length === 0) {
        const scales = preparation.targets ?? [];
        return Array.from(row, (value, position) => textInOwnUnits(value, scales[position])).join(', ');
      }
      return classes.filter((_name, position) => (row[position] ?? 0) > 0.5).join(', ');
    }
    case 'tokens':
    case 'samples':
    case 'none':
      return null;
  }
}

function textInOwnUnits(value: number, scale: TargetScale | undefined): string {
  const { name = '', mean = 0, std = 1 } = scale ?? {};
  return `${name} ${Number(inOwnUnits(value, { mean, std }).toPrecision(4))}`.trim();
}
