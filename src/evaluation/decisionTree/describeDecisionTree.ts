import type { Dataset } from '../../data/dataset.ts';
import type { Targets } from '../../data/targets.ts';
import { targetScales } from '../../data/targetScales.ts';
import { classesOf } from '../../data/task.ts';
import type { Rows } from '../../estimators/fitData.ts';
import { depthOf, leafCount, nodeCount, type Tree } from '../../estimators/tree/tree.ts';
import type { DecisionTreeNode, DecisionTreePath, DecisionTreeReport } from '../../report/trees/decisionTreeReport.ts';
import { nameFeatures, shortNumber, type NamedFeature } from './namedFeature.ts';

/** Mistakes whose ways are shown, and samples that are told right, at most. */
const SHOWN = { mistakes: 5, right: 10 };

export interface DescribedTree {
  readonly tree: Tree;
  readonly dataset: Pick<Dataset, 'task' | 'preparation' | 'sampleShape'>;
  /** The samples of the test split, and what is true of them; nothing is where a teacher is matched. */
  readonly rows: Rows;
  readonly truth: Targets;
}

/** What a report says of a student that is a decision tree. Of a leaf its values are as the tree has them. */
export function describeDecisionTree({ tree, dataset, rows, truth }: DescribedTree): DecisionTreeReport {
  const features = nameFeatures(dataset);
  const ways = Array.from({ length: rows.count }, (_, row) => wayOf(tree, rows, row));
  const samples = new Int32Array(nodeCount(tree));
  for (const way of ways) for (const node of way) samples[node] = (samples[node] ?? 0) + 1;
  const values = inUnits(meansBelow(tree, samples), tree.width, dataset);
  const classes = classesOf(dataset.task);
  return {
    version: 1,
    kind: 'decision-tree',
    depth: depthOf(tree),
    leaves: leafCount(tree),
    classes,
    targets: dataset.task.kind === 'regression' ? dataset.task.targets : [],
    samples: rows.count,
    nodes: Array.from(samples, (count, node) =>
      describeNode(tree, node, features, { count, values: values[node] ?? [] }),
    ),
    paths: choosePaths({ tree, ways, rows, values, truth, dataset, features }),
  };
}

function describeNode(
  tree: Tree,
  node: number,
  features: readonly NamedFeature[],
  { count, values }: { readonly count: number; readonly values: readonly number[] },
): DecisionTreeNode {
  const feature = features[tree.feature[node] ?? -1];
  const rounded = values.map((value) => Number(value.toPrecision(6)));
  if (!feature) return { question: null, yes: -1, no: -1, samples: count, values: rounded };
  const [left, right] = [tree.left[node] ?? -1, tree.right[node] ?? -1];
  switch (feature.kind) {
    case 'number': {
      const question = `${feature.name} ≤ ${shortNumber((tree.threshold[node] ?? 0) * feature.std + feature.mean)}`;
      return { question, yes: left, no: right, samples: count, values: rounded };
    }
    case 'fact':
      return { question: feature.fact, yes: right, no: left, samples: count, values: rounded };
  }
}

function wayOf(tree: Tree, rows: Rows, row: number): readonly number[] {
  const way = [0];
  for (let node = 0; (tree.feature[node] ?? -1) >= 0; way.push(node)) {
    const value = rows.values[row * rows.features + (tree.feature[node] ?? 0)] ?? 0;
    node = (value <= (tree.threshold[node] ?? 0) ? tree.left[node] : tree.right[node]) ?? 0;
  }
  return way;
}

/** Of every node the mean of its leaves by what comes to them; where nothing comes, of its two sides. */
function meansBelow(tree: Tree, samples: Int32Array): readonly (readonly number[])[] {
  const means: number[][] = [];
  for (let node = nodeCount(tree) - 1; node >= 0; node--) {
    if ((tree.feature[node] ?? -1) < 0) {
      means[node] = [...tree.values.subarray(node * tree.width, (node + 1) * tree.width)];
      continue;
    }
    const [left, right] = [tree.left[node] ?? 0, tree.right[node] ?? 0];
    const count = samples[node] ?? 0;
    const share = count > 0 ? (samples[left] ?? 0) / count : 0.5;
    means[node] = (means[left] ?? []).map((value, index) => share * value + (1 - share) * (means[right]?.[index] ?? 0));
  }
  return means;
}

function inUnits(
  means: readonly (readonly number[])[],
  width: number,
  { task, preparation }: DescribedTree['dataset'],
): readonly (readonly number[])[] {
  if (task.kind !== 'regression') return means;
  const scales = targetScales(task, preparation);
  if (scales.length !== width) return means;
  return means.map((values) =>
    values.map((value, index) => value * (scales[index]?.std ?? 1) + (scales[index]?.mean ?? 0)),
  );
}

interface Choice extends DescribedTree {
  readonly ways: readonly (readonly number[])[];
  readonly values: readonly (readonly number[])[];
  readonly features: readonly NamedFeature[];
}

/** The first sample of every class that is told right and the surest mistakes; of numbers the first samples and the largest errors. */
function choosePaths(choice: Choice): readonly DecisionTreePath[] {
  const { truth, rows, ways, values, dataset } = choice;
  const classes = classesOf(dataset.task);
  if (truth.kind === 'classes') {
    const judged = Array.from(truth.labels, (label, sample) => {
      const said = valuesAt(values, ways[sample]);
      return { sample, label, predicted: said.indexOf(Math.max(...said)), share: said[label] ?? 0 };
    });
    const name = (index: number): string => classes[index] ?? String(index);
    const right = judged.filter(({ label, predicted }) => label === predicted);
    const firsts = right.filter(({ label, sample }) => right.find((other) => other.label === label)?.sample === sample);
    const wrong = judged.filter(({ label, predicted }) => label !== predicted).sort((a, b) => a.share - b.share);
    return [...firsts.slice(0, SHOWN.right).sort((a, b) => a.label - b.label), ...wrong.slice(0, SHOWN.mistakes)].map(
      ({ sample, label, predicted }) =>
        describePath(choice, sample, { truth: name(label), predicted: name(predicted), isRight: label === predicted }),
    );
  }
  const isKnown = truth.kind === 'values' && dataset.task.kind === 'regression';
  const own = isKnown ? inUnits(rowsOf(truth), truth.width, dataset) : [];
  const judged = Array.from({ length: rows.count }, (_, sample) => {
    const said = valuesAt(values, ways[sample]);
    const error = (own[sample] ?? []).reduce((sum, value, index) => sum + Math.abs(value - (said[index] ?? 0)), 0);
    return { sample, said, error };
  });
  const worst = isKnown ? judged.toSorted((a, b) => b.error - a.error).slice(0, SHOWN.mistakes) : [];
  return [...judged.slice(0, SHOWN.mistakes), ...worst].map(({ sample, said }) =>
    describePath(choice, sample, {
      truth: (own[sample] ?? []).map(shortNumber).join(', '),
      predicted: said.map(shortNumber).join(', '),
      isRight: false,
    }),
  );
}

function rowsOf({ values, width }: { readonly values: Float32Array; readonly width: number }): number[][] {
  return Array.from({ length: values.length / width }, (_, row) => [
    ...values.subarray(row * width, (row + 1) * width),
  ]);
}

function valuesAt(values: readonly (readonly number[])[], way: readonly number[] | undefined): readonly number[] {
  return values[way?.at(-1) ?? 0] ?? [];
}

function describePath(
  { tree, ways, rows, features }: Choice,
  sample: number,
  said: Pick<DecisionTreePath, 'truth' | 'predicted' | 'isRight'>,
): DecisionTreePath {
  const nodes = ways[sample] ?? [0];
  const facts = nodes.slice(0, -1).map((node) => {
    const index = tree.feature[node] ?? 0;
    const value = rows.values[sample * rows.features + index] ?? 0;
    const feature = features[index];
    switch (feature?.kind) {
      case 'number':
        return `${feature.name} = ${shortNumber(value * feature.std + feature.mean)}`;
      case 'fact':
        return value > 0.5 ? feature.fact : feature.otherwise;
      case undefined:
        return '';
    }
  });
  return { sample, ...said, nodes, facts };
}
