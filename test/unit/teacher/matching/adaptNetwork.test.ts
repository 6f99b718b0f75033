import assert from 'node:assert/strict';
import { join } from 'node:path';
import { exportModel } from '../../../../src/onnx/exporting/exportModel.ts';
import { saveModel } from '../../../../src/onnx/file.ts';
import { countParameters } from '../../../../src/onnx/cost/cost.ts';
import { randomStream } from '../../../../src/data/random.ts';
import { buildStudent } from '../../../../src/students/buildStudent.ts';
import { classifierForm } from '../../../../src/students/networkForm.ts';
import { adaptNetwork } from '../../../../src/teacher/matching/adaptNetwork.ts';
import { loadNetwork, openNetwork } from '../../../../src/training/engines/networkFile.ts';
import { removeFolder, temporaryFolder } from '../../../support/datasets.ts';
import { exportedBert } from '../../../support/exportedBert.ts';
import { exportedModel, sampleShapes } from '../../../support/exportedShapes.ts';

describe('adaptNetwork', () => {
  const folder = temporaryFolder();
  after(() => {
    removeFolder(folder);
  });

  it('reorders the outputs of a network that reads texts, and leaves its inputs alone', async () => {
    const path = join(folder, 'bert.onnx');
    const size = { layers: 1, heads: 2, hidden: 4, length: 5, vocabulary: 9 };
    await saveModel(path, exportModel(exportedBert(size), { name: 'bert' }));
    const network = await loadNetwork(path, { sampleShape: [5], output: 'pooled' });
    const adapted = adaptNetwork(network, { classes: [2, 0] }, [5]);
    assert.deepEqual(
      adapted.inputs.map(({ name, role }) => [name, role]),
      network.inputs.map(({ name, role }) => [name, role]),
    );
    const form = { device: 'cpu', samples: { kind: 'tokens', vocabulary: 9, padding: 0 }, sampleShape: [5] } as const;
    const outputs: Float32Array[] = [];
    for (const model of [network, adapted]) {
      const predictor = await openNetwork(model, { ...form, batchSize: 1 });
      outputs.push((await predictor.run(Float32Array.of(3, 1, 8, 2, 0))).get(model.output) ?? new Float32Array(0));
      await predictor.dispose();
    }
    const [plain, reordered] = outputs;
    assert.deepEqual(reordered, Float32Array.of(plain![2]!, plain![0]!));
  });

  it('changes values, keeps the names of what is inside and counts no constants as parameters', async () => {
    const path = join(folder, 'mlp.onnx');
    const graph = buildStudent({ architecture: 'mlp', hidden: [3] }, classifierForm([4], 2), randomStream(1, 'w'));
    await saveModel(path, exportModel(graph, { name: 'mlp' }));
    const network = await loadNetwork(path, { sampleShape: [4] });
    const [inside = ''] =
      network.graph.nodes.find(({ operator }) => operator === 'Relu')?.outputs.map((v) => v?.name) ?? [];
    const affine = { scale: [2, 2, 2, 2], offset: [1, 0, 0, -1] };
    const adapted = adaptNetwork(network, { affine }, [4]);
    assert.equal(countParameters(adapted.graph), countParameters(network.graph));
    assert.notEqual(adapted.file.sha256, network.file.sha256);
    const samples = Float32Array.of(0.1, 0.2, 0.3, 0.4);
    const changed = samples.map((value, index) => 2 * value + affine.offset[index]!);
    const form = {
      device: 'cpu',
      samples: { kind: 'values' },
      sampleShape: [4],
      batchSize: 1,
      features: [inside],
    } as const;
    const results: Map<string, Float32Array>[] = [];
    for (const [model, values] of [
      [network, changed],
      [adapted, samples],
    ] as const) {
      const predictor = await openNetwork(model, form);
      results.push(await predictor.run(values));
      await predictor.dispose();
    }
    for (const name of [network.output, inside]) {
      const [expected, actual] = results.map((result) => result.get(name)!);
      assert.ok(expected!.length > 0);
      actual!.forEach((value, index) => {
        assert.ok(Math.abs(value - expected![index]!) < 1e-5, name);
      });
    }
  });

  it('adapts a network whose shapes follow a free batch, for any number of samples', async () => {
    const path = join(folder, 'shuffle.onnx');
    await saveModel(path, exportedModel('shuffle', 'batch'));
    const sampleShape = sampleShapes.shuffle;
    const network = await loadNetwork(path, { sampleShape });
    const affine = { scale: [2, 2, 2, 2], offset: [1, 0, 0, -1] };
    const classes = [2, 0, 1];
    const adapted = adaptNetwork(network, { affine, classes }, sampleShape);
    const reordered = adaptNetwork(network, { classes }, sampleShape);
    const size = sampleShape.reduce((product, one) => product * one, 1);
    const samples = Float32Array.from({ length: 3 * size }, (_, index) => Math.sin(index));
    const changed = samples.map((value, index) => 2 * value + affine.offset[Math.floor((index % size) / 16)]!);
    const form = { device: 'cpu', samples: { kind: 'values' }, sampleShape, batchSize: 3 } as const;
    const [expected, ...others] = await Promise.all(
      [[network, changed] as const, [adapted, samples] as const, [reordered, changed] as const].map(
        async ([model, values]) => {
          const predictor = await openNetwork(model, form);
          const outputs = (await predictor.run(values)).get(model.output)!;
          await predictor.dispose();
          return outputs;
        },
      ),
    );
    for (const actual of others) {
      for (const [index, value] of actual.entries()) {
        const wanted = expected![3 * Math.floor(index / 3) + classes[index % 3]!]!;
        assert.ok(Math.abs(value - wanted) < 1e-5, String(index));
      }
    }
  });
});
