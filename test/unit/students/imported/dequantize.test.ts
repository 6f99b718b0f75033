import assert from 'node:assert/strict';
import { create } from '@bufbuild/protobuf';
import { Random } from '../../../../src/data/random.ts';
import { int } from '../../../../src/onnx/graph.ts';
import { importGraph } from '../../../../src/onnx/importing/importGraph.ts';
import { OperatorSetIdProtoSchema, TensorProtoSchema, type ModelProto } from '../../../../src/onnx/onnx_pb.ts';
import { floatData, floatTensor, intTensor, type Tensor } from '../../../../src/onnx/tensor.ts';
import { importNetwork } from '../../../../src/students/importNetwork.ts';
import { dequantize, dequantizeLayers } from '../../../../src/students/imported/dequantize.ts';
import { openForTraining } from '../../../../src/students/imported/openForTraining.ts';
import { trainBriefly } from '../../../support/briefTraining.ts';
import { runAll, storedModel, type StoredGraphOptions } from '../../../support/storedModel.ts';

const whole = (type: 'int8' | 'uint8' | 'int32', shape: readonly number[], scale = 97): Tensor => {
  const count = shape.reduce((product, size) => product * size, 1);
  const numbers = Array.from({ length: count }, (_, at) => Math.round(scale * Math.sin(1.7 * at + 1)));
  if (type === 'uint8') return { type, shape, data: Uint8Array.from(numbers, (number) => number + 128) };
  return { type, shape, data: type === 'int8' ? Int8Array.from(numbers) : Int32Array.from(numbers) };
};
const one = (type: 'int8' | 'uint8', number: number): Tensor => ({
  type,
  shape: [],
  data: type === 'int8' ? Int8Array.of(number) : Uint8Array.of(number),
});
const step = (number: number): Tensor => floatTensor(number, []);
const several = (...numbers: number[]): Tensor => floatTensor(numbers);

interface Case {
  readonly title: string;
  readonly microsoft?: readonly string[];
  readonly graph: StoredGraphOptions;
  /** Names of what is trained. */
  readonly weights: readonly string[];
  /** Operators of the float model, in order. */
  readonly operators: readonly string[];
  readonly tolerance: number;
}

const cases: readonly Case[] = [
  {
    title: 'pairs of QuantizeLinear and DequantizeLinear, with a Relu in the range and a scale for each channel',
    graph: {
      inputs: { x: [2, 2, 4, 4] },
      initializers: {
        ...{ s: step(0.02), z: one('uint8', 128), s2: step(0.05), z2: one('uint8', 0) },
        ...{
          w_quantized: whole('int8', [3, 2, 3, 3]),
          ws: several(0.004, 0.002, 0.003),
          bs: several(8e-5, 4e-5, 6e-5),
        },
        ...{ wz: { type: 'int8', shape: [3], data: new Int8Array(3) }, b_quantized: whole('int32', [3], 5000) },
      },
      nodes: [
        ['QuantizeLinear', 'x s z', 'xq'],
        ['DequantizeLinear', 'xq s z', 'xf'],
        ['DequantizeLinear', 'w_quantized ws wz', 'w', { axis: int(0) }],
        ['DequantizeLinear', 'b_quantized bs', 'b', { axis: int(0) }],
        ['Conv', 'xf w b', 'c'],
        ['QuantizeLinear', 'c s2 z2', 'cq'],
        ['DequantizeLinear', 'cq s2 z2', 'y'],
      ],
      outputs: ['y'],
    },
    weights: ['w.float', 'b.float'],
    operators: ['Conv', 'Relu', 'Identity'],
    tolerance: 0.08,
  },
  {
    title: 'the QLinear family',
    microsoft: ['QLinearAdd', 'QLinearGlobalAveragePool', 'QGemm', 'QLinearConcat'],
    graph: {
      inputs: { x: [2, 2, 4, 4] },
      initializers: {
        ...{
          s: step(0.02),
          z: one('uint8', 128),
          k: whole('uint8', [2, 2, 1, 1]),
          ks: step(0.004),
          kz: one('uint8', 128),
        },
        ...{ kb: whole('int32', [2], 4000), shape: intTensor([0, -1]) },
        ...{ m: whole('int8', [4, 3]), ms: step(0.01), mz: one('int8', 2), mb: whole('int32', [3], 900) },
      },
      nodes: [
        ['QuantizeLinear', 'x s z', 'xq'],
        ['QLinearConv', 'xq s z k ks kz s z kb', 'c'],
        ['QLinearAdd', 'c s z xq s z s z', 'sum'],
        ['QLinearConcat', 's z c s z sum s z', 'both', { axis: int(1) }],
        ['QLinearGlobalAveragePool', 'both s z s z', 'mean'],
        ['Reshape', 'mean shape', 'flat'],
        ['QGemm', 'flat s z m ms mz mb', 'y'],
      ],
      outputs: ['y'],
    },
    weights: ['k.float', 'kb.float', 'm.float', 'mb.float'],
    operators: ['Conv', 'Add', 'Concat', 'GlobalAveragePool', 'Reshape', 'Gemm'],
    tolerance: 0.08,
  },
  {
    title: 'dynamic quantisation, whose scales go into the weights',
    graph: {
      inputs: { x: [4, 3] },
      initializers: {
        ...{
          w_quantized: whole('uint8', [3, 5]),
          w_scale: several(0.01, 0.02, 0.01, 0.03, 0.02),
          bias: several(1, 2, 3, 4, 5),
        },
        w_zero: { type: 'uint8', shape: [5], data: Uint8Array.of(128, 120, 130, 128, 100) },
      },
      nodes: [
        ['DynamicQuantizeLinear', 'x', 'xq xs xz'],
        ['Mul', 'xs w_scale', 'scales'],
        ['MatMulInteger', 'xq w_quantized xz w_zero', 'product'],
        ['Cast', 'product', 'cast', { to: int(1) }],
        ['Mul', 'cast scales', 'z'],
        ['Add', 'z bias', 'y'],
      ],
      outputs: ['y'],
    },
    weights: ['w', 'bias'],
    operators: ['MatMul', 'Add'],
    tolerance: 0.05,
  },
  {
    title: 'weights of 4 bits in blocks',
    microsoft: ['MatMulNBits'],
    graph: {
      inputs: { x: [4, 32] },
      initializers: {
        m_Q4G16: whole('uint8', [3, 2, 8]),
        ...{
          scales: floatTensor([0.1, 0.2, 0.3, 0.1, 0.05, 0.2], [6]),
          zeros: whole('uint8', [3]),
          bias: several(1, 2, 3),
        },
      },
      nodes: [
        [
          'MatMulNBits',
          'x m_Q4G16 scales zeros - bias',
          'y',
          { K: int(32), N: int(3), bits: int(4), block_size: int(16), accuracy_level: int(1) },
        ],
      ],
      outputs: ['y'],
    },
    weights: ['m', 'bias'],
    operators: ['MatMul', 'Add'],
    tolerance: 1e-4,
  },
  ...[undefined, 'zeros'].map((zeros) => ({
    title: `rows of a table of 4 bits in blocks, ${zeros === undefined ? 'whose 0 is 8' : 'each with its own 0'}`,
    microsoft: ['GatherBlockQuantized'],
    graph: {
      inputs: { x: [2, 3, 48] },
      initializers: {
        table_Q4: whole('uint8', [5, 24]),
        ids: intTensor([4, 0, 2]),
        scales: floatTensor(
          Array.from({ length: 15 }, (_, at) => 0.1 + at / 50),
          [5, 3],
        ),
        ...(zeros !== undefined && { zeros: whole('uint8', [5, 2]) }),
      },
      nodes: [
        [
          'GatherBlockQuantized',
          `table_Q4 ids scales ${zeros ?? ''}`.trim(),
          'rows',
          { gather_axis: int(0), quantize_axis: int(1), block_size: int(16), bits: int(4) },
        ],
        ['Mul', 'x rows', 'y'],
      ] satisfies StoredGraphOptions['nodes'],
      outputs: ['y'],
    },
    weights: ['table'],
    operators: ['Gather', 'Mul'],
    tolerance: 1e-5,
  })),
  {
    title: 'a recurrent layer of whole numbers',
    microsoft: ['DynamicQuantizeLSTM'],
    graph: {
      inputs: { x: [5, 2, 3] },
      initializers: {
        ...{
          w: whole('int8', [1, 3, 16]),
          r: whole('int8', [1, 4, 16]),
          b: floatTensor(new Float32Array(32), [1, 32]),
        },
        ...{ ws: several(0.005), wz: { type: 'int8', shape: [1], data: Int8Array.of(0) } },
        ...{ rs: several(0.004), rz: { type: 'int8', shape: [1], data: Int8Array.of(0) } },
      },
      nodes: [['DynamicQuantizeLSTM', 'x w r b - - - - ws wz rs rz', 'y', { hidden_size: int(4) }]],
      outputs: ['y'],
    },
    weights: ['w.float', 'r.float', 'b'],
    operators: ['LSTM'],
    tolerance: 0.02,
  },
  {
    title: 'a table of whole numbers, and margins of whole numbers',
    graph: {
      inputs: { x: [2, 3, 4] },
      initializers: {
        ...{ table: whole('int8', [6, 4], 30), ids: intTensor([[0, 5, 2]].flat()), s: step(0.02), z: one('int8', 3) },
        ...{ pads: intTensor([0, 0, 1, 0, 0, 0]), filling: one('int8', 28) },
      },
      nodes: [
        ['Gather', 'table ids', 'rows'],
        ['DequantizeLinear', 'rows s z', 'r'],
        ['Mul', 'x r', 'm'],
        ['QuantizeLinear', 'm s z', 'mq'],
        ['Pad', 'mq pads filling', 'pq'],
        ['DequantizeLinear', 'pq s z', 'y'],
      ],
      outputs: ['y'],
    },
    weights: ['table.float'],
    operators: ['Gather', 'Mul', 'Pad', 'Identity'],
    tolerance: 0.02,
  },
  {
    title: 'tables of whole numbers whose rows are added up as such, as those of a text',
    microsoft: ['QLinearAdd'],
    graph: {
      inputs: { x: [3, 4] },
      initializers: {
        ...{ table: whole('int8', [6, 4], 30), ids: intTensor([0, 5, 2]), s: step(0.02), z: one('int8', 3) },
        ...{ places: whole('int8', [3, 1, 4], 30), order: intTensor([2, 1, 0]), t: step(0.03), f: one('int8', -2) },
        ...{ u: step(0.05), v: one('int8', 1), rows: intTensor([3, 4]) },
      },
      nodes: [
        ['Gather', 'table ids', 'words'],
        ['Gather', 'places order', 'tall'],
        ['Reshape', 'tall rows', 'where'],
        ['QLinearAdd', 'words s z where t f u v', 'sum'],
        ['DequantizeLinear', 'sum u v', 'r'],
        ['Mul', 'x r', 'y'],
      ],
      outputs: ['y'],
    },
    weights: ['places.float', 'table.float'],
    operators: ['Gather', 'Gather', 'Reshape', 'Add', 'Mul'],
    tolerance: 0.1,
  },
];

function stored({ graph, microsoft = [] }: Case): ModelProto {
  const model = storedModel(17, graph);
  for (const node of model.graph!.node) if (microsoft.includes(node.opType)) node.domain = 'com.microsoft';
  model.opsetImport.push(create(OperatorSetIdProtoSchema, { domain: 'com.microsoft', version: 1n }));
  return model;
}

describe('a quantised model in floats', () => {
  for (const each of cases) {
    it(`computes what it stands for: ${each.title}`, async () => {
      const original = stored(each);
      const { model, replaced } = dequantize(original);
      assert.ok(replaced > 0);
      assert.deepEqual(
        model.graph!.node.map(({ opType }) => opType),
        each.operators,
      );
      const network = importNetwork(model, { form: { kind: 'values', shape: [1] } });
      assert.deepEqual(network.weights.toSorted(), each.weights.toSorted());
      const [before, after] = await runAll([original, model], importGraph(model), new Random(2));
      const [wanted, given] = [before!['y']!, after!['y']!];
      assert.deepEqual(given.dims, wanted.dims);
      for (const [index, number] of given.data.entries()) {
        assert.ok(
          Math.abs(number - wanted.data[index]!) <= each.tolerance,
          `${index}: ${number}, ${wanted.data[index]}`,
        );
      }
    });
  }

  it('turns weights of 4 bits into floats for a network that stays as it is, too', () => {
    const bits = storedModel(21, {
      inputs: { x: ['n', 2] },
      initializers: { w: one('int8', 0), s: several(0.5, 0.25) },
      nodes: [
        ['DequantizeLinear', 'w s', 'f', { axis: int(1) }],
        ['MatMul', 'x f', 'y'],
      ],
      outputs: ['y'],
    });
    const [w] = bits.graph!.initializer;
    // int4, two in a byte: [[-8, 7], [1, -1]].
    Object.assign(w!, { dataType: 22, dims: [2n, 2n], rawData: Uint8Array.of(0x78, 0xf1) });
    const { model, replaced } = dequantizeLayers(bits);
    assert.equal(replaced, 1);
    assert.deepEqual(importGraph(model).initializers.get('w.float')?.data, Float32Array.of(-4, 1.75, 0.5, -0.25));
  });

  it('keeps a range that ends at 6 as one', () => {
    const bounded = storedModel(17, {
      inputs: { x: [2, 3] },
      initializers: { w: floatTensor([1, 2, 3, 4, 5, 6, 7, 8, 9], [3, 3]), s: step(6 / 255), z: one('uint8', 0) },
      nodes: [
        ['MatMul', 'x w', 'm'],
        ['QuantizeLinear', 'm s z', 'q'],
        ['DequantizeLinear', 'q s z', 'y'],
      ],
      outputs: ['y'],
    });
    const { node } = dequantize(bounded).model.graph!;
    assert.deepEqual(
      node.map(({ opType }) => opType),
      ['MatMul', 'Clip', 'Identity'],
    );
  });

  it('leaves other models as they are, and tells of what it changes', () => {
    const plain = storedModel(17, {
      inputs: { x: ['n', 3] },
      initializers: { w: floatTensor([1, 2, 3, 4, 5, 6], [3, 2]) },
      nodes: [['MatMul', 'x w', 'y']],
      outputs: ['y'],
    });
    assert.deepEqual(dequantize(plain), { model: plain, replaced: 0 });
    const { notes } = openForTraining(stored(cases[2]!), [3], {});
    assert.match(notes[0]!, /quantised \(2 of its nodes\): it is trained and written in float32/);
  });

  it('trains', async () => {
    const { model } = openForTraining(stored(cases[2]!), [3], {});
    const { graph, weights } = importNetwork(model);
    await trainBriefly({
      network: { graph, trainable: new Set(weights), source: model, notes: [] },
      sampleShape: [3],
      classes: 5,
      epochs: 10,
      learningRate: 0.01,
    });
  });
});

describe('weights in floats of 8 bits', () => {
  /** 1 and −2 as float8e4m3fn, with a scale or widened by a Cast alone. */
  const model = (operator: 'Cast' | 'DequantizeLinear'): ModelProto => {
    const isCast = operator === 'Cast';
    const stored = storedModel(19, {
      inputs: { x: ['n', 2] },
      initializers: { scale: floatTensor(0.5, []) },
      nodes: [
        isCast ? ['Cast', 'w', 'wide', { to: { kind: 'int', value: 1 } }] : ['DequantizeLinear', 'w scale', 'wide'],
        ['MatMul', 'x wide', 'y'],
      ],
      outputs: ['y'],
    });
    const bytes = Uint8Array.of(0x38, 0xc0, 0x38, 0xc0);
    stored.graph!.initializer.push(
      create(TensorProtoSchema, { name: 'w', dataType: 17, dims: [2n, 2n], rawData: bytes }),
    );
    return stored;
  };

  for (const [operator, factor] of [
    ['Cast', 1],
    ['DequantizeLinear', 0.5],
  ] as const) {
    it(`are trained and written in float32: ${operator}`, async () => {
      const { model: opened, notes } = openForTraining(model(operator), [2], {});
      assert.equal(notes.length, 1);
      const { graph, weights } = importNetwork(opened, { form: { kind: 'values', shape: [2] } });
      assert.equal(weights.length, 1);
      assert.deepEqual(
        [...floatData(graph.initializers.get(weights[0]!)!)],
        [1, -2, 1, -2].map((each) => each * factor),
      );
      const [before, after] = await runAll([model(operator), opened], importGraph(opened, { batch: 2 }), new Random(1));
      assert.deepEqual(after!['y']!.data, before!['y']!.data);
    });
  }
});
