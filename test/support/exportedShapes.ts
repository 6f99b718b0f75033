import { randomStream } from '../../src/data/random.ts';
import { float, int, ints } from '../../src/onnx/graph.ts';
import type { Attribute } from '../../src/onnx/node.ts';
import type { ModelProto } from '../../src/onnx/onnx_pb.ts';
import { floatTensor, intTensor, type Dimension, type Tensor } from '../../src/onnx/tensor.ts';
import { normal } from '../../src/students/initialize.ts';
import { storedModel, type StoredNodeText } from './storedModel.ts';

/** Networks whose shapes follow the batch, as exporters write them. */
export type ExportedKind = 'recurrent' | 'gru' | 'attention' | 'groupNormalization' | 'shuffle' | 'classToken';

export const exportedKinds: readonly ExportedKind[] = [
  'recurrent',
  'gru',
  'attention',
  'groupNormalization',
  'shuffle',
  'classToken',
];

/** Dimensions of one sample of each. */
export const sampleShapes: Readonly<Record<ExportedKind, readonly number[]>> = {
  recurrent: [5, 3],
  gru: [5, 3],
  attention: [5, 6],
  groupNormalization: [2, 4, 4],
  shuffle: [4, 4, 4],
  classToken: [5, 6],
};

interface Layers {
  readonly initializers: Readonly<Record<string, Tensor>>;
  readonly nodes: readonly StoredNodeText[];
}

const scalar = (value: number): Tensor => intTensor(value);
const axis = (value: number): Readonly<Record<string, Attribute>> => ({ axis: int(value) });

/**
 * A classifier of three classes of the kind, written with operators of opset 16.
 *
 * @param batch 'batch' computes shapes from the input's, as exporters do where the batch is free; 1 has them as constants
 */
export function exportedModel(kind: ExportedKind, batch: 'batch' | 1, opset = 16): ModelProto {
  const layers = layersOf(kind, batch === 1);
  const shape: readonly Dimension[] = [batch, ...sampleShapes[kind]];
  return storedModel(opset, { inputs: { x: shape }, ...layers, outputs: ['y'] });
}

function layersOf(kind: ExportedKind, isFixed: boolean): Layers {
  const random = randomStream(5, kind);
  const weight = (...shape: number[]): Tensor => normal(random, shape, 0.5);
  /** The batch as a vector of one element, `b`. */
  const batchOf = (of: string, at: number): StoredNodeText[] => [
    ['Shape', of, 'sizes'],
    ['Gather', `sizes at${at}`, 'size', axis(0)],
    ['Unsqueeze', 'size zero', 'b'],
  ];
  const common = { zero: intTensor([0]), at0: scalar(0), at1: scalar(1) };
  switch (kind) {
    case 'recurrent':
    case 'gru': {
      const gates = kind === 'gru' ? 3 : 4;
      const states = kind === 'gru' ? 'h' : 'h h';
      return {
        initializers: {
          ...common,
          W: weight(1, gates * 4, 3),
          R: weight(1, gates * 4, 4),
          B: weight(1, gates * 8),
          w: weight(3, 4),
          c: weight(3),
          one: intTensor([1]),
          units: intTensor([4]),
          ...(isFixed && { h: floatTensor(new Float32Array(4), [1, 1, 4]) }),
        },
        nodes: [
          ['Transpose', 'x', 'steps', { perm: ints([1, 0, 2]) }],
          ...(isFixed
            ? []
            : ([
                ...batchOf('x', 0),
                ['Concat', 'one b units', 'states', axis(0)],
                ['ConstantOfShape', 'states', 'h'],
              ] as StoredNodeText[])),
          [kind === 'gru' ? 'GRU' : 'LSTM', `steps W R B - ${states}`, '- last', { hidden_size: int(4) }],
          ['Squeeze', 'last zero', 'features'],
          ['Gemm', 'features w c', 'y', { transB: int(1) }],
        ],
      };
    }
    case 'attention': {
      // Sequence first, heads in the axis of the batch, as PyTorch's multi-head attention has it.
      const heads = ['q', 'k', 'v'];
      return {
        initializers: {
          ...common,
          q: weight(6, 6),
          k: weight(6, 6),
          v: weight(6, 6),
          o: weight(6, 6),
          w: weight(3, 6),
          c: weight(3),
          five: intTensor([5]),
          three: intTensor([3]),
          six: intTensor([6]),
          two: scalar(2),
          fives: scalar(5),
          ...(isFixed && { split: intTensor([5, 2, 3]), joined: intTensor([5, 6]), back: intTensor([5, 1, 6]) }),
        },
        nodes: [
          ['Transpose', 'x', 's', { perm: ints([1, 0, 2]) }],
          ...(isFixed
            ? []
            : ([
                ...batchOf('s', 1),
                ['Mul', 'size two', 'parts'],
                ['Unsqueeze', 'parts zero', 'heads'],
                ['Mul', 'size fives', 'all'],
                ['Unsqueeze', 'all zero', 'rows'],
                ['Concat', 'five heads three', 'split', axis(0)],
                ['Concat', 'rows six', 'joined', axis(0)],
                ['Concat', 'five b six', 'back', axis(0)],
              ] as StoredNodeText[])),
          ...heads.flatMap((name): StoredNodeText[] => [
            ['MatMul', `s ${name}`, `${name}0`],
            ['Reshape', `${name}0 split`, `${name}1`],
            ['Transpose', `${name}1`, `${name}2`, { perm: ints(name === 'k' ? [1, 2, 0] : [1, 0, 2]) }],
          ]),
          ['MatMul', 'q2 k2', 'scores'],
          ['Softmax', 'scores', 'shares', axis(-1)],
          ['MatMul', 'shares v2', 'mixed'],
          ['Transpose', 'mixed', 'turned', { perm: ints([1, 0, 2]) }],
          ['Reshape', 'turned joined', 'flat'],
          ['Gemm', 'flat o', 'projected'],
          ['Reshape', 'projected back', 'sequence'],
          ['ReduceMean', 'sequence', 'features', { axes: ints([0]), keepdims: int(0) }],
          ['Gemm', 'features w c', 'y', { transB: int(1) }],
        ],
      };
    }
    case 'groupNormalization':
      return {
        initializers: {
          conv: weight(4, 2, 3, 3),
          ones: floatTensor([1, 1]),
          zeros: floatTensor([0, 0]),
          groups: intTensor([0, 2, -1]),
          scale: weight(4, 1, 1),
          shift: weight(4, 1, 1),
          slope: weight(4, 1, 1),
          w: weight(3, 4),
          c: weight(3),
          ...(isFixed && { shape: intTensor([1, 4, 4, 4]) }),
        },
        nodes: [
          ['Conv', 'x conv', 'maps', { pads: ints([1, 1, 1, 1]) }],
          ['Reshape', 'maps groups', 'grouped'],
          ['InstanceNormalization', 'grouped ones zeros', 'normal', { epsilon: float(1e-5) }],
          ...(isFixed ? [] : ([['Shape', 'maps', 'shape']] as StoredNodeText[])),
          ['Reshape', 'normal shape', 'ungrouped'],
          ['Mul', 'ungrouped scale', 'scaled'],
          ['Add', 'scaled shift', 'shifted'],
          ['PRelu', 'shifted slope', 'bent'],
          ['GlobalAveragePool', 'bent', 'pooled'],
          ['Flatten', 'pooled', 'features'],
          ['Gemm', 'features w c', 'y', { transB: int(1) }],
        ],
      };
    case 'shuffle':
      return {
        initializers: {
          ...common,
          conv: weight(4, 4, 3, 3),
          w: weight(3, 4),
          c: weight(3),
          groups: intTensor([2, 2, 4, 4]),
          maps: intTensor([4, 4, 4]),
          ...(isFixed && { apart: intTensor([1, 2, 2, 4, 4]), together: intTensor([1, 4, 4, 4]) }),
        },
        nodes: [
          ['Conv', 'x conv', 'seen', { pads: ints([1, 1, 1, 1]) }],
          ...(isFixed
            ? []
            : ([
                ...batchOf('seen', 0),
                ['Concat', 'b groups', 'apart', axis(0)],
                ['Concat', 'b maps', 'together', axis(0)],
              ] as StoredNodeText[])),
          ['Reshape', 'seen apart', 'split'],
          ['Transpose', 'split', 'shuffled', { perm: ints([0, 2, 1, 3, 4]) }],
          ['Reshape', 'shuffled together', 'joined'],
          ['Tanh', 'joined', 'bent'],
          ['ReduceMean', 'bent', 'features', { axes: ints([2, 3]), keepdims: int(0) }],
          ['Gemm', 'features w c', 'y', { transB: int(1) }],
        ],
      };
    case 'classToken':
      return {
        initializers: {
          ...common,
          token: weight(1, 1, 6),
          ones: intTensor([1, 6]),
          mix: weight(6, 6),
          w: weight(3, 6),
          c: weight(3),
        },
        nodes: [
          ...(isFixed
            ? []
            : ([
                ...batchOf('x', 0),
                ['Concat', 'b ones', 'repeated', axis(0)],
                ['Expand', 'token repeated', 'tokens'],
              ] as StoredNodeText[])),
          ['Concat', isFixed ? 'token x' : 'tokens x', 'sequence', axis(1)],
          ['MatMul', 'sequence mix', 'mixed'],
          ['Tanh', 'mixed', 'bent'],
          ['ReduceMean', 'bent', 'features', { axes: ints([1]), keepdims: int(0) }],
          ['Gemm', 'features w c', 'y', { transB: int(1) }],
        ],
      };
  }
}
