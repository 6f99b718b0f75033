import assert from 'node:assert/strict';
import { FloatSamples } from '../../../src/data/floatSamples.ts';
import { randomStream } from '../../../src/data/random.ts';
import { selectSamples } from '../../../src/data/selectSamples.ts';
import { DistilleryError } from '../../../src/errors.ts';
import { featureStage, type TrainingMaterial } from '../../../src/experiment/featureStage.ts';
import { exportModel } from '../../../src/onnx/export.ts';
import { Graph, int } from '../../../src/onnx/graph.ts';
import { floatTensor } from '../../../src/onnx/tensor.ts';
import type { RunEvent } from '../../../src/protocol/events.ts';
import { buildStudent } from '../../../src/students/buildStudent.ts';
import { cutNetwork } from '../../../src/students/extractor/cutNetwork.ts';
import type { InitialNetwork } from '../../../src/students/initialNetwork.ts';
import { classifierForm } from '../../../src/students/networkForm.ts';
import { openSessions } from '../../../src/training/engines/session.ts';
import { readSamples } from '../../support/datasets.ts';

/** 600 samples of two pixels [1, 1, 2]: sample i is (i + 1, −i − 1); more than fit into one batch. */
function counted(): TrainingMaterial {
  const values = Float32Array.from({ length: 1200 }, (_, index) =>
    index % 2 === 0 ? index / 2 + 1 : -(index + 1) / 2,
  );
  const labels = Int32Array.from({ length: 600 }, (_, index) => index % 3);
  const all = new FloatSamples(values, { kind: 'classes', labels }, 600);
  const chosen = (of: (index: number) => boolean) =>
    selectSamples(
      all,
      Int32Array.from({ length: 600 }, (_, index) => index)
        .filter(of)
        .reverse(),
    );
  return {
    task: { kind: 'classification', classes: ['a', 'b', 'c'] },
    samples: { kind: 'values' },
    sampleShape: [1, 1, 2],
    training: chosen((index) => index % 10 !== 0),
    validation: chosen((index) => index % 10 === 0),
  };
}

/** A head on features (x, y, x + 2y) of the two pixels. */
function network(): InitialNetwork {
  const graph = new Graph();
  const flat = graph.op('Flatten', [graph.input('image', 'float32', ['n', 1, 1, 2])], { axis: int(1) });
  const matrix = graph.initializer('matrix', floatTensor(Float32Array.of(1, 0, 1, 0, 1, 2), [2, 3]));
  const last = graph.initializer('last', floatTensor(new Float32Array(6), [3, 2]));
  graph.output(graph.op('MatMul', [graph.op('MatMul', [flat, matrix]), last]), 'scores');
  const front = cutNetwork(exportModel(graph, { name: 'net' }), undefined);
  const head = buildStudent({ architecture: 'mlp', hidden: [] }, classifierForm([3], 3), randomStream(0, 'weights'));
  return { graph: head, front };
}

describe('the features of a dataset', () => {
  it('are rows of the samples in their order, with their labels', async () => {
    const dataset = counted();
    const events: RunEvent[] = [];
    const signal = new AbortController().signal;
    const material = await featureStage({ signal, onEvent: (event) => events.push(event) }, 'cpu', network(), dataset);
    assert.deepEqual([material.sampleShape, material.samples, material.task], [[3], { kind: 'values' }, dataset.task]);
    for (const split of ['training', 'validation'] as const) {
      const { count, targets } = dataset[split];
      assert.deepEqual([material[split].count, material[split].targets], [count, targets]);
      const rows = Array.from({ length: count }, (_, row) => row);
      const samples = await readSamples(dataset[split], rows, 2);
      const expected = rows.flatMap((row) => {
        const [x = 0, y = 0] = samples.subarray(2 * row);
        return [x, y, x + 2 * y];
      });
      assert.deepEqual(await readSamples(material[split], rows, 3), Float32Array.from(expected));
    }
    const told = events.filter((event) => event.kind === 'progress');
    assert.deepEqual(told.at(-1), { kind: 'progress', phase: 'dataset', done: 600, total: 600 });
    assert.equal(openSessions(), 0);
  });

  it('are the samples themselves for a network without an extractor', async () => {
    const dataset = counted();
    const { graph } = network();
    const signal = new AbortController().signal;
    assert.equal(await featureStage({ signal, onEvent: () => assert.fail() }, 'cpu', { graph }, dataset), dataset);
  });

  it('are given up when the run is stopped', async () => {
    const run = { signal: AbortSignal.abort(), onEvent: () => undefined };
    await assert.rejects(
      featureStage(run, 'cpu', network(), counted()),
      (error) => error instanceof DistilleryError && error.code === 'CANCELLED',
    );
    assert.equal(openSessions(), 0);
  });
});
