import assert from 'node:assert/strict';
import { randomStream } from '../../../../src/data/random.ts';
import { copyGraph } from '../../../../src/onnx/copy.ts';
import { Graph } from '../../../../src/onnx/graph.ts';
import { buildStudent } from '../../../../src/students/buildStudent.ts';
import { classifierForm } from '../../../../src/students/networkForm.ts';
import type { EngineOptions, EngineStep, Losses } from '../../../../src/training/engines/engine.ts';
import { OnnxRuntimeEngine } from '../../../../src/training/engines/onnxruntimeEngine.ts';
import { MOST_STEPS } from '../../../../src/training/engines/stepsPerRun.ts';
import { openSessions } from '../../../../src/training/engines/session.ts';

const BATCH = 4;

const convnet = buildStudent(
  { architecture: 'convnet', channels: [8, 16], hidden: [], batchNormalization: true },
  classifierForm([1, 8, 8], 3),
  randomStream(2, 'convnet'),
);

/** A multilayer perceptron whose output is dropped in part. */
function dropping(): Graph {
  const mlp = buildStudent(
    { architecture: 'mlp', hidden: [16] },
    classifierForm([1, 8, 8], 3),
    randomStream(3, 'dropping'),
  );
  const graph = new Graph();
  const samples = graph.input('samples', 'float32', mlp.inputs[0]!.shape);
  const copies = copyGraph(graph, mlp, { bindings: new Map([[mlp.inputs[0]!.name, samples]]), prefix: 'mlp.' });
  graph.output(graph.op('Dropout', [copies.get(mlp.outputs[0]!.name), graph.scalar(0.5)]), 'logits');
  return graph;
}

function optionsOf(graph: Graph, settings: Partial<EngineOptions>): EngineOptions {
  return {
    task: 'classification',
    samples: { kind: 'values' },
    graph,
    sampleShape: [1, 8, 8],
    outputShape: [3],
    objective: [{ loss: 'labels', weight: 1, smoothing: 0 }],
    optimizer: { optimizer: 'adamw', momentum: 0 },
    seed: 1,
    batchSize: BATCH,
    predictionBatch: BATCH,
    device: 'cpu',
    ...settings,
  };
}

function steps(count: number): EngineStep[] {
  const random = randomStream(4, 'steps');
  return Array.from({ length: count }, (_, index) => {
    const samples = Float32Array.from({ length: BATCH * 64 }, () => random.normal());
    const labels = new Float32Array(BATCH * 3);
    for (let row = 0; row < BATCH; row++) labels[row * 3 + random.integer(3)] = 1;
    return { batch: { samples, labels }, learningRate: 0.01 / (index + 1), step: index + 1 };
  });
}

/** Trains in runs of these lengths and returns the losses of every step and the whole state afterwards. */
async function train(options: EngineOptions, runs: readonly number[]) {
  const engine = await OnnxRuntimeEngine.open(options);
  const all = steps(runs.reduce((sum, length) => sum + length));
  const losses: Losses[] = [];
  try {
    let done = 0;
    for (const length of runs) {
      await engine.run(all.slice(done, done + length));
      losses.push(...(await engine.losses()));
      done += length;
    }
    return { losses, state: await engine.readState(), weights: await engine.readWeights() };
  } finally {
    await engine.dispose();
  }
}

describe('steps that are repeated in one run', () => {
  for (const [what, graph, settings] of [
    ['running statistics, averaged weights and clipped gradients', convnet, { averageDecay: 0.9, clipNorm: 0.5 }],
    ['dropout', dropping(), {}],
    ['activations computed again', convnet, { recomputeSegments: 2 }],
  ] as const) {
    it(`are those of single runs, bit by bit: ${what}`, async () => {
      const sessions = openSessions();
      const options = optionsOf(graph, settings);
      const single = await train(options, [1, 1, 1, 1, 1, 1, 1]);
      assert.equal(single.losses.length, 7);
      assert.notEqual(single.losses[0]?.['total'], single.losses[1]?.['total']);
      assert.deepEqual(await train(options, [1, 2, 4]), single);
      assert.deepEqual(await train(options, [7]), single);
      assert.deepEqual(await train(options, [3, 1, 3]), single);
      assert.equal(openSessions(), sessions);
    });
  }

  it('are taken by the engine on the CPU', async () => {
    const engine = await OnnxRuntimeEngine.open(optionsOf(convnet, {}));
    assert.equal(engine.mostSteps, MOST_STEPS);
    await engine.dispose();
  });

  /** With a state of 35 MB, and batches of which the copy of it is a tenth of a step or less, a fifth, and more. */
  const large = buildStudent(
    { architecture: 'mlp', hidden: [1800, 1600] },
    classifierForm([1, 8, 8], 3),
    randomStream(5, 'large'),
  );

  for (const [batchSize, mostSteps] of [
    [640, 1],
    [256, 2],
    [16, MOST_STEPS],
  ] as const) {
    it(`are ${mostSteps} at most where the state is large and a batch ${batchSize}`, async () => {
      const engine = await OnnxRuntimeEngine.open(optionsOf(large, { batchSize }));
      try {
        assert.equal(engine.mostSteps, mostSteps);
        const samples = Float32Array.from({ length: batchSize * 64 }, (_, index) => Math.sin(index));
        const labels = Float32Array.from({ length: batchSize * 3 }, (_, index) => (index % 3 === 0 ? 1 : 0));
        const totals: number[] = [];
        for (const step of [1, 2]) {
          await engine.run([{ batch: { samples, labels }, learningRate: 1e-4, step }]);
          totals.push(...(await engine.losses()).map(({ total }) => total ?? NaN));
        }
        const [first = NaN, second = NaN] = totals;
        assert.ok(totals.length === 2 && second < first, totals.join());
      } finally {
        await engine.dispose();
      }
    });
  }
});
