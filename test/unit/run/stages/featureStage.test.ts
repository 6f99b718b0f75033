import assert from 'node:assert/strict';
import { join } from 'node:path';
import { FloatSamples } from '../../../../src/data/samples/floatSamples.ts';
import { randomStream } from '../../../../src/data/random.ts';
import { selectSamples } from '../../../../src/data/samples/selectSamples.ts';
import { DistilleryError } from '../../../../src/errors.ts';
import { featureStage, type TrainingMaterial } from '../../../../src/run/stages/featureStage.ts';
import { exportModel } from '../../../../src/onnx/exporting/exportModel.ts';
import { loadModel, saveModel } from '../../../../src/onnx/file.ts';
import { Graph, int } from '../../../../src/onnx/graph.ts';
import { floatTensor } from '../../../../src/onnx/tensor.ts';
import type { RunEvent } from '../../../../src/protocol/events.ts';
import { buildStudent } from '../../../../src/students/buildStudent.ts';
import { cutNetwork } from '../../../../src/students/extractor/cutNetwork.ts';
import type { InitialNetwork } from '../../../../src/students/initialNetwork.ts';
import { classifierForm } from '../../../../src/students/networkForm.ts';
import { listOutputs } from '../../../../src/teacher/cache/pruneOutputs.ts';
import { openSessions } from '../../../../src/training/engines/session.ts';
import { readSamples, removeFolder, temporaryFolder } from '../../../support/datasets.ts';
import { tinyExperiment } from '../../../support/runs.ts';
import { settled } from '../../../support/settled.ts';

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

const circumstances = { experiment: settled(tinyExperiment), baseDirectory: '.' };

describe('the features of a dataset', () => {
  it('are rows of the samples in their order, with their labels', async () => {
    const dataset = counted();
    const events: RunEvent[] = [];
    const signal = new AbortController().signal;
    const run = { ...circumstances, signal, onEvent: (event: RunEvent) => events.push(event) };
    const { material } = await featureStage(run, 'cpu', { network: network(), file: undefined }, dataset);
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

  it('are the same where memory has no room for them, and are read from files of the cache, also by a later run', async () => {
    const folder = temporaryFolder();
    try {
      const dataset = counted();
      const path = join(folder, 'net.onnx');
      await saveModel(path, exportModel(network().front?.graph ?? new Graph(), { name: 'net' }));
      const file = await loadModel(path);
      const messages: string[] = [];
      const run = {
        ...circumstances,
        cacheFolder: join(folder, 'cache'),
        signal: new AbortController().signal,
        onEvent: (event: RunEvent) => {
          if (event.kind === 'phase' || event.kind === 'note') messages.push(event.message);
          else assert.equal(event.kind, 'progress');
        },
      };
      const held = await featureStage(run, 'cpu', { network: network(), file }, dataset);
      assert.deepEqual(await listOutputs(run.cacheFolder), []);
      for (const expected of [/^Has kept features of the extractor/, /^Has read features of the extractor/]) {
        messages.length = 0;
        const filed = await featureStage({ ...run, memory: 7199 }, 'cpu', { network: network(), file }, dataset);
        assert.match(messages[0] ?? '', /\(3 each, 7\.2 kB on the disk, from where they are read/);
        assert.equal(messages.filter((message) => expected.test(message)).length, 2);
        for (const split of ['training', 'validation'] as const) {
          const { count, targets, stream } = filed.material[split];
          assert.deepEqual([count, targets], [dataset[split].count, dataset[split].targets]);
          const order = Array.from({ length: count }, (_, row) => (row * 7) % count);
          stream?.announce(order);
          for (let start = 0; start + 20 <= count; start += 20) {
            const rows = order.slice(start, start + 20);
            assert.deepEqual(
              await readSamples(filed.material[split], rows, 3),
              await readSamples(held.material[split], rows, 3),
            );
          }
        }
        await filed.dispose();
      }
      assert.equal((await listOutputs(run.cacheFolder)).length, 2);
      assert.equal(openSessions(), 0);
    } finally {
      removeFolder(folder);
    }
  });

  it('are the samples themselves for a network without an extractor', async () => {
    const dataset = counted();
    const { graph } = network();
    const signal = new AbortController().signal;
    const run = { ...circumstances, signal, onEvent: () => assert.fail() };
    const { material } = await featureStage(run, 'cpu', { network: { graph }, file: undefined }, dataset);
    assert.equal(material, dataset);
  });

  it('are given up when the run is stopped', async () => {
    const run = { ...circumstances, signal: AbortSignal.abort(), onEvent: () => undefined };
    await assert.rejects(
      featureStage(run, 'cpu', { network: network(), file: undefined }, counted()),
      (error) => error instanceof DistilleryError && error.code === 'CANCELLED',
    );
    assert.equal(openSessions(), 0);
  });
});
