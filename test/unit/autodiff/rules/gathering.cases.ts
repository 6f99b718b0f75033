import { int, text } from '../../../../src/onnx/graph.ts';
import type { Attributes } from '../../../../src/onnx/node.ts';
import { intTensor } from '../../../../src/onnx/tensor.ts';
import { sample, type GradientCase } from '../../../support/gradientCheck.ts';
import type { Tf, TfTensor } from '../../../support/tensorflow.ts';

interface Gathering {
  readonly operator: string;
  readonly title: string;
  readonly data: readonly number[];
  readonly indices: readonly number[];
  readonly shape: readonly number[];
  readonly attributes?: Attributes;
  readonly tensorflow?: (tf: Tf, inputs: TfTensor[]) => TfTensor;
}

const gathering = ({ operator, title, data, indices, shape, attributes, tensorflow }: Gathering): GradientCase => ({
  operator,
  title,
  inputs: [sample(data)],
  build: (graph, [x]) => graph.op(operator, [x, graph.constant(intTensor(indices, shape))], attributes),
  ...(tensorflow ? { tensorflow } : {}),
});

const gathers: readonly Gathering[] = [
  {
    operator: 'Gather',
    title: 'rows of an embedding, some twice, one never',
    data: [5, 3],
    indices: [0, 4, 4, 2, 0, 4],
    shape: [2, 3],
    tensorflow: (tf, [x]) => tf.gather(x!, tf.tensor2d([0, 4, 4, 2, 0, 4], [2, 3], 'int32')),
  },
  {
    operator: 'Gather',
    title: 'the middle axis, negative indices',
    data: [2, 4, 3],
    indices: [-1, 1],
    shape: [2],
    attributes: { axis: int(1) },
  },
  {
    operator: 'Gather',
    title: 'one entry of the last axis',
    data: [2, 3],
    indices: [1],
    shape: [],
    attributes: { axis: int(-1) },
  },
  {
    operator: 'GatherElements',
    title: 'axis 0, an element twice',
    data: [3, 2],
    indices: [0, 1, 0, -1],
    shape: [2, 2],
  },
  {
    operator: 'GatherElements',
    title: 'axis −1, fewer rows than the data',
    data: [3, 4],
    indices: [3, 3, 0, 1, 2, 0],
    shape: [2, 3],
    attributes: { axis: int(-1) },
  },
  {
    operator: 'GatherND',
    title: 'single elements, one twice',
    data: [3, 2],
    indices: [0, 1, 2, 0, 0, 1, -1, -1],
    shape: [4, 2],
  },
  {
    operator: 'GatherND',
    title: 'slices',
    data: [3, 2, 2],
    indices: [2, 0, 2, 1],
    shape: [2, 2, 1],
  },
  {
    operator: 'GatherND',
    title: 'behind a batch axis',
    data: [2, 3, 2],
    indices: [1, 1, 0, 2],
    shape: [2, 2, 1],
    attributes: { batch_dims: int(1) },
  },
];

interface Scattering {
  readonly operator: string;
  readonly title: string;
  readonly data: readonly number[];
  readonly indices: readonly number[];
  readonly shape: readonly number[];
  readonly updates: readonly number[];
  readonly attributes?: Attributes;
}

const scattering = ({ operator, title, data, indices, shape, updates, attributes }: Scattering): GradientCase => ({
  operator,
  title,
  inputs: [sample(data, 'apart'), sample(updates, 'apart')],
  build: (graph, [x, update]) => graph.op(operator, [x, graph.constant(intTensor(indices, shape)), update], attributes),
});

const add = { reduction: text('add') };
const scatters: readonly Scattering[] = [
  { operator: 'ScatterND', title: 'rows', data: [4, 2], indices: [2, 0], shape: [2, 1], updates: [2, 2] },
  {
    operator: 'ScatterND',
    title: 'elements, adding, one twice',
    data: [2, 3],
    indices: [0, 1, 1, 2, 0, 1],
    shape: [3, 2],
    updates: [3],
    attributes: add,
  },
  {
    operator: 'ScatterElements',
    title: 'axis 1',
    data: [2, 4],
    indices: [3, 0, 1, -2],
    shape: [2, 2],
    updates: [2, 2],
    attributes: { axis: int(1) },
  },
  {
    operator: 'ScatterElements',
    title: 'axis 0, adding, one twice',
    data: [3, 2],
    indices: [1, 0, 1, 2],
    shape: [2, 2],
    updates: [2, 2],
    attributes: add,
  },
  ...(['max', 'min'] as const).flatMap((reduction) => [
    {
      operator: 'ScatterElements',
      title: `axis 1, the ${reduction} of each place, one written twice`,
      data: [2, 3],
      indices: [1, 1, 0, 2, 0, 2],
      shape: [2, 3],
      updates: [2, 3],
      attributes: { axis: int(1), reduction: text(reduction) },
    },
    {
      operator: 'ScatterND',
      title: `rows, the ${reduction} of each place, one written twice`,
      data: [3, 2],
      indices: [2, 0, 2],
      shape: [3, 1],
      updates: [3, 2],
      attributes: { reduction: text(reduction) },
    },
  ]),
];

const topK = (shape: readonly number[], k: number, attributes: Attributes): GradientCase => ({
  operator: 'TopK',
  title: `${k} of [${shape.join(', ')}] ${JSON.stringify(attributes)}`,
  inputs: [sample(shape, 'apart')],
  build: (graph, [x]) => {
    const [values] = graph.node('TopK', [x, graph.integers([k])], { attributes, outputs: ['values', 'indices'] });
    return values!;
  },
});

const reverseSequence = (
  shape: readonly number[],
  lengths: readonly number[],
  attributes: Attributes,
): GradientCase => ({
  operator: 'ReverseSequence',
  title: `${lengths.join(', ')} of [${shape.join(', ')}] ${JSON.stringify(attributes)}`,
  inputs: [sample(shape)],
  build: (graph, [x]) => graph.op('ReverseSequence', [x, graph.integers(lengths)], attributes),
});

export const gatheringCases: readonly GradientCase[] = [
  ...gathers.map(gathering),
  ...scatters.map(scattering),
  topK([2, 5], 2, {}),
  topK([4, 3], 3, { axis: int(0), largest: int(0) }),
  topK([2, 1, 3], 1, { axis: int(1) }),
  reverseSequence([4, 2, 3], [3, 4], {}),
  reverseSequence([2, 4], [1, 3], { batch_axis: int(0), time_axis: int(1) }),
];
