import assert from 'node:assert/strict';
import { create } from '@bufbuild/protobuf';
import { Random } from '../../../../src/data/random.ts';
import { exportModel } from '../../../../src/onnx/exporting/exportModel.ts';
import { float, int, ints, text } from '../../../../src/onnx/graph.ts';
import { importGraph } from '../../../../src/onnx/importing/importGraph.ts';
import { OperatorSetIdProtoSchema, type ModelProto } from '../../../../src/onnx/onnx_pb.ts';
import { floatTensor, intTensor, type Tensor } from '../../../../src/onnx/tensor.ts';
import { runAll, storedModel, type StoredGraphOptions } from '../../../support/storedModel.ts';

function numbers(...shape: number[]): Tensor {
  const count = shape.reduce((product, size) => product * size, 1);
  return floatTensor(
    Array.from({ length: count }, (_, index) => Math.sin(1.3 * index)),
    shape,
  );
}

interface Composite {
  readonly title: string;
  readonly graph: StoredGraphOptions;
  /** Domain of the operators that are no standard ones. */
  readonly microsoft?: readonly string[];
  readonly opset?: number;
}

const tokens = { q: [2, 5, 12], k: [2, 7, 12], v: [2, 7, 8] };
const upright = { q: [2, 4, 5, 3], k: [2, 2, 5, 3], v: [2, 2, 5, 6] };

const positions: Tensor = { type: 'int64', shape: [2, 4], data: BigInt64Array.of(0n, 1n, 2n, 3n, 2n, 3n, 4n, 5n) };

const composites: readonly Composite[] = [
  ...['Relu', 'Tanh', 'Sigmoid', 'LeakyRelu'].map((kind) => ({
    title: `FusedGemm with ${kind}`,
    microsoft: ['FusedGemm'],
    graph: {
      inputs: { x: [3, 4] },
      initializers: { w: numbers(5, 4), b: numbers(5) },
      nodes: [
        ['FusedGemm', 'x w b', 'y', { transB: int(1), activation: text(kind), activation_alpha: float(0.2) }],
      ] satisfies StoredGraphOptions['nodes'],
      outputs: ['y'],
    },
  })),
  {
    title: 'FusedConv with Relu and a sum',
    microsoft: ['FusedConv'],
    graph: {
      inputs: { x: [2, 3, 6, 6], z: [2, 4, 4, 4] },
      initializers: { w: numbers(4, 3, 3, 3), b: numbers(4) },
      nodes: [['FusedConv', 'x w b z', 'y', { activation: text('Relu') }]],
      outputs: ['y'],
    },
  },
  {
    title: 'FusedConv with Clip, as the optimiser writes ReLU6',
    microsoft: ['FusedConv'],
    graph: {
      inputs: { x: [2, 3, 6, 6] },
      initializers: { w: numbers(4, 3, 3, 3), b: numbers(4) },
      nodes: [
        [
          'FusedConv',
          'x w b',
          'y',
          { activation: text('Clip'), activation_params: { kind: 'floats', value: [-0.5, 0.75] } },
        ],
      ],
      outputs: ['y'],
    },
  },
  ...(['BiasGelu', 'FastGelu'] as const).map((operator) => ({
    title: operator,
    microsoft: [operator],
    graph: {
      inputs: { x: [3, 4] },
      initializers: { b: numbers(4) },
      nodes: [[operator, 'x b', 'y']] satisfies StoredGraphOptions['nodes'],
      outputs: ['y'],
    },
  })),
  {
    title: 'SkipLayerNormalization with bias, and the sum that it gives',
    microsoft: ['SkipLayerNormalization'],
    graph: {
      inputs: { x: [2, 3, 4], skip: [2, 3, 4] },
      initializers: { scale: numbers(4), beta: numbers(4), bias: numbers(4) },
      nodes: [
        ['SkipLayerNormalization', 'x skip scale beta bias', 'a - - sum', { epsilon: float(1e-4) }],
        ['Mul', 'a sum', 'y'],
      ],
      outputs: ['y'],
    },
  },
  {
    title: 'LpNormalization',
    graph: {
      inputs: { x: [2, 3, 4] },
      nodes: [
        ['LpNormalization', 'x', 'a', { axis: int(1), p: int(1) }],
        ['LpNormalization', 'x', 'b'],
      ],
      outputs: ['a', 'b'],
    },
  },
  {
    title: 'MeanVarianceNormalization',
    graph: { inputs: { x: [2, 3, 4, 5] }, nodes: [['MeanVarianceNormalization', 'x', 'y']], outputs: ['y'] },
  },
  {
    title: 'Attention of rank 3',
    opset: 23,
    graph: {
      inputs: tokens,
      nodes: [['Attention', 'q k v', 'y', { q_num_heads: int(2), kv_num_heads: int(2) }]],
      outputs: ['y'],
    },
  },
  {
    title: 'Attention of rank 4, causal, with shared keys and a scale',
    opset: 23,
    graph: {
      inputs: upright,
      nodes: [['Attention', 'q k v', 'y', { is_causal: int(1), scale: float(0.3) }]],
      outputs: ['y'],
    },
  },
  {
    title: 'Attention with a mask of truths',
    opset: 23,
    graph: {
      inputs: upright,
      initializers: {
        mask: { type: 'bool', shape: [5, 5], data: Uint8Array.from({ length: 25 }, (_, at) => Number(at % 3 !== 1)) },
      },
      nodes: [['Attention', 'q k v mask', 'y']],
      outputs: ['y'],
    },
  },
  {
    title: 'MultiHeadAttention with a bias',
    microsoft: ['MultiHeadAttention'],
    graph: {
      inputs: tokens,
      initializers: { bias: numbers(32) },
      nodes: [['MultiHeadAttention', 'q k v bias', 'y', { num_heads: int(4) }]],
      outputs: ['y'],
    },
  },
  {
    title: "com.microsoft's Attention with a mask",
    microsoft: ['Attention'],
    graph: {
      inputs: { x: [2, 4, 6] },
      initializers: {
        w: numbers(6, 24),
        b: numbers(24),
        mask: { type: 'int32', shape: [2, 4], data: Int32Array.from([1, 1, 1, 0, 1, 1, 0, 0]) },
      },
      nodes: [['Attention', 'x w b mask', 'y', { num_heads: int(2) }]],
      outputs: ['y'],
    },
  },
  {
    title: 'Attention after keys and values of earlier calls, causal, which are given on',
    opset: 23,
    graph: {
      inputs: { q: [2, 4, 5, 3], k: [2, 2, 5, 3], v: [2, 2, 5, 6], pk: [2, 2, 3, 3], pv: [2, 2, 3, 6] },
      nodes: [['Attention', 'q k v - pk pv', 'y keys values', { is_causal: int(1) }]],
      outputs: ['y', 'keys', 'values'],
    },
  },
  {
    title: 'MultiHeadAttention after keys and values of earlier calls',
    microsoft: ['MultiHeadAttention'],
    graph: {
      inputs: { q: [2, 1, 12], k: [2, 1, 12], v: [2, 1, 12], pk: [2, 2, 3, 6], pv: [2, 2, 3, 6] },
      nodes: [['MultiHeadAttention', 'q k v - - - pk pv', 'y keys values', { num_heads: int(2) }]],
      outputs: ['y', 'keys', 'values'],
    },
  },
  ...[0, 1].map((interleaved) => ({
    title: `RotaryEmbedding of rank 4, interleaved ${interleaved}, with positions, of a part of each head`,
    opset: 23,
    graph: {
      inputs: { x: [2, 3, 4, 8] },
      initializers: { cos: numbers(6, 2), sin: numbers(6, 2), at: positions },
      nodes: [
        [
          'RotaryEmbedding',
          'x cos sin at',
          'y',
          { interleaved: int(interleaved), rotary_embedding_dim: int(4), num_heads: int(3) },
        ],
      ] satisfies StoredGraphOptions['nodes'],
      outputs: ['y'],
    },
  })),
  {
    title: 'RotaryEmbedding of rank 3 without positions',
    opset: 23,
    graph: {
      inputs: { x: [2, 4, 24] },
      initializers: { cos: numbers(2, 4, 4), sin: numbers(2, 4, 4) },
      nodes: [['RotaryEmbedding', 'x cos sin', 'y', { num_heads: int(3) }]],
      outputs: ['y'],
    },
  },
  ...[positions, { type: 'int64', shape: [1], data: BigInt64Array.of(1n) } as const].map((at) => ({
    title: `com.microsoft's RotaryEmbedding with positions [${at.shape.join(', ')}]`,
    microsoft: ['RotaryEmbedding'],
    graph: {
      inputs: { x: [2, 4, 24] },
      initializers: { at, cos: numbers(6, 4), sin: numbers(6, 4) },
      nodes: [['RotaryEmbedding', 'x at cos sin', 'y']] satisfies StoredGraphOptions['nodes'],
      outputs: ['y'],
    },
  })),
  {
    title: 'EmbedLayerNormalization with segments and a mask, into an attention that reads the lengths',
    microsoft: ['EmbedLayerNormalization', 'Attention'],
    graph: {
      inputs: { scaled: [4] },
      initializers: {
        ids: { type: 'int32', shape: [2, 3], data: Int32Array.of(4, 0, 2, 1, 3, 3) },
        kinds: { type: 'int32', shape: [2, 3], data: Int32Array.of(0, 1, 1, 0, 0, 1) },
        mask: { type: 'int32', shape: [2, 3], data: Int32Array.of(1, 1, 0, 1, 1, 1) },
        ...{
          words: numbers(5, 4),
          places: numbers(8, 4),
          segments: numbers(2, 4),
          scale: numbers(4),
          bias: numbers(4),
        },
        ...{ w: numbers(4, 12), b: numbers(12) },
      },
      nodes: [
        ['EmbedLayerNormalization', 'ids kinds words places segments scale bias mask', 'x lengths'],
        ['Mul', 'x scaled', 'z'],
        ['Attention', 'z w b lengths', 'y', { num_heads: int(2) }],
      ],
      outputs: ['y'],
    },
  },
  ...[
    { mode: 'linear', padding: 'zeros', aligned: 0 },
    { mode: 'linear', padding: 'border', aligned: 1 },
    { mode: 'nearest', padding: 'zeros', aligned: 0 },
    { mode: 'linear', padding: 'reflection', aligned: 0 },
    { mode: 'nearest', padding: 'reflection', aligned: 1 },
    { mode: 'cubic', padding: 'zeros', aligned: 0 },
    { mode: 'cubic', padding: 'border', aligned: 1 },
    { mode: 'cubic', padding: 'reflection', aligned: 0 },
  ].map(({ mode, padding, aligned }) => ({
    title: `GridSample, ${mode}, ${padding}, on a grid of an affine map`,
    graph: {
      inputs: { x: [2, 3, 5, 4], map: [2, 2, 3] },
      initializers: { size: intTensor([2, 3, 3, 6]) },
      nodes: [
        ['AffineGrid', 'map size', 'grid', { align_corners: int(aligned) }],
        ['GridSample', 'x grid', 'y', { mode: text(mode), padding_mode: text(padding), align_corners: int(aligned) }],
      ] satisfies StoredGraphOptions['nodes'],
      outputs: ['y'],
    },
  })),
  ...['half_pixel', 'output_half_pixel'].map((mode) => ({
    title: `RoiAlign, ${mode}`,
    graph: {
      inputs: { x: [2, 3, 6, 5] },
      initializers: {
        regions: floatTensor([0, 0, 9, 9, 2, 4, 8, 7.5, -3, 1, 4, 14], [3, 4]),
        images: intTensor([1, 0, 1]),
      },
      nodes: [
        [
          'RoiAlign',
          'x regions images',
          'y',
          {
            ...{ output_height: int(2), output_width: int(3), sampling_ratio: int(2), spatial_scale: float(0.5) },
            coordinate_transformation_mode: text(mode),
          },
        ],
      ] satisfies StoredGraphOptions['nodes'],
      outputs: ['y'],
    },
  })),
  {
    title: 'Col2Im with strides, dilations and margins',
    graph: {
      inputs: { x: [2, 12, 9] },
      initializers: { image: intTensor([7, 6]), block: intTensor([2, 3]) },
      nodes: [
        ['Col2Im', 'x image block', 'y', { strides: ints([2, 2]), dilations: ints([2, 1]), pads: ints([0, 1, 0, 0]) }],
      ],
      outputs: ['y'],
    },
  },
  ...(
    [
      ['of real values', [2, 6, 3, 1], 1, {}],
      ['of complex values, the last axis', [2, 5, 3, 2], -2, {}],
      ['one half', [2, 3, 6, 1], 2, { onesided: 1 }],
      ['longer than its values', [2, 4, 1], 1, { length: 7, onesided: 1 }],
      ['shorter than its values', [2, 4, 2], 1, { length: 3 }],
      ['inverse', [2, 4, 3, 2], 1, { inverse: 1 }],
      ['inverse of a half', [2, 4, 2], 1, { inverse: 1, onesided: 1 }],
      ['inverse of a half of an odd length', [2, 4, 2], 1, { inverse: 1, onesided: 1, length: 7 }],
    ] as const
  ).map(([title, x, axis, options]) => {
    const { length, inverse = 0, onesided = 0 } = { length: undefined, ...options } as Readonly<Record<string, number>>;
    return {
      title: `DFT ${title}`,
      graph: {
        inputs: { x },
        initializers: { axis: intTensor(axis), ...(length !== undefined && { length: intTensor(length) }) },
        nodes: [
          [
            'DFT',
            `x ${length === undefined ? '-' : 'length'} axis`,
            'y',
            { inverse: int(inverse), onesided: int(onesided) },
          ],
        ] satisfies StoredGraphOptions['nodes'],
        outputs: ['y'],
      },
    };
  }),
  {
    title: 'DFT of operator set 17, whose axis is an attribute',
    opset: 17,
    graph: {
      inputs: { x: [2, 3, 5, 1] },
      nodes: [['DFT', 'x', 'y', { axis: int(2), onesided: int(1) }]],
      outputs: ['y'],
    },
  },
  ...(['HannWindow', 'HammingWindow', 'BlackmanWindow'] as const).map((window) => ({
    title: `STFT with a ${window}, and MelWeightMatrix`,
    graph: {
      inputs: { x: [2, 40, 1] },
      initializers: {
        step: intTensor(6),
        length: intTensor(16),
        ...{ bins: intTensor(4), rate: intTensor(8000), low: floatTensor(0, []), high: floatTensor(4000, []) },
        last: intTensor([-1]),
      },
      nodes: [
        [window, 'length', 'window', { periodic: int(window === 'HannWindow' ? 1 : 0) }],
        ['STFT', 'x step window length', 'spectra'],
        ['ReduceSumSquare', 'spectra last', 'power', { keepdims: int(0) }],
        ['MelWeightMatrix', 'bins length rate low high', 'mel'],
        ['MatMul', 'power mel', 'y'],
      ] satisfies StoredGraphOptions['nodes'],
      outputs: ['y'],
    },
  })),
  {
    title: 'STFT of complex values without a window',
    graph: {
      inputs: { x: [2, 20, 2] },
      initializers: { step: intTensor(5), length: intTensor(8) },
      nodes: [['STFT', 'x step - length', 'y', { onesided: int(0) }]],
      outputs: ['y'],
    },
  },
  ...[2, 3].map((p) => ({
    title: `GlobalLpPool, p = ${p}`,
    graph: {
      inputs: { x: [2, 3, 4, 5] },
      nodes: [['GlobalLpPool', 'x', 'y', { p: int(p) }]] satisfies StoredGraphOptions['nodes'],
      outputs: ['y'],
    },
  })),
  {
    title: 'LRN',
    graph: {
      inputs: { x: [2, 6, 3, 3] },
      nodes: [['LRN', 'x', 'y', { size: int(5), alpha: float(0.4), beta: float(0.6), bias: float(1.5) }]],
      outputs: ['y'],
    },
  },
  {
    title: 'Shrink',
    graph: {
      inputs: { x: [3, 7] },
      nodes: [['Shrink', 'x', 'y', { lambd: float(0.4), bias: float(0.1) }]],
      outputs: ['y'],
    },
  },
];

function stored({ graph, microsoft = [], opset = 20 }: Composite): ModelProto {
  const model = storedModel(opset, graph);
  for (const node of model.graph!.node) if (microsoft.includes(node.opType)) node.domain = 'com.microsoft';
  model.opsetImport.push(create(OperatorSetIdProtoSchema, { domain: 'com.microsoft', version: 1n }));
  return model;
}

describe('an operator that stands for several is read as these, and computes what it computed', () => {
  for (const composite of composites) {
    it(composite.title, async () => {
      const original = stored(composite);
      const imported = importGraph(original);
      const simple = exportModel(imported, { name: 'simple' });
      assert.ok(imported.nodes.every(({ domain, operator }) => domain === '' && operator !== 'Attention'));
      const [before, after] = await runAll([original, simple], imported, new Random(3));
      for (const output of imported.outputs) {
        const [wanted, given] = [before![output.name]!, after![output.name]!];
        assert.deepEqual(given.dims, wanted.dims);
        assert.deepEqual(wanted.dims, [...output.shape]);
        for (const [index, number] of given.data.entries()) {
          assert.ok(
            Math.abs(number - wanted.data[index]!) < 2e-5 * Math.max(1, Math.abs(number)),
            `${output.name}[${index}]: ${number}, not ${wanted.data[index]}`,
          );
        }
      }
    });
  }

  it('names the node, the operator and a way out where it does more', () => {
    const graph = {
      inputs: { ...tokens, w: [2, 2, 5, 7] },
      nodes: [
        ['Attention', 'q k v', 'y - - w2', { q_num_heads: int(2), kv_num_heads: int(2) }],
      ] satisfies StoredGraphOptions['nodes'],
      outputs: ['y'],
    };
    assert.throws(() => importGraph(storedModel(23, graph)), {
      message: /'node0' \(Attention\): its further outputs 'w2'/,
    });
  });
});
