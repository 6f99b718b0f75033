import assert from 'node:assert/strict';
import { create } from '@bufbuild/protobuf';
import { int } from '../../../src/onnx/graph.ts';
import { StringStringEntryProtoSchema, ValueInfoProtoSchema } from '../../../src/onnx/onnx_pb.ts';
import { floatTensor } from '../../../src/onnx/tensor.ts';
import { importNetwork } from '../../../src/students/importNetwork.ts';
import { openForTraining } from '../../../src/students/imported/openForTraining.ts';
import { storedModel } from '../../support/storedModel.ts';

/** A layer with a filter bank before it, a learned temperature, a learned exponent of one element, and a grid that the exporter computed. */
function exported(batch: number | string, kinds: Readonly<Record<string, string>>, parameters?: readonly string[]) {
  const model = storedModel(20, {
    inputs: { x: [batch, 3] },
    initializers: {
      bank: floatTensor([1, 2, 3, 4, 5, 6, 7, 8, 9], [3, 3]),
      weight: floatTensor([1, 0, 2, 0, 1, 1], [2, 3]),
      temperature: floatTensor(2, []),
      exponent: floatTensor([1], [1]),
      grid: floatTensor([1, 2], [2]),
      scale: floatTensor([1, 1], [2]),
    },
    nodes: [
      ['MatMul', 'x bank', 'a'],
      ['Gemm', 'a weight', 'b', { transB: int(1) }],
      ['Mul', 'b temperature', 'c'],
      ['Mul', 'c exponent', 'd'],
      ['Mul', 'd scale', 'e'],
      ['Add', 'e grid', 'f'],
      ['Mul', 'f scale', 'y'],
    ],
    outputs: ['y'],
  });
  model.graph!.valueInfo = Object.entries(kinds).map(([name, value]) =>
    create(ValueInfoProtoSchema, {
      name,
      metadataProps: [
        create(StringStringEntryProtoSchema, { key: 'pkg.torch.export.graph_signature.InputSpec.kind', value }),
      ],
    }),
  );
  if (parameters !== undefined) {
    const value = parameters.map((name) => `p_${name}: PARAMETER target='${name}'`).join('\n');
    const key = 'pkg.torch.export.ExportedProgram.graph_signature';
    model.graph!.metadataProps = [create(StringStringEntryProtoSchema, { key, value })];
  }
  return importNetwork(openForTraining(model, [3], {}).model).weights;
}

describe('what is trained of a file', () => {
  const [PARAMETER, BUFFER] = ['PARAMETER', 'BUFFER'];
  const kinds = { weight: PARAMETER, temperature: PARAMETER, exponent: PARAMETER, scale: PARAMETER, bank: BUFFER };

  it('is what the exporter says that was learned, however small, and no constant of its program', () => {
    const learned = ['weight', 'temperature', 'exponent', 'scale'];
    for (const batch of ['batch', 1])
      assert.deepEqual(exported(batch, kinds, learned), [...learned, 'scale.2'], String(batch));
    // The grid may be what became of a parameter that is gone.
    const weights = ['weight', 'temperature', 'exponent', 'grid', 'scale', 'scale.2'];
    assert.deepEqual(exported('batch', kinds, [...learned, 'knots']), weights);
    assert.deepEqual(exported('batch', kinds), weights);
  });

  it('is what Constant nodes hold, where a file has its weights nowhere else', () => {
    const bias = floatTensor([1, 2]);
    const constants = storedModel(17, {
      inputs: { x: ['n', 2] },
      nodes: [
        ['Constant', '', 'w', { value: { kind: 'tensor', value: floatTensor([1, 2, 3, 4], [2, 2]) } }],
        ['Constant', '', 'b', { value: { kind: 'tensor', value: bias } }],
        ['MatMul', 'x w', 'z'],
        ['Add', 'z b', 'y'],
      ],
      outputs: ['y'],
    });
    assert.deepEqual(importNetwork(constants).weights, ['w', 'b']);
  });

  it('is every tensor that layers read or that has several elements, where the exporter says nothing', () => {
    assert.deepEqual(exported('batch', {}), ['bank', 'weight', 'grid', 'scale', 'scale.2']);
  });

  it('is the bias of a dense layer of one output, too, and no number that is added to anything else', () => {
    const scorer = storedModel(17, {
      inputs: { x: ['n', 3, 4] },
      initializers: {
        matrix: floatTensor([1, 2, 3, 4], [4, 1]),
        bias: floatTensor([0.5], [1]),
        epsilon: floatTensor([0.1], [1]),
        wide: floatTensor([1, 2], [1, 2]),
        shift: floatTensor([1], [1]),
      },
      nodes: [
        ['MatMul', 'x matrix', 'product'],
        ['Add', 'bias product', 'score'],
        ['Add', 'score epsilon', 'kept'],
        ['MatMul', 'kept wide', 'pair'],
        ['Add', 'pair shift', 'y'],
      ],
      outputs: ['y'],
    });
    assert.deepEqual(importNetwork(scorer).weights, ['matrix', 'bias', 'wide']);
  });
});
