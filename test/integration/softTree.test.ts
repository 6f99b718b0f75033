import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InferenceSession, Tensor } from '../../src/platform/onnxRuntime.ts';
import { main } from '../../src/cli/main.ts';
import { openDataset } from '../../src/data/openDataset.ts';
import { BadInputError } from '../../src/errors.ts';
import type { SoftTreeReport } from '../../src/report/trees/softTreeReport.ts';
import { readTree } from '../../src/runFolder/readRun.ts';
import type { ExperimentInput } from '../../src/experiment/schema.ts';
import { exposeValues } from '../../src/onnx/exposeValues.ts';
import { encodeModel } from '../../src/onnx/file.ts';
import { floatData } from '../../src/onnx/tensor.ts';
import { loadNetwork } from '../../src/training/engines/networkFile.ts';
import { openSessions } from '../../src/training/engines/session.ts';
import { datasetOptions, labelsOf } from '../support/datasets.ts';
import { fakeTerminal } from '../support/fakeTerminal.ts';
import { requireShared } from '../support/shared.ts';
import { removeRuns, run, type FinishedRun } from '../support/runs.ts';
import { smallDigits } from '../support/smallDigits.ts';
import { fullOr, tellShortened } from '../support/full.ts';

const depth = 4;
const treeExperiment = {
  teacher: { architecture: 'mlp', hidden: [64], training: { epochs: 2, batchSize: 10, learningRate: 0.002 } },
  dataset: { path: smallDigits(), limit: 1200 },
  student: { architecture: 'soft-tree', depth },
  objective: [
    { loss: 'kd', temperature: 1, weight: 0.5 },
    { loss: 'labels', weight: 0.5 },
  ],
  training: { epochs: 6, batchSize: 50, learningRate: 0.02 },
  device: 'cpu',
} as const satisfies ExperimentInput;

/** Every value that the tree names, for the test split, from a session of its own. */
async function computeTree(folder: string) {
  const dataset = await openDataset(datasetOptions(smallDigits(), { limit: 1200 }), {
    baseDirectory: folder,
    seed: 0,
  });
  const { count } = dataset.test;
  const samples = new Float32Array(count * 784);
  await dataset.test.read(
    Array.from({ length: count }, (_, index) => index),
    samples,
  );
  const network = await loadNetwork(join(folder, 'student.onnx'));
  const names = ['tree.routing', 'tree.leafLogProbabilities', 'tree.leafLogDistributions'];
  const session = await InferenceSession.create(encodeModel(exposeValues(network.file.proto, names, network.graph)));
  const results = await session.run({ input: new Tensor('float32', samples, [count, 1, 28, 28]) });
  await session.release();
  const rows = (name: string): number[][] => {
    const { dims, data } = results[name]!;
    return Array.from({ length: dims[0]! }, (_, row) => [
      ...(data.slice(row * dims[1]!, (row + 1) * dims[1]!) as Float32Array),
    ]);
  };
  return {
    count,
    samples,
    labels: labelsOf(dataset.test),
    logits: rows('logits'),
    routing: rows('tree.routing'),
    paths: rows('tree.leafLogProbabilities').map((row) => row.map(Math.exp)),
    leaves: rows('tree.leafLogDistributions').map((row) => row.map(Math.exp)),
    filters: floatData(network.graph.initializers.get('tree.filters.weight')!),
    biases: floatData(network.graph.initializers.get('tree.filters.bias')!),
  };
}

const largest = (row: readonly number[]): number => row.indexOf(Math.max(...row));
const close = (actual: number, expected: number, what: string): void => {
  assert.ok(
    Math.abs(actual - expected) < 2e-5 * Math.max(1, Math.abs(expected)),
    `${what}: ${actual}, not ${expected}`,
  );
};

describe('a soft decision tree', function () {
  let finished: FinishedRun;
  before(async () => {
    finished = await run(treeExperiment);
  });
  after(removeRuns);
  afterEach(() => {
    assert.equal(openSessions(), 0, 'a session was not released');
  });

  it('learns from the terms and the balance penalty, with a teacher and without', () => {
    const { result, events } = finished;
    assert.equal(result.state, 'finished');
    for (const [network, names] of [
      ['student', ['total', 'kd', 'labels', 'balance']],
      ['baseline', ['total', 'labels', 'balance']],
    ] as const) {
      const epochs = events.flatMap((event) => (event.kind === 'epoch' && event.network === network ? [event] : []));
      assert.equal(epochs.length, 6);
      for (const { losses } of epochs) assert.deepEqual(Object.keys(losses), names);
      const { total, balance, labels = NaN, kd = 0 } = epochs[0]!.losses;
      const terms = network === 'student' ? 0.5 * kd + 0.5 * labels : labels;
      close(total!, terms + 0.1 * balance!, `total of the ${network}`);
    }
    const { student, baseline } = result.report;
    for (const network of [student, baseline!]) {
      assert.ok(network.test.accuracy! > 0.7, `accuracy ${network.test.accuracy!}`);
    }
  });

  it('is described in tree.json as ONNX Runtime computes it from student.onnx', async () => {
    const { folder, result } = finished;
    const tree = (await readTree(folder)) as SoftTreeReport;
    const { count, samples, labels, logits, routing, paths, leaves, filters, biases } = await computeTree(folder);
    assert.deepEqual([tree.depth, tree.samples, tree.sampleShape], [depth, count, [1, 28, 28]]);
    assert.deepEqual(tree.classes, result.report!.dataset.classes);
    tree.leaves.forEach((leaf, index) => {
      assert.equal(leaf.samples, paths.filter((row) => largest(row) === index).length);
      close(leaf.probability, paths.reduce((sum, row) => sum + row[index]!, 0) / count, `leaf ${index}`);
      leaf.distribution.forEach((share, label) => {
        close(share, leaves[index]![label]!, `class ${label} of leaf ${index}`);
      });
    });
    tree.nodes.forEach((node, index) => {
      close(node.bias, biases[index]!, `bias of node ${index}`);
      node.weights!.forEach((weight, feature) => {
        close(weight, filters[index * 784 + feature]!, `weight ${feature} of node ${index}`);
      });
    });
    const sigmoid = (odds: number): number => 1 / (1 + Math.exp(-odds));
    close(tree.nodes[0]!.right, routing.reduce((sum, row) => sum + sigmoid(row[0]!), 0) / count, 'right at the root');
    assert.equal(tree.nodes[0]!.samples, count);
    assert.ok(tree.paths.length >= 6);
    for (const path of tree.paths) {
      assert.equal(path.label, labels[path.sample]);
      assert.equal(path.predicted, largest(logits[path.sample]!));
      assert.equal(path.leaf, largest(paths[path.sample]!));
      close(path.probability, paths[path.sample]![path.leaf]!, `sample ${path.sample}`);
      close(path.values[400]!, samples[path.sample * 784 + 400]!, `pixel of sample ${path.sample}`);
      const product = path.right.reduce(
        (sum, right, level) => sum * (path.leaf & (1 << (depth - 1 - level)) ? right : 1 - right),
        1,
      );
      close(product, path.probability, `way of sample ${path.sample}`);
      let node = 0;
      path.right.forEach((right, level) => {
        close(right, sigmoid(routing[path.sample]![node]!), `turn at node ${node}`);
        node = 2 * node + (path.leaf & (1 << (depth - 1 - level)) ? 2 : 1);
      });
    }
  });

  it('is drawn in report.html and outlined by `distillery report`', async () => {
    const { folder } = finished;
    const page = await readFile(join(folder, 'report.html'), 'utf8');
    assert.equal([...page.matchAll(/<image /g)].length, 2 ** depth - 1);
    assert.match(page, /<h2>Ways through the tree<\/h2>/);
    const terminal = fakeTerminal(folder);
    assert.equal(await main(['report', folder], terminal), 0);
    assert.match(terminal.out.text, /Soft decision tree: 15 decisions, 16 leaves, 500 test samples\n├─ left/);
    const html = fakeTerminal(folder);
    assert.equal(await main(['report', folder, '--format', 'html'], html), 0);
    assert.match(html.out.text, /<h2>The tree<\/h2>/);
  });

  it('learns without any teacher, and says its likeliest leaf when asked to', async () => {
    const { result, folder } = await run({
      ...treeExperiment,
      teacher: null,
      student: { architecture: 'soft-tree', depth, predict: 'best-leaf' },
      objective: [{ loss: 'labels', weight: 1 }],
    });
    assert.equal(result.state, 'finished');
    assert.ok(result.report.student.test.accuracy! > 0.6, `accuracy ${result.report.student.test.accuracy!}`);
    const { logits, paths, leaves } = await computeTree(folder);
    logits.slice(0, 100).forEach((row, sample) => {
      close(Math.exp(row[3]!), leaves[largest(paths[sample]!)]![3]!, `sample ${sample}`);
    });
  });

  it('refuses losses that are not for it before anything is written', async () => {
    const objective = [{ loss: 'dkd' as const }, { loss: 'labels' as const }];
    let hasStarted = false;
    await assert.rejects(
      run({ ...treeExperiment, objective }, (event) => {
        hasStarted ||= event.kind === 'started';
      }),
      (error) => {
        assert.ok(error instanceof BadInputError);
        assert.deepEqual(
          error.problems.map(({ where }) => where),
          ['objective[0].loss'],
        );
        assert.match(error.message, /A soft decision tree learns from distributions over the classes/);
        return true;
      },
    );
    assert.ok(!hasStarted, 'a run folder was made');
  });

  const onMnist = fullOr({ accuracy: 0.955, limit: undefined }, { accuracy: 0.88, limit: 6000 });
  it(`is distilled on MNIST to at least ${onMnist.accuracy * 100} % at depth 8 in a few epochs`, async function () {
    tellShortened('a soft decision tree on MNIST: 6,000 of the digits');
    const model = requireShared(this, 'models/mnist-mlp-1200.onnx');
    const path = requireShared(this, 'data/mnist');
    const { result, folder } = await run({
      ...treeExperiment,
      teacher: { model },
      dataset: { path, ...(onMnist.limit !== undefined && { limit: onMnist.limit }) },
      student: { architecture: 'soft-tree', depth: 8 },
      training: { epochs: 4, learningRate: 0.01 },
      baseline: false,
    });
    assert.equal(result.state, 'finished');
    assert.ok(
      result.report.student.test.accuracy! >= onMnist.accuracy,
      `accuracy ${result.report.student.test.accuracy!}`,
    );
    const tree = (await readTree(folder)) as SoftTreeReport;
    assert.equal(tree.nodes[0]!.samples, 10_000);
    const page = await readFile(join(folder, 'report.html'), 'utf8');
    assert.ok(page.length < 2_000_000, `report.html has ${page.length} characters`);
  });

  it('has no tree.json where the student is something else', async () => {
    const { folder } = await run({
      ...treeExperiment,
      teacher: null,
      student: { architecture: 'mlp', hidden: [8] },
      objective: [{ loss: 'labels' }],
      training: { epochs: 1 },
    });
    assert.equal(await readTree(folder), undefined);
  });
});
