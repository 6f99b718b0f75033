import assert from 'node:assert/strict';
import { randomStream } from '../../../../src/data/random.ts';
import { exportModel } from '../../../../src/onnx/exporting/exportModel.ts';
import { encodeModel } from '../../../../src/onnx/file.ts';
import { int, ints, text, type Graph } from '../../../../src/onnx/graph.ts';
import { floatData, floatTensor, intTensor, type Tensor } from '../../../../src/onnx/tensor.ts';
import { InferenceSession, Tensor as RuntimeTensor } from '../../../../src/platform/onnxRuntime.ts';
import { importNetwork, type ImportedNetwork } from '../../../../src/students/importNetwork.ts';
import { normal } from '../../../../src/students/initialize.ts';
import { chooseChannels } from '../../../../src/students/shrink/chooseChannels.ts';
import { followChannels } from '../../../../src/students/shrink/followChannels.ts';
import { shrinkNetwork } from '../../../../src/students/shrink/shrinkNetwork.ts';
import { storeKernels } from '../../../../src/students/shrink/storeKernels.ts';
import { exportedModel, sampleShapes } from '../../../support/exportedShapes.ts';
import { storedModel, type StoredNodeText } from '../../../support/storedModel.ts';

interface Case {
  readonly title: string;
  readonly sample: readonly number[];
  readonly weights: Readonly<Record<string, readonly number[]>>;
  readonly constants?: Readonly<Record<string, Tensor>>;
  readonly nodes: readonly StoredNodeText[];
  /** Shapes of some weights of the network with half of the channels. */
  readonly narrow: Readonly<Record<string, readonly number[]>>;
  /** Whether a weight is computed of another one, which is told. */
  readonly computes?: boolean;
}

const axis = (value: number) => ({ axis: int(value) });
const perm = (...order: number[]) => ({ perm: ints(order) });
const equation = (letters: string) => ({ equation: text(letters) });
const pooled: readonly StoredNodeText[] = [
  ['GlobalAveragePool', 'map', 'mean'],
  ['Flatten', 'mean', 'flat'],
  ['MatMul', 'flat w', 'y'],
];

const cases: readonly Case[] = [
  {
    title: 'heads of an attention whose queries, keys and values are one matrix',
    sample: [5, 6],
    weights: { qkv: [6, 24], o: [8, 6], w: [6, 3] },
    constants: {
      split: intTensor([0, 5, 3, 4, 2]),
      joined: intTensor([0, 5, 8]),
      at0: intTensor(0),
      at1: intTensor(1),
      at2: intTensor(2),
    },
    nodes: [
      ['MatMul', 'x qkv', 'all'],
      ['Reshape', 'all split', 'parts'],
      ['Transpose', 'parts', 'turned', perm(2, 0, 3, 1, 4)],
      ['Gather', 'turned at0', 'q', axis(0)],
      ['Gather', 'turned at1', 'k', axis(0)],
      ['Gather', 'turned at2', 'v', axis(0)],
      ['Transpose', 'k', 'kt', perm(0, 1, 3, 2)],
      ['MatMul', 'q kt', 'scores'],
      ['Softmax', 'scores', 'shares', axis(-1)],
      ['MatMul', 'shares v', 'mixed'],
      ['Transpose', 'mixed', 'back', perm(0, 2, 1, 3)],
      ['Reshape', 'back joined', 'heads'],
      ['MatMul', 'heads o', 'attended'],
      ['Add', 'attended x', 'sum'],
      ['ReduceMean', 'sum', 'mean', { axes: ints([1]), keepdims: int(0) }],
      ['MatMul', 'mean w', 'y'],
    ],
    narrow: { qkv: [6, 12], o: [4, 6], w: [6, 3] },
  },
  {
    title: 'a shuffle of channels, pieces of them and the joined rest',
    sample: [3, 6, 6],
    weights: { a: [8, 3, 1, 1], b: [4, 4, 1, 1], c: [8, 8, 1, 1], w: [8, 3] },
    constants: { groups: intTensor([0, 2, 4, 6, 6]), whole: intTensor([0, 8, 6, 6]), halves: intTensor([4, 4]) },
    nodes: [
      ['Conv', 'x a', 'first'],
      ['Split', 'first halves', 'left right', axis(1)],
      ['Conv', 'right b', 'changed'],
      ['Relu', 'changed', 'active'],
      ['Concat', 'left active', 'both', axis(1)],
      ['Reshape', 'both groups', 'grouped'],
      ['Transpose', 'grouped', 'turned', perm(0, 2, 1, 3, 4)],
      ['Reshape', 'turned whole', 'shuffled'],
      ['Conv', 'shuffled c', 'map'],
      ...pooled,
    ],
    narrow: { a: [4, 3, 1, 1], c: [4, 4, 1, 1], w: [4, 3] },
  },
  {
    title: 'convolutions in groups, and normalisation by groups that is written out',
    sample: [3, 6, 6],
    weights: { a: [8, 3, 1, 1], b: [8, 4, 3, 3], c: [8, 8, 1, 1], w: [8, 3] },
    constants: { groups: intTensor([0, 4, -1]), whole: intTensor([0, 8, 4, 4]) },
    nodes: [
      ['Conv', 'x a', 'first'],
      ['Conv', 'first b', 'grouped', { group: int(2) }],
      ['Reshape', 'grouped groups', 'rows'],
      ['ReduceMax', 'rows', 'top', { axes: ints([2]), keepdims: int(1) }],
      ['Mul', 'rows top', 'scaled'],
      ['Reshape', 'scaled whole', 'images'],
      ['Conv', 'images c', 'map'],
      ...pooled,
    ],
    narrow: { w: [4, 3], c: [4, 4, 1, 1] },
  },
  {
    title: 'a matrix that is used again, transposed',
    sample: [6],
    weights: { a: [6, 8], b: [8, 8], c: [6, 3] },
    nodes: [
      ['MatMul', 'x a', 'h'],
      ['Relu', 'h', 'p'],
      ['MatMul', 'p b', 'i'],
      ['Transpose', 'a', 'at', perm(1, 0)],
      ['MatMul', 'i at', 'j'],
      ['MatMul', 'j c', 'y'],
    ],
    narrow: { a: [6, 4], b: [4, 4], c: [6, 3] },
  },
  {
    title: 'gates that are spread over an image, gated halves, and pixels made of channels',
    sample: [3, 4, 4],
    weights: { a: [16, 3, 1, 1], g: [8, 8], d: [8, 8, 1, 1], w: [2, 3] },
    constants: {
      ...{
        none: intTensor([0]),
        half: intTensor([8]),
        end: intTensor([16]),
        one: intTensor([1]),
        spatial: intTensor([2, 3]),
      },
      spread: intTensor([1, 8, 4, 4]),
    },
    nodes: [
      ['Conv', 'x a', 'all'],
      ['Slice', 'all none half one', 'left'],
      ['Slice', 'all half end one', 'right'],
      ['Mul', 'left right', 'gated'],
      ['ReduceMean', 'gated', 'means', { axes: ints([2, 3]), keepdims: int(0) }],
      ['MatMul', 'means g', 'gates'],
      ['Unsqueeze', 'gates spatial', 'column'],
      ['Expand', 'column spread', 'everywhere'],
      ['Mul', 'gated everywhere', 'weighted'],
      ['Conv', 'weighted d', 'deep'],
      ['DepthToSpace', 'deep', 'map', { blocksize: int(2), mode: text('CRD') }],
      ...pooled,
    ],
    narrow: { a: [8, 3, 1, 1], g: [4, 4], d: [4, 4, 1, 1], w: [1, 3] },
  },
  {
    title: 'norms over an image, and numbers that are none',
    sample: [3, 6, 6],
    weights: { a: [8, 3, 1, 1], c: [8, 8, 1, 1], w: [8, 3] },
    constants: { zero: floatTensor([0], []) },
    nodes: [
      ['Conv', 'x a', 'first'],
      ['ReduceL2', 'first', 'norms', { axes: ints([2, 3]), keepdims: int(1) }],
      ['Mul', 'first norms', 'scaled'],
      ['IsNaN', 'scaled', 'isNone'],
      ['Where', 'isNone zero scaled', 'some'],
      ['Conv', 'some c', 'map'],
      ...pooled,
    ],
    narrow: { a: [4, 3, 1, 1], c: [4, 4, 1, 1], w: [4, 3] },
  },
  {
    title: 'a matrix in another shape, before shapes that follow the batch',
    sample: [5, 6],
    weights: { a: [48], b: [8, 8], o: [8, 6], w: [6, 3] },
    constants: {
      ...{ matrix: intTensor([6, 8]), first: intTensor([0]), five: intTensor([5]), width: intTensor([8]) },
      ...{ heads: intTensor([4, 2]), joined: intTensor([5, 8]) },
    },
    nodes: [
      ['Reshape', 'a matrix', 'kernel'],
      ['MatMul', 'x kernel', 'h'],
      ['Shape', 'h', 'shape'],
      ['Gather', 'shape first', 'batch'],
      ['Mul', 'batch five', 'rows'],
      ['Concat', 'rows width', 'windows', axis(0)],
      ['Reshape', 'h windows', 'windowed'],
      ['Shape', 'windowed', 'shape2'],
      ['Gather', 'shape2 first', 'rows2'],
      ['Concat', 'rows2 heads', 'divided', axis(0)],
      ['Reshape', 'windowed divided', 'parts'],
      ['ReduceMax', 'parts', 'top', { axes: ints([2]), keepdims: int(1) }],
      ['Shape', 'parts', 'size'],
      ['Expand', 'top size', 'spread'],
      ['Sub', 'parts spread', 'active'],
      ['Concat', 'batch joined', 'flat', axis(0)],
      ['Reshape', 'active flat', 'whole'],
      ['MatMul', 'whole o', 'mixed'],
      ['ReduceMean', 'mixed', 'mean', { axes: ints([1]), keepdims: int(0) }],
      ['MatMul', 'mean w', 'y'],
    ],
    narrow: { kernel: [6, 4], o: [4, 3], w: [3, 3] },
    computes: true,
  },
  {
    title: 'heads that are projected to and from by products with letters',
    sample: [5, 6],
    weights: { q: [6, 4, 2], k: [6, 4, 2], v: [6, 4, 2], qb: [4, 1, 2], o: [4, 2, 6], w: [6, 3] },
    nodes: [
      ['Einsum', 'x q', 'queries', equation('bsd,dhe->bhse')],
      ['Add', 'queries qb', 'shifted'],
      ['Einsum', 'x k', 'keys', equation('...sd,dhe->...hse')],
      ['Einsum', 'x v', 'values', equation('bsd,dhe->bhse')],
      ['Einsum', 'shifted keys', 'scores', equation('bhid,bhjd->bhij')],
      ['Softmax', 'scores', 'shares', axis(-1)],
      ['Einsum', 'shares values', 'mixed', equation('bhij,bhjd->bhid')],
      ['Einsum', 'mixed o', 'attended', equation('bhse,hed->bsd')],
      ['Add', 'attended x', 'sum'],
      ['ReduceMean', 'sum', 'mean', { axes: ints([1]), keepdims: int(0) }],
      ['MatMul', 'mean w', 'y'],
    ],
    narrow: { q: [6, 2, 2], k: [6, 2, 2], v: [6, 2, 2], qb: [2, 1, 2], o: [2, 2, 6], w: [6, 3] },
  },
  {
    title: 'heads of matrices that meet in products with letters',
    sample: [5, 6],
    weights: { q: [6, 8], k: [6, 8], v: [6, 8], o: [8, 6], f: [6, 10], g: [10, 6], w: [6, 3] },
    constants: { split: intTensor([0, 5, 4, 2]), joined: intTensor([0, 5, 8]) },
    nodes: [
      ...['q', 'k', 'v'].flatMap((name): StoredNodeText[] => [
        ['MatMul', `x ${name}`, `${name}1`],
        ['Reshape', `${name}1 split`, `${name}2`],
      ]),
      ['Einsum', 'q2 k2', 'scores', equation('bqhd,bkhd->bhqk')],
      ['Softmax', 'scores', 'shares', axis(-1)],
      ['Einsum', 'shares v2', 'mixed', equation('bhqk,bkhd->bqhd')],
      ['Reshape', 'mixed joined', 'heads'],
      ['MatMul', 'heads o', 'attended'],
      ['Einsum', 'attended f', 'wide', equation('bsd,df->bsf')],
      ['Relu', 'wide', 'active'],
      ['Einsum', 'active g', 'back', equation('bsf,fd->bsd')],
      ['Add', 'back x', 'sum'],
      ['ReduceMean', 'sum', 'mean', { axes: ints([1]), keepdims: int(0) }],
      ['MatMul', 'mean w', 'y'],
    ],
    narrow: { q: [6, 4], k: [6, 4], v: [6, 4], o: [4, 3], f: [3, 5], g: [5, 6], w: [6, 3] },
  },
  {
    title: 'vectors of length one, whose norm is expanded to their shape, of sines of rows that are picked',
    sample: [5, 6],
    weights: { a: [6, 8], w: [8, 3] },
    constants: { places: { type: 'int64', shape: [2, 1], data: BigInt64Array.of(2n, 0n) } },
    nodes: [
      ['MatMul', 'x a', 'wide'],
      ['Sin', 'wide', 'waves'],
      ['Transpose', 'waves', 'rows', perm(1, 0, 2)],
      ['GatherND', 'rows places', 'picked'],
      ['Transpose', 'picked', 'vectors', perm(1, 0, 2)],
      ['ReduceL2', 'vectors', 'norm', { axes: ints([2]) }],
      ['Shape', 'vectors', 'sizes'],
      ['Expand', 'norm sizes', 'norms'],
      ['Div', 'vectors norms', 'unit'],
      ['ReduceMean', 'unit', 'mean', { axes: ints([1]), keepdims: int(0) }],
      ['MatMul', 'mean w', 'y'],
    ],
    narrow: { a: [6, 4], w: [4, 3] },
  },
  {
    title: 'messages between the nodes of a graph, which are added to zeros at their places',
    sample: [5, 6],
    weights: { a: [6, 8], m: [16, 8], w: [8, 3] },
    constants: {
      from: { type: 'int64', shape: [4, 1], data: BigInt64Array.of(2n, 0n, 4n, 2n) },
      to: { type: 'int64', shape: [4, 1], data: BigInt64Array.of(1n, 1n, 3n, 0n) },
      zero: floatTensor(0, []),
    },
    nodes: [
      ['MatMul', 'x a', 'wide'],
      ['Relu', 'wide', 'active'],
      ['Transpose', 'active', 'rows', perm(1, 0, 2)],
      ['GatherND', 'rows from', 'sources'],
      ['GatherND', 'rows to', 'targets'],
      ['Concat', 'sources targets', 'both', axis(-1)],
      ['MatMul', 'both m', 'messages'],
      ['Shape', 'rows', 'sizes'],
      ['Expand', 'zero sizes', 'zeros'],
      ['ScatterND', 'zeros to messages', 'sums', { reduction: text('add') }],
      ['Add', 'rows sums', 'all'],
      ['ReduceMean', 'all', 'mean', { axes: ints([0]), keepdims: int(0) }],
      ['MatMul', 'mean w', 'y'],
    ],
    narrow: { a: [6, 4], m: [8, 4], w: [4, 3] },
  },
  {
    title: 'rows that are multiplied by constants, and a state that is shared by all samples',
    sample: [5, 6],
    weights: { a: [6, 8], b: [8, 6], w: [6, 3] },
    constants: {
      places: { type: 'int64', shape: [2, 1], data: BigInt64Array.of(4n, 1n) },
      batches: { type: 'int64', shape: [1, 2], data: BigInt64Array.of(0n, 3n) },
      marks: normal(randomStream(5, 'marks'), [1, 8], 1),
      state: normal(randomStream(6, 'state'), [5, 8], 1),
      rowsOfOne: normal(randomStream(7, 'rows'), [2, 8], 1),
    },
    nodes: [
      ['MatMul', 'x a', 'wide'],
      ['ScatterND', 'state places rowsOfOne', 'memory'],
      ['Mul', 'wide memory', 'product'],
      ['ScatterND', 'product batches marks', 'marked', { reduction: text('mul') }],
      ['Relu', 'marked', 'active'],
      ['MatMul', 'active b', 'back'],
      ['ReduceMean', 'back', 'mean', { axes: ints([1]), keepdims: int(0) }],
      ['MatMul', 'mean w', 'y'],
    ],
    narrow: { a: [6, 4], b: [4, 3], w: [3, 3] },
  },
  {
    title: 'elements that are read, and added, at places along the axis before them',
    sample: [5, 6],
    weights: { a: [6, 8], w: [8, 3] },
    constants: {
      two: intTensor([2]),
      last: intTensor([-1]),
      none: floatTensor(0, []),
      start: intTensor([0]),
      axis1: intTensor([1]),
    },
    nodes: [
      ['MatMul', 'x a', 'wide'],
      ['ReduceMean', 'x', 'ranks', { axes: ints([2]), keepdims: int(0) }],
      ['TopK', 'ranks two', 'best places', axis(1)],
      ['Unsqueeze', 'places last', 'column'],
      ['Shape', 'wide', 'sizes'],
      ['Expand', 'none sizes', 'zeros'],
      ['Cast', 'zeros', 'nothing', { to: int(7) }],
      ['Slice', 'nothing start two axis1', 'few'],
      ['Add', 'few column', 'indices'],
      ['GatherElements', 'wide indices', 'picked', axis(1)],
      ['Tanh', 'picked', 'bent'],
      ['ScatterElements', 'wide indices bent', 'changed', { axis: int(1), reduction: text('add') }],
      ['ReduceMean', 'changed', 'mean', { axes: ints([1]), keepdims: int(0) }],
      ['MatMul', 'mean w', 'y'],
    ],
    narrow: { a: [6, 4], w: [4, 3] },
  },
];

const shapesOf = ({ initializers }: Graph) =>
  Object.fromEntries(
    [...initializers].flatMap(([name, { type, shape }]) => (type === 'float32' ? [[name, shape]] : [])),
  );

async function outputs(graph: Graph, sample: readonly number[]): Promise<Float32Array> {
  const session = await InferenceSession.create(encodeModel(exportModel(graph, { name: 'g' })), {
    logSeverityLevel: 4,
  });
  try {
    const { data, shape } = normal(randomStream(2, 'samples'), [3, ...sample], 1);
    const results = await session.run({ x: new RuntimeTensor('float32', data, shape) });
    return results[session.outputNames[0]!]!.data as Float32Array;
  } finally {
    await session.release();
  }
}

/** The network with the weights that compute dropped channels at zero: what the narrow one is to give. */
function silenced({ graph }: ImportedNetwork, factor: number): Graph {
  const tracker = followChannels(graph);
  const dropped = chooseChannels(tracker, graph.initializers, factor);
  for (const { weight, axis: along, space } of tracker.producers) {
    const tensor = graph.initializers.get(weight)!;
    const inner = tensor.shape.slice(along + 1).reduce((product, size) => product * size, 1);
    const data = floatData(tensor).map((value, index) =>
      dropped.has(space.channels[Math.floor(index / inner) % space.size]!.root) ? 0 : value,
    );
    graph.initializers.set(weight, floatTensor(data, tensor.shape));
  }
  return graph;
}

async function check(
  network: ImportedNetwork,
  sample: readonly number[],
  narrow: Case['narrow'],
  computes = false,
): Promise<void> {
  const shrunk = shrinkNetwork(network, 0.5);
  assert.equal(shrunk.notes.length, computes ? 1 : 0, shrunk.notes.join());
  const shapes = shapesOf(shrunk.graph);
  for (const [name, shape] of Object.entries(narrow)) assert.deepEqual(shapes[name], shape, name);
  const [found, expected] = [
    await outputs(shrunk.graph, sample),
    await outputs(silenced({ ...network, graph: storeKernels(network.graph).graph }, 0.5), sample),
  ];
  const error = Math.max(...found.map((value, index) => Math.abs(value - expected[index]!)));
  assert.ok(error < 1e-5, `differs by ${error}`);
}

describe('channels that are divided and turned', () => {
  for (const { title, sample, weights, constants, nodes, narrow, computes } of cases) {
    it(`are followed: ${title}`, async () => {
      const random = randomStream(1, title);
      const network = importNetwork(
        storedModel(17, {
          inputs: { x: ['n', ...sample] },
          initializers: {
            ...Object.fromEntries(Object.entries(weights).map(([name, shape]) => [name, normal(random, shape, 0.5)])),
            ...constants,
          },
          nodes,
          outputs: ['y'],
        }),
      );
      await check(network, sample, narrow, computes);
    });
  }

  it('are followed: heads that are joined with the batch, as PyTorch writes its multi-head attention', async () => {
    const network = importNetwork(exportedModel('attention', 'batch'));
    await check(network, sampleShapes.attention, { q: [6, 3], k: [6, 3], v: [6, 3], o: [3, 3] });
  });

  it('are followed: a shuffle whose shapes follow the batch', async () => {
    await check(importNetwork(exportedModel('shuffle', 'batch')), sampleShapes.shuffle, {});
  });

  it('are followed: kernels that are computed of others, which are stored then', async () => {
    const random = randomStream(3, 'kernels');
    const weight = (...shape: number[]) => normal(random, shape, 0.5);
    const network = importNetwork(
      storedModel(17, {
        inputs: { x: ['n', 3, 6, 6] },
        initializers: {
          ...{
            g: weight(8, 1, 1, 1),
            v: weight(8, 3, 3, 3),
            s: weight(8, 8, 1, 1),
            i: weight(8, 8),
            u: weight(4, 8),
            z: weight(3, 4),
          },
          ...{ epsilon: floatTensor([1e-5], []), two: floatTensor([2], []), image: intTensor([8, 8, 1, 1]) },
        },
        nodes: [
          ['ReduceL2', 'v', 'norm', { axes: ints([1, 2, 3]) }],
          ['Div', 'v norm', 'unit'],
          ['Mul', 'unit g', 'normed'],
          ['Conv', 'x normed', 'a'],
          ['ReduceMean', 's', 'mean', { axes: ints([1, 2, 3]) }],
          ['Sub', 's mean', 'centred'],
          ['Pow', 'centred two', 'squares'],
          ['ReduceMean', 'squares', 'variance', { axes: ints([1, 2, 3]) }],
          ['Add', 'variance epsilon', 'positive'],
          ['Sqrt', 'positive', 'deviation'],
          ['Div', 'centred deviation', 'standard'],
          ['Conv', 'a standard', 'b'],
          ['Relu', 'b', 'r'],
          ['Reshape', 'i image', 'kernel'],
          ['Conv', 'r kernel', 'c'],
          ['GlobalAveragePool', 'c', 'pooled'],
          ['Flatten', 'pooled', 'flat'],
          ['Transpose', 'u', 'ut', perm(1, 0)],
          ['MatMul', 'flat ut', 'h'],
          ['Gemm', 'h z', 'y', { transB: int(1) }],
        ],
        outputs: ['y'],
      }),
    );
    assert.deepEqual(network.weights.slice().sort(), ['g', 'i', 's', 'u', 'v', 'z']);
    const shrunk = shrinkNetwork(network, 0.5);
    assert.match(
      shrunk.notes.join(),
      /computes of others \('normed', 'standard', 'kernel'.*are stored in the student as they are/,
    );
    assert.deepEqual(shrunk.weights.slice().sort(), ['kernel', 'normed', 'standard', 'u', 'z']);
    const { u, ...kernels } = shapesOf(shrunk.graph);
    assert.deepEqual(u, [2, 4]);
    assert.deepEqual(kernels['kernel'], [4, 4, 1, 1]);
    const stored = { ...network, graph: storeKernels(network.graph).graph };
    const sample = [3, 6, 6];
    const near = (one: Float32Array, other: Float32Array): void => {
      one.forEach((value, index) => {
        assert.ok(Math.abs(value - other[index]!) < 1e-5, `${value} ${other[index]!}`);
      });
    };
    near(await outputs(stored.graph, sample), await outputs(network.graph, sample));
    near(await outputs(shrunk.graph, sample), await outputs(silenced(stored, 0.5), sample));
  });
});
