import assert from 'node:assert/strict';
import { BadInputError } from '../../../../src/errors.ts';
import { putOutputFirst } from '../../../../src/students/imported/putOutputFirst.ts';
import { storedModel } from '../../../support/storedModel.ts';
import { floatTensor } from '../../../../src/onnx/tensor.ts';
import type { ModelProto } from '../../../../src/onnx/onnx_pb.ts';
import { importNetwork } from '../../../../src/students/importNetwork.ts';

/** Features before logits, as a network with two outputs may have them, with their shapes declared. */
function twoOutputs(): ModelProto {
  const model = storedModel(17, {
    inputs: { x: ['n', 2], features: ['n', 4], logits: ['n', 3] },
    initializers: {
      w: floatTensor(new Float32Array(8).fill(1), [2, 4]),
      v: floatTensor(new Float32Array(12).fill(1), [4, 3]),
    },
    nodes: [
      ['MatMul', 'x w', 'features'],
      ['MatMul', 'features v', 'logits'],
    ],
    outputs: [],
  });
  // Declared as inputs above, because only these are written with their shapes.
  const { graph } = model;
  if (graph) [graph.input, graph.output] = [graph.input.slice(0, 1), graph.input.slice(1)];
  return model;
}

const names = ({ graph }: ModelProto): string[] | undefined => graph?.output.map(({ name }) => name);

describe('putOutputFirst', () => {
  it('takes the only output of the right shape where the first has another, and tells', () => {
    const { model, notes } = putOutputFirst(twoOutputs(), { kind: 'logits', classes: 3 }, undefined);
    assert.deepEqual(names(model), ['logits', 'features']);
    assert.match(notes.join(), /^The model's output 'logits' is trained, and written first, which is the only one/);
    assert.equal(importNetwork(model).graph.outputs[0]?.name, 'logits');
  });

  it('takes the output that is named, and leaves a model alone whose first output fits or where none does', () => {
    const model = twoOutputs();
    assert.deepEqual(names(putOutputFirst(model, { kind: 'logits', classes: 4 }, 'logits').model), [
      'logits',
      'features',
    ]);
    assert.deepEqual(putOutputFirst(model, { kind: 'logits', classes: 4 }, undefined), { model, notes: [] });
    assert.deepEqual(putOutputFirst(model, { kind: 'logits', classes: 7 }, undefined), { model, notes: [] });
  });

  it('takes one number for two classes where no output has two', () => {
    const model = twoOutputs();
    const [dimension] =
      model.graph?.output[1]?.type?.value.case === 'tensorType'
        ? model.graph.output[1].type.value.value.shape!.dim.slice(1)
        : [];
    dimension!.value = { case: 'dimValue', value: 1n };
    assert.deepEqual(names(putOutputFirst(model, { kind: 'logits', classes: 2 }, undefined).model), [
      'logits',
      'features',
    ]);
    const several = { kind: 'logits', classes: 2, severalLabels: true } as const;
    assert.deepEqual(names(putOutputFirst(model, several, undefined).model), ['features', 'logits']);
  });

  it('leaves a model alone whose outputs do not declare their shapes', () => {
    const model = twoOutputs();
    for (const output of model.graph?.output ?? []) {
      if (output.type?.value.case === 'tensorType') delete output.type.value.value.shape;
    }
    assert.deepEqual(putOutputFirst(model, { kind: 'logits', classes: 3 }, undefined), { model, notes: [] });
  });

  it('refuses a name that no output has, with those that there are', () => {
    assert.throws(
      () => putOutputFirst(twoOutputs(), { kind: 'logits', classes: 3 }, 'probabilities'),
      (error: unknown) => {
        assert.ok(error instanceof BadInputError);
        assert.deepEqual(error.problems, [
          {
            where: 'output',
            message: "The model has no output 'probabilities'.",
            hint: "Its outputs are 'features', 'logits'.",
          },
        ]);
        return true;
      },
    );
  });
});
