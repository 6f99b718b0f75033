import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BadInputError } from '../../../src/errors.ts';
import { compareModels } from '../../../src/modelView/compareModels.ts';
import { floatTensor } from '../../../src/onnx/tensor.ts';
import { denseModel, ramp, temporaryFolder, written } from './models.ts';

describe('the comparison of two models', () => {
  const folder = temporaryFolder();

  it('names exactly the tensors that changed, with the norm of the change', () => {
    const changed = ramp(64 * 32);
    changed[5] = (changed[5] ?? 0) + 3;
    changed[900] = (changed[900] ?? 0) - 4;
    const before = written(folder(), 'before.onnx', denseModel());
    const after = written(folder(), 'after.onnx', denseModel({ weight: changed }));
    const { tensors, nodes, facts, sameTensors } = compareModels(before, after);
    assert.deepEqual(nodes, []);
    assert.deepEqual(facts, []);
    assert.equal(sameTensors, 1);
    assert.equal(tensors.length, 1);
    const [weight] = tensors;
    assert.deepEqual([weight?.name, weight?.kind, weight?.norm, weight?.largest], ['weight', 'changed', 5, 4]);
    const norm = Math.hypot(...ramp(64 * 32));
    assert.ok(Math.abs((weight?.relativeNorm ?? 0) - 5 / norm) < 1e-12);
  });

  it('names each of the files that is no model', () => {
    const none = join(folder(), 'none.onnx');
    const text = join(folder(), 'text.onnx');
    writeFileSync(text, 'hello');
    assert.throws(
      () => compareModels(none, text),
      (error: unknown) => {
        assert.ok(error instanceof BadInputError);
        assert.deepEqual(
          error.problems.map(({ where, message }) => [where, message]),
          [
            [none, `There is no file '${none}'.`],
            [text, 'It is not an ONNX model but a text file.'],
          ],
        );
        return true;
      },
    );
  });

  it('finds nothing between a file and its copy', () => {
    const before = written(folder(), 'one.onnx', denseModel());
    const after = written(folder(), 'two.onnx', denseModel());
    const { tensors, nodes, facts, sameTensors } = compareModels(before, after);
    assert.deepEqual([tensors, nodes, facts, sameTensors], [[], [], [], 2]);
  });

  it('names nodes and tensors that came, went or are otherwise', () => {
    const before = written(folder(), 'small.onnx', denseModel());
    const after = written(
      folder(),
      'other.onnx',
      denseModel({
        initializers: {
          weight: floatTensor(ramp(64 * 16), [64, 16]),
          bias: floatTensor(ramp(16)),
          scale: floatTensor([2]),
        },
        nodes: [
          ['Gemm', 'x weight bias', 'hidden'],
          ['Sigmoid', 'hidden', 'gate'],
          ['Mul', 'gate scale', 'y'],
        ],
      }),
    );
    const { tensors, nodes } = compareModels(before, after);
    assert.deepEqual(tensors.map(({ name, kind }) => `${name} ${kind}`).sort(), [
      'bias reshaped',
      'scale added',
      'weight reshaped',
    ]);
    const changes = nodes.map((change) => {
      const node = change.kind === 'removed' ? change.before : change.after;
      return `${change.kind} ${node.operator}${change.kind === 'changed' ? `: ${change.what.join('; ')}` : ''}`;
    });
    assert.deepEqual(
      changes.filter((change) => change.startsWith('changed Gemm')),
      ['changed Gemm: output: float32[N, 32] → float32[N, 16]'.replaceAll('N', '1')],
    );
    assert.deepEqual(
      changes.filter((change) => !change.startsWith('changed')),
      ['removed Relu', 'added Sigmoid', 'added Mul'],
    );
  });
});
