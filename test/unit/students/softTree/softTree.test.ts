import assert from 'node:assert/strict';
import { randomStream } from '../../../../src/data/random.ts';
import type { Graph } from '../../../../src/onnx/graph.ts';
import { floatData, floatTensor } from '../../../../src/onnx/tensor.ts';
import { buildBalancePenalty, buildSoftTreeLoss } from '../../../../src/objectives/losses/softTree.ts';
import { formula } from '../../../../src/autodiff/formula.ts';
import { buildStudent } from '../../../../src/students/buildStudent.ts';
import { estimateStudent } from '../../../../src/students/estimate.ts';
import { classifierForm } from '../../../../src/students/networkForm.ts';
import { softTreeValues, softTreeWeights } from '../../../../src/students/softTree/softTree.ts';
import { runGraph } from '../../../support/onnxruntime.ts';
import { arrayOf, type NumberArray } from '../../../support/reference/array.ts';
import {
  checkForward,
  checkGradients,
  crossEntropy,
  largestOfRows,
  learn,
  normalArray,
  type LossBuilder,
} from '../../../support/studentChecks.ts';

const features = 4;
const classes = 3;
const beta = 1.5;

interface TreeOptions {
  readonly depth: number;
  readonly predict?: 'mean' | 'best-leaf';
  readonly size?: number;
}

function build({ depth, predict = 'mean', size = features }: TreeOptions): Graph {
  const architecture = { architecture: 'soft-tree', depth, beta, penalty: 0.1, predict } as const;
  return buildStudent(architecture, classifierForm([size], classes), randomStream(2, 'weights'));
}

/** What the paper defines, by walking down to every leaf. */
function walk(graph: Graph, sample: readonly number[], depth: number) {
  const weight = (name: string): Float32Array => floatData(graph.initializers.get(name)!);
  const inner = 2 ** depth - 1;
  const right = Array.from({ length: inner }, (_, node) => {
    const filter = weight(softTreeWeights.filters).subarray(node * sample.length, (node + 1) * sample.length);
    const sum = sample.reduce(
      (total, value, index) => total + value * filter[index]!,
      weight(softTreeWeights.biases)[node]!,
    );
    return 1 / (1 + Math.exp(-beta * sum));
  });
  /** Probability of reaching each node, leaves behind the inner ones. */
  const reached = [1];
  for (let node = 0; node < inner; node++) {
    reached[2 * node + 1] = reached[node]! * (1 - right[node]!);
    reached[2 * node + 2] = reached[node]! * right[node]!;
  }
  const leaves = Array.from({ length: inner + 1 }, (_, leaf) => {
    const exponentials = [...weight(softTreeWeights.leaves).subarray(leaf * classes, (leaf + 1) * classes)].map(
      Math.exp,
    );
    const total = exponentials.reduce((sum, value) => sum + value);
    return exponentials.map((value) => value / total);
  });
  return { right, reached, paths: reached.slice(inner), leaves };
}

function rowsOf({ shape, data }: NumberArray): number[][] {
  const width = shape.at(-1)!;
  return Array.from({ length: data.length / width }, (_, row) => [...data.slice(row * width, (row + 1) * width)]);
}

function assertNear(actual: readonly number[], expected: readonly number[], tolerance = 1e-5): void {
  assert.equal(actual.length, expected.length);
  actual.forEach((value, index) => {
    assert.ok(
      Math.abs(value - expected[index]!) <= tolerance,
      `entry ${index}: ${value}, should be ${expected[index]}`,
    );
  });
}

/** The loss of the tree against target distributions, and its balance penalty. */
function treeLoss(targets: NumberArray, penalty: number): LossBuilder {
  return (graph, value) => {
    const { add, mul } = formula(graph);
    const tree = {
      leafLogProbabilities: value(softTreeValues.leafLogProbabilities),
      leafLogDistributions: value(softTreeValues.leafLogDistributions),
    };
    const target = graph.constant(floatTensor(Float32Array.from(targets.data), targets.shape));
    const loss = buildSoftTreeLoss(graph, tree, target);
    if (penalty === 0) return loss;
    return add(loss, mul(buildBalancePenalty(graph, tree.leafLogProbabilities), penalty));
  };
}

/** Samples in the four quarters of a plane; neighbouring quarters differ in class, opposite ones do not (exclusive or). */
function quarters(): {
  readonly samples: NumberArray;
  readonly labels: readonly number[];
  readonly targets: NumberArray;
} {
  const points = [...rowsOf(normalArray([64, 2], 'points'))];
  const labels = points.map(([x, y]) => (x! * y! > 0 ? 1 : 0));
  return {
    samples: arrayOf([64, 2], points.flat()),
    labels,
    targets: arrayOf(
      [64, classes],
      labels.flatMap((label) => [0, 1, 2].map((index) => (index === label ? 1 : 0))),
    ),
  };
}

describe('soft-tree', () => {
  it('has the parameters and multiply-accumulates of its formula', () => {
    for (const depth of [1, 8]) {
      const architecture = { architecture: 'soft-tree', depth, beta: 1, penalty: 0.1, predict: 'mean' } as const;
      const { parameters, macs } = estimateStudent(architecture, classifierForm([1, 28, 28], 10));
      const inner = 2 ** depth - 1;
      assert.equal(parameters, inner * 785 + (inner + 1) * 10);
      assert.equal(macs, inner * 784);
    }
  });

  for (const depth of [1, 2, 4]) {
    it(`computes what the paper defines, at depth ${depth}`, async () => {
      const samples = normalArray([3, features], 'samples');
      const feeds = new Map([['input', samples]]);
      const mean = build({ depth });
      const best = build({ depth, predict: 'best-leaf' });
      const logits = rowsOf(await checkForward(mean, feeds));
      const ofBest = rowsOf(await checkForward(best, feeds));
      for (const name of Object.values(softTreeValues)) mean.output(mean.value(name));
      const values = await runGraph(mean, feeds);
      rowsOf(samples).forEach((sample, row) => {
        const { right, paths, leaves } = walk(mean, sample, depth);
        const expected = [0, 1, 2].map((label) =>
          Math.log(paths.reduce((sum, path, leaf) => sum + path * leaves[leaf]![label]!, 0)),
        );
        assertNear(logits[row]!, expected);
        const leaf = paths.indexOf(Math.max(...paths));
        assertNear(ofBest[row]!, leaves[leaf]!.map(Math.log));
        assertNear(rowsOf(values.get(softTreeValues.leafLogProbabilities)!)[row]!, paths.map(Math.log));
        assertNear(
          rowsOf(values.get(softTreeValues.routing)!)[row]!,
          right.map((p) => Math.log(p / (1 - p))),
          1e-4,
        );
      });
      const { leaves } = walk(mean, [0, 0, 0, 0], depth);
      assertNear([...values.get(softTreeValues.leafLogDistributions)!.data], leaves.flat().map(Math.log));
    });
  }

  it('stays finite where decisions and leaves are certain', async () => {
    const graph = build({ depth: 3 });
    const certain = (name: string, factor: number): void => {
      const { shape, data } = graph.initializers.get(name) as ReturnType<typeof floatTensor>;
      graph.initializers.set(
        name,
        floatTensor(
          data.map((value) => value * factor),
          shape,
        ),
      );
    };
    certain(softTreeWeights.filters, 1e4);
    certain(softTreeWeights.leaves, 1e3);
    const feeds = new Map([['input', normalArray([4, features], 'samples')]]);
    const logits = await checkForward(graph, feeds);
    assert.ok(logits.data.every(Number.isFinite) && Math.min(...logits.data) < -200, [...logits.data].join());
    const targets = arrayOf([4, classes], [1, 0, 0, 0, 1, 0, 0, 0, 1, 0.5, 0.5, 0]);
    const { losses } = await learn(graph, feeds, treeLoss(targets, 0.1), { steps: 3, learningRate: 0.1 });
    assert.ok(losses.every(Number.isFinite), losses.join());
  });

  it('has the loss of the paper: leaves by their probability, and the penalty by depth', async () => {
    const depth = 3;
    const penalty = 0.3;
    const graph = build({ depth });
    const samples = normalArray([5, features], 'samples');
    const targets = arrayOf([5, classes], [1, 0, 0, 0, 1, 0, 0, 0, 1, 0.5, 0.5, 0, 0.2, 0.3, 0.5]);
    const walks = rowsOf(samples).map((sample) => walk(graph, sample, depth));
    let expected = 0;
    walks.forEach(({ paths, leaves }, row) => {
      paths.forEach((path, leaf) => {
        const target = rowsOf(targets)[row]!;
        const entropy = -target.reduce((sum, share, label) => sum + share * Math.log(leaves[leaf]![label]!), 0);
        expected += (path * entropy) / 5;
      });
    });
    const lossOf = async (weight: number): Promise<number> =>
      (await learn(graph, new Map([['input', samples]]), treeLoss(targets, weight), { steps: 1, learningRate: 0 }))
        .losses[0]!;
    assertNear([await lossOf(0)], [expected]);
    for (let node = 0; node < 2 ** depth - 1; node++) {
      const through = walks.reduce((sum, { reached }) => sum + reached[node]!, 0);
      const share = walks.reduce((sum, { reached, right }) => sum + reached[node]! * right[node]!, 0) / through;
      const nodeDepth = Math.floor(Math.log2(node + 1));
      expected -= penalty * 2 ** -nodeDepth * 0.5 * (Math.log(share) + Math.log(1 - share));
    }
    assertNear([await lossOf(penalty)], [expected], 2e-5);
  });

  it('has right gradients of its loss and of its logits', async () => {
    const feeds = new Map([['input', normalArray([3, features], 'samples')]]);
    const targets = arrayOf([3, classes], [1, 0, 0, 0.1, 0.2, 0.7, 0, 1, 0]);
    for (const depth of [1, 3]) {
      await checkGradients(build({ depth }), feeds, treeLoss(targets, 0.2));
      await checkGradients(build({ depth }), feeds, crossEntropy([0, 2, 1], classes));
    }
    await checkGradients(build({ depth: 2, predict: 'best-leaf' }), feeds, treeLoss(targets, 0));
  });

  it('learns the exclusive or of two signs, which its likeliest leaves know as well', async () => {
    const { samples, labels, targets } = quarters();
    const graph = build({ depth: 3, size: 2 });
    const feeds = new Map([['input', samples]]);
    const { losses, trained } = await learn(graph, feeds, treeLoss(targets, 0.1), { steps: 300, learningRate: 0.05 });
    assert.ok(losses.at(-1)! < losses[0]!);
    const predicted = largestOfRows(await checkForward(trained, feeds));
    const right = predicted.filter((label, row) => label === labels[row]).length;
    assert.ok(right >= 60, `${right} of 64`);
    const best = build({ depth: 3, size: 2, predict: 'best-leaf' });
    for (const name of Object.values(softTreeWeights)) best.initializers.set(name, trained.initializers.get(name)!);
    const byLeaf = largestOfRows(await checkForward(best, feeds)).filter((label, row) => label === labels[row]).length;
    assert.ok(byLeaf >= 58, `${byLeaf} of 64 by the likeliest leaf`);
  });
});
