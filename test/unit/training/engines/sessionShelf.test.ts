import assert from 'node:assert/strict';
import { randomStream } from '../../../../src/data/random.ts';
import { Graph } from '../../../../src/onnx/graph.ts';
import { buildStudent } from '../../../../src/students/buildStudent.ts';
import { classifierForm } from '../../../../src/students/networkForm.ts';
import type { EngineOptions } from '../../../../src/training/engines/engine.ts';
import { OnnxRuntimeEngine } from '../../../../src/training/engines/onnxruntimeEngine.ts';
import { openGraph } from '../../../../src/training/engines/openGraph.ts';
import { openSessions } from '../../../../src/training/engines/session.ts';
import { MOST_KEPT_BYTES, SessionShelf } from '../../../../src/training/engines/sessionShelf.ts';

const BATCH = 8;
const FEATURES = 4;

function optionsOf(seed: number, settings: Partial<EngineOptions> = {}): EngineOptions {
  const form = classifierForm([FEATURES], 2);
  return {
    task: 'classification',
    samples: { kind: 'values' },
    graph: buildStudent({ architecture: 'mlp', hidden: [8] }, form, randomStream(seed, 'student')),
    sampleShape: [FEATURES],
    outputShape: [2],
    objective: [{ loss: 'labels', weight: 1, smoothing: 0 }],
    optimizer: { optimizer: 'adam', momentum: 0 },
    seed,
    batchSize: BATCH,
    predictionBatch: BATCH,
    device: 'cpu',
    ...settings,
  };
}

async function train(options: EngineOptions, shelf?: SessionShelf) {
  const engine = await OnnxRuntimeEngine.open(options, shelf);
  const random = randomStream(options.seed, 'samples');
  try {
    for (let step = 1; step <= 5; step++) {
      const samples = Float32Array.from({ length: BATCH * FEATURES }, () => random.normal());
      const labels = Float32Array.from({ length: BATCH * 2 }, (_, index) =>
        index % 4 < 2 ? index % 2 : 1 - (index % 2),
      );
      await engine.run([{ batch: { samples, labels }, learningRate: 0.01, step }]);
    }
    return await engine.readState();
  } finally {
    await engine.dispose();
  }
}

describe('the shelf of compiled sessions', () => {
  it('serves trainings of one form one after another, which end as with sessions of their own, bit by bit', async () => {
    const before = openSessions();
    const shelf = new SessionShelf();
    for (const seed of [1, 2, 1]) {
      assert.deepEqual(await train(optionsOf(seed), shelf), await train(optionsOf(seed)), `seed ${seed}`);
      assert.equal(openSessions() - before, 2, 'the step and the forward pass');
    }
    await train(optionsOf(1, { clipNorm: 1 }), shelf);
    assert.equal(openSessions() - before, 3, 'another step, the same forward pass');
    await shelf.dispose();
    assert.equal(openSessions(), before);
  });

  it('lends a session to one at a time, and closes what is given back after its end', async () => {
    const before = openSessions();
    const shelf = new SessionShelf();
    const graph = relu(4);
    const [one, other] = [
      await openGraph(graph, { device: 'cpu' }, {}, shelf),
      await openGraph(graph, { device: 'cpu' }, {}, shelf),
    ];
    assert.notEqual(one, other);
    await shelf.giveBack(one);
    assert.equal(await openGraph(relu(4), { device: 'cpu' }, {}, shelf), one);
    await shelf.dispose();
    await shelf.giveBack(one);
    await shelf.giveBack(other);
    assert.equal(openSessions(), before);
  });

  it('keeps no more than a small share of memory: the ones that were used last, and large ones not at all', async () => {
    const before = openSessions();
    const shelf = new SessionShelf();
    const most = MOST_KEPT_BYTES / 4;
    for (const size of [0.4 * most, 0.3 * most, 0.5 * most, 1.1 * most]) {
      await shelf.giveBack(await openGraph(relu(size), { device: 'cpu' }, {}, shelf));
    }
    assert.equal(openSessions() - before, 2);
    await shelf.dispose();
    assert.equal(openSessions(), before);
  });
});

function relu(size: number): Graph {
  const graph = new Graph();
  graph.output(graph.op('Relu', [graph.input('x', 'float32', [Math.floor(size)])]));
  return graph;
}
