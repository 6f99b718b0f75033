import assert from 'node:assert/strict';
import { DistilleryError } from '../../../../src/errors.ts';
import { Graph, int, ints, text } from '../../../../src/onnx/graph.ts';
import type { Attributes } from '../../../../src/onnx/node.ts';
import { intTensor } from '../../../../src/onnx/tensor.ts';

interface Misfit {
  readonly operator: string;
  readonly shapes: readonly (readonly (number | string)[])[];
  /** Constant inputs behind those with a shape. */
  readonly constants?: readonly (readonly number[])[];
  readonly attributes?: Attributes;
  readonly domain?: string;
  readonly message: RegExp;
}

const misfits: readonly Misfit[] = [
  { operator: 'Add', shapes: [[2, 3], [4]], message: /do not broadcast.*\[2, 3\].*\[4\]/ },
  { operator: 'Where', shapes: [[2], [3], [1]], message: /do not broadcast/ },
  {
    operator: 'PRelu',
    shapes: [
      [2, 1],
      [2, 3],
    ],
    message: /input 1 does not broadcast/,
  },
  {
    operator: 'MatMul',
    shapes: [
      ['batch', 5],
      [4, 3],
    ],
    message: /inner sizes 5 and 4.*\[batch, 5\].*\[4, 3\]/,
  },
  {
    operator: 'MatMul',
    shapes: [
      [2, 3, 4],
      [5, 4, 2],
    ],
    message: /batch dimensions/,
  },
  {
    operator: 'Gemm',
    shapes: [
      ['batch', 5],
      [4, 3],
    ],
    message: /inner sizes/,
  },
  {
    operator: 'Gemm',
    shapes: [
      [2, 5],
      [5, 3],
      [2, 4],
    ],
    message: /bias/,
  },
  {
    operator: 'Gemm',
    shapes: [
      [2, 5, 1],
      [5, 3],
    ],
    message: /matrices/,
  },
  {
    operator: 'Einsum',
    shapes: [
      [2, 3],
      [4, 5],
    ],
    attributes: { equation: text('ij,jk->ik') },
    message: /'j' is 3.* 4/,
  },
  { operator: 'Einsum', shapes: [[2, 3]], attributes: { equation: text('ijk->i') }, message: /axes of input 0/ },
  {
    operator: 'Conv',
    shapes: [
      ['batch', 3, 8, 8],
      [4, 2, 3, 3],
    ],
    message: /3 channels.*expect 2/,
  },
  {
    operator: 'Conv',
    shapes: [
      [1, 4, 8, 8],
      [3, 2, 3, 3],
    ],
    attributes: { group: int(2) },
    message: /groups/,
  },
  {
    operator: 'Conv',
    shapes: [
      [1, 1, 2, 2],
      [1, 1, 3, 3],
    ],
    message: /window of 3 is larger/,
  },
  { operator: 'Conv', shapes: [[1, 1, 4, 4], [2, 1, 3, 3], [3]], message: /bias must have 2/ },
  {
    operator: 'Conv',
    shapes: [
      [1, 1, 4, 4],
      [2, 1, 3, 3],
    ],
    attributes: { pads: ints([1]) },
    message: /pads must have 4/,
  },
  {
    operator: 'ConvTranspose',
    shapes: [
      [1, 3, 4],
      [2, 3, 2],
    ],
    message: /3 channels.*expect 2/,
  },
  { operator: 'MaxPool', shapes: [[1, 3, 4, 4]], message: /kernel_shape is missing/ },
  { operator: 'BatchNormalization', shapes: [[1, 3, 4], [3], [2], [3], [3]], message: /input 2 must have 3/ },
  { operator: 'LayerNormalization', shapes: [[1, 3, 4], [3]], message: /input 1 does not broadcast/ },
  { operator: 'GroupNormalization', shapes: [[1, 6], [6], [6]], attributes: { num_groups: int(4) }, message: /groups/ },
  { operator: 'Reshape', shapes: [[2, 3]], constants: [[4, 2]], message: /6 elements do not fill.*\[4, 2\]/ },
  { operator: 'Reshape', shapes: [[2, 3]], constants: [[4, -1]], message: /6 elements do not divide/ },
  { operator: 'Reshape', shapes: [[2, 3]], constants: [[-1, -1]], message: /is not a shape/ },
  { operator: 'Reshape', shapes: [[2, 3], [2]], message: /not known before the model runs/ },
  { operator: 'Transpose', shapes: [[2, 3]], attributes: { perm: ints([0, 0]) }, message: /is not an order/ },
  { operator: 'Squeeze', shapes: [[2, 3]], constants: [[1]], message: /axis 1 has 3 elements/ },
  { operator: 'Unsqueeze', shapes: [[2, 3]], constants: [[1, 1]], message: /repeat/ },
  {
    operator: 'Concat',
    shapes: [
      [2, 3],
      [3, 3],
    ],
    attributes: { axis: int(1) },
    message: /axis 0 differ/,
  },
  {
    operator: 'Concat',
    shapes: [
      [2, 3],
      [2, 3],
    ],
    attributes: { axis: int(2) },
    message: /no axis 2/,
  },
  { operator: 'Split', shapes: [[6]], constants: [[2, 3]], message: /do not make up 6/ },
  { operator: 'Slice', shapes: [[6]], constants: [[0], [3], [1]], message: /no axis 1/ },
  { operator: 'Pad', shapes: [[6]], constants: [[1]], message: /1 amounts pad 1 axes/ },
  { operator: 'Expand', shapes: [[3]], constants: [[2]], message: /does not broadcast to \[2\]/ },
  { operator: 'Tile', shapes: [[3]], constants: [[2, 2]], message: /2 repeats for 1 axes/ },
  { operator: 'GatherElements', shapes: [[3, 2], [3]], message: /same number of axes/ },
  { operator: 'GatherND', shapes: [[3], [2, 2]], message: /do not fit/ },
  {
    operator: 'ScatterND',
    shapes: [
      [4, 5],
      [2, 1],
      [2, 4],
    ],
    message: /updates must have shape \[2, 5\]/,
  },
  {
    operator: 'DepthToSpace',
    shapes: [[1, 6, 2, 2]],
    attributes: { blocksize: int(2) },
    message: /do not divide by 2²/,
  },
  { operator: 'TopK', shapes: [[3]], constants: [[4]], message: /k = 4 of 3/ },
  {
    operator: 'LSTM',
    shapes: [
      [5, 2, 3],
      [1, 8, 4],
      [1, 8, 2],
    ],
    message: /do not expect 3 features/,
  },
  {
    operator: 'GRU',
    shapes: [
      [5, 2, 3],
      [1, 8, 3],
      [1, 8, 2],
    ],
    message: /3 gates of 2 units need 6 rows/,
  },
  { operator: 'ReduceSum', shapes: [[3]], constants: [[3]], message: /no axis 3/ },
  { operator: 'NonZero', shapes: [[3]], message: /depends on the data/ },
  { operator: 'Frobnicate', shapes: [[3]], message: /Frobnicate cannot be inferred/ },
  {
    operator: 'Relu',
    domain: 'my.domain',
    shapes: [[3]],
    message: /operator Relu is of the domain 'my\.domain', which ONNX/,
  },
];

describe('shape inference refuses, naming the node and the shapes', () => {
  for (const { operator, shapes, constants = [], attributes = {}, domain = '', message } of misfits) {
    it(`${operator} of ${shapes.map((shape) => `[${shape.join(', ')}]`).join(', ')}: ${message.source}`, () => {
      const graph = new Graph();
      const inputs = shapes.map((shape, index) =>
        graph.input(`input${index}`, index === 1 && operator.startsWith('Gather') ? 'int64' : 'float32', shape),
      );
      const known = constants.map((values) => graph.constant(intTensor(values)));
      const outputs = operator === 'Split' ? ['left', 'right'] : ['result'];
      assert.throws(
        () => graph.node(operator, [...inputs, ...known], { attributes, domain, name: 'layer3', outputs }),
        (error) => {
          assert.ok(error instanceof DistilleryError, String(error));
          assert.match(error.message, /'layer3'/);
          assert.match(error.message, message);
          return true;
        },
      );
      assert.equal(graph.nodes.length, 0);
    });
  }
});
