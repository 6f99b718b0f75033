import assert from 'node:assert/strict';
import { join } from 'node:path';
import { randomStream } from '../../../src/data/random.ts';
import { correlation } from '../../../src/explain/correlation.ts';
import { integratedGradients } from '../../../src/explain/integratedGradients.ts';
import { occlusion } from '../../../src/explain/occlusion.ts';
import { openEnsemblePredictor } from '../../../src/explain/ensemblePredictor.ts';
import { exportModel } from '../../../src/onnx/exporting/exportModel.ts';
import { saveModel } from '../../../src/onnx/file.ts';
import { Graph } from '../../../src/onnx/graph.ts';
import type { Value } from '../../../src/onnx/node.ts';
import { floatTensor } from '../../../src/onnx/tensor.ts';
import { loadNetwork, openNetwork } from '../../../src/training/engines/networkFile.ts';
import { openSessions } from '../../../src/training/engines/session.ts';
import { removeFolder, temporaryFolder } from '../../support/datasets.ts';

const samples = { kind: 'values' } as const;
const sampleShape = [3];
const sample = Float32Array.of(1, -2, 0.5);
/** Weights [3, 2]: what the first output makes of the numbers is 3, 1, −2. */
const weights = floatTensor([3, 7, 1, 7, -2, 7], [3, 2]);
const expected = [3, -2, -1];

describe('attribution', () => {
  let folder: string;
  before(() => {
    folder = temporaryFolder();
  });
  after(() => {
    removeFolder(folder);
  });

  async function network(name: string, build: (graph: Graph, input: Value) => Value) {
    const graph = new Graph();
    graph.output(build(graph, graph.input('input', 'float32', ['batch', 3])), 'logits');
    const path = join(folder, `${name}.onnx`);
    await saveModel(path, exportModel(graph, { name }));
    return loadNetwork(path, { sampleShape });
  }

  const linear = () =>
    network('linear', (graph, input) => graph.op('MatMul', [input, graph.initializer('w', weights)]));

  it('of a linear network is weight times number, by either way', async () => {
    const before = openSessions();
    const model = await linear();
    const gradients = await integratedGradients(model, sampleShape);
    const task = { kind: 'classification', classes: ['a', 'b'] } as const;
    const members = [{ model, weight: 1 }];
    const speaker = await openEnsemblePredictor(members, { task, samples, sampleShape });
    for (const attributor of [gradients!, occlusion(speaker, { samples, sampleShape })]) {
      const found = await attributor.attribute(sample, Float32Array.of(1, 0));
      found.forEach((value, index) => {
        assert.ok(Math.abs(value - expected[index]!) < 1e-5, [...found].join());
      });
    }
    await gradients!.dispose();
    await speaker.dispose();
    assert.equal(openSessions(), before);
  });

  it('of a weighted sum of outputs is the sum of what is found for each', async () => {
    const model = await linear();
    const gradients = await integratedGradients(model, sampleShape);
    const members = [{ model, weight: 1 }];
    const speaker = await openEnsemblePredictor(members, { task: { kind: 'matching' }, samples, sampleShape });
    // The second output has the weight 7 for each number: 2 · [3, −2, −1] − 1 · [7, −14, 3.5].
    for (const attributor of [gradients!, occlusion(speaker, { samples, sampleShape })]) {
      const found = await attributor.attribute(sample, Float32Array.of(2, -1));
      assert.deepEqual(
        Array.from(found, (value) => Math.round(value * 1e4) / 1e4),
        [-1, 10, -5.5],
      );
    }
    await gradients!.dispose();
    await speaker.dispose();
  });

  it('by integrated gradients sums to the output less that of zeros', async () => {
    const random = randomStream(3, 'weights');
    const normal = (shape: number[]) =>
      floatTensor(
        Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()),
        shape,
      );
    const model = await network('mlp', (graph, input) => {
      const weight = (name: string, shape: number[]) => graph.initializer(name, normal(shape));
      const hidden = graph.op('Tanh', [graph.op('Gemm', [input, weight('w1', [3, 8]), weight('b1', [8])])]);
      return graph.op('Gemm', [hidden, weight('w2', [8, 2]), weight('b2', [2])]);
    });
    const attributor = await integratedGradients(model, sampleShape);
    const contributions = await attributor!.attribute(sample, Float32Array.of(0, 1));
    await attributor!.dispose();
    const predictor = await openNetwork(model, { device: 'cpu', samples, sampleShape, batchSize: 2 });
    const outputs = (await predictor.run(Float32Array.of(...sample, 0, 0, 0))).get('logits')!;
    await predictor.dispose();
    const sum = contributions.reduce((total, value) => total + value, 0);
    assert.ok(Math.abs(sum - (outputs[1]! - outputs[3]!)) < 0.02, `${sum} is not ${outputs[1]! - outputs[3]!}`);
  });

  it('is left to occlusion where an operator has no gradient', async () => {
    const model = await network('rounded', (graph, input) => {
      const scale = graph.initializer('scale', floatTensor(0.5));
      const integers = graph.op('QuantizeLinear', [input, scale]);
      return graph.op('MatMul', [graph.op('DequantizeLinear', [integers, scale]), graph.initializer('w', weights)]);
    });
    assert.equal(await integratedGradients(model, sampleShape), undefined);
  });
});

describe('correlation', () => {
  it('is that of Pearson', () => {
    assert.equal(correlation(Float32Array.of(1, 2, 3), Float32Array.of(10, 20, 30)), 1);
    assert.equal(correlation(Float32Array.of(1, 2, 3), Float32Array.of(3, 2, 1)), -1);
    assert.ok(Math.abs(correlation(Float32Array.of(1, 2, 3, 4), Float32Array.of(1, 3, 2, 4))! - 0.8) < 1e-12);
  });

  it('is none where one does not vary', () => {
    assert.equal(correlation(Float32Array.of(1, 1), Float32Array.of(1, 2)), null);
  });
});
