import assert from 'node:assert/strict';
import { InferenceSession, Tensor } from '../../../src/platform/onnxRuntime.ts';
import { randomStream } from '../../../src/data/random.ts';
import { exportOpsets } from '../../../src/onnx/exporting/exportOpsets.ts';
import { encodeModel } from '../../../src/onnx/file.ts';
import { Graph, int, ints, text } from '../../../src/onnx/graph.ts';
import type { ModelProto } from '../../../src/onnx/onnx_pb.ts';
import { opsetProblem } from '../../../src/onnx/exporting/olderOpset.ts';
import { floatTensor } from '../../../src/onnx/tensor.ts';
import { buildStudent, type Architecture } from '../../../src/students/buildStudent.ts';
import { importNetwork } from '../../../src/students/importNetwork.ts';
import { modelOf, writtenGraph, type InitialNetwork } from '../../../src/students/initialNetwork.ts';
import { classifierForm, type NetworkForm } from '../../../src/students/networkForm.ts';
import { storedModel } from '../../support/storedModel.ts';

const images = classifierForm([3, 32, 32], 4);
const texts: NetworkForm = {
  samples: { kind: 'tokens', length: 8, vocabulary: 20, padding: 0 },
  output: { kind: 'logits', classes: 4 },
};
const pictures: NetworkForm = { ...images, output: { kind: 'values', shape: [3, 32, 32] } };

const students: readonly (readonly [Architecture, NetworkForm])[] = [
  [{ architecture: 'mlp', hidden: [8] }, images],
  [{ architecture: 'convnet', channels: [4], hidden: [5], batchNormalization: true }, images],
  [{ architecture: 'resnet', depth: 8, width: 0.25 }, images],
  [{ architecture: 'mobilenetv2', width: 0.1 }, images],
  [{ architecture: 'transformer', layers: 1, heads: 2, hidden: 8, pooling: 'mean' }, texts],
  [{ architecture: 'textcnn', embedding: 4, widths: [2, 3], filters: 4 }, texts],
  [{ architecture: 'autoencoder', channels: [4], hidden: [], bottleneck: 3 }, pictures],
  [{ architecture: 'soft-tree', depth: 2, beta: 1, penalty: 0.1, predict: 'mean' }, images],
];

const opsets = [13, 14, 17, 18, 20, 21, exportOpsets.newest];

/** What ONNX Runtime makes of two samples. */
async function outputsOf(model: ModelProto, inputs: Graph['inputs']): Promise<readonly number[]> {
  const session = await InferenceSession.create(encodeModel(model), { logSeverityLevel: 4 });
  try {
    const random = randomStream(5, 'samples');
    const feeds = inputs.map(({ name, type, shape: [, ...sample] }) => {
      const shape = [2, ...sample.map(Number)];
      const count = shape.reduce((product, size) => product * size, 1);
      const values = Array.from({ length: count }, (_, index) =>
        type === 'int64' ? 1 + (index % 3) : random.normal(),
      );
      const ones = name.includes('mask') ? values.map(() => 1) : values;
      const tensor =
        type === 'int64'
          ? new Tensor('int64', BigInt64Array.from(ones, BigInt), shape)
          : new Tensor('float32', Float32Array.from(values), shape);
      return [name, tensor] as const;
    });
    const results = await session.run(Object.fromEntries(feeds));
    return Array.from(results[session.outputNames[0]!]!.data as Float32Array);
  } finally {
    await session.release();
  }
}

async function assertSameAtEveryOpset(network: InitialNetwork): Promise<void> {
  const options = { name: 'student', metadata: { made: 'here' } };
  const { inputs } = writtenGraph(network);
  const expected = await outputsOf(modelOf(network, new Map(), options), inputs);
  for (const opset of opsets) {
    assert.equal(opsetProblem(writtenGraph(network), opset), undefined);
    const model = modelOf(network, new Map(), { ...options, opset });
    assert.equal(model.opsetImport.find(({ domain }) => domain === '')?.version, BigInt(opset));
    assert.deepEqual(
      model.metadataProps.map(({ key, value }) => [key, value]),
      [['made', 'here']],
    );
    const outputs = await outputsOf(model, inputs);
    assert.equal(outputs.length, expected.length);
    const difference = Math.max(...outputs.map((value, index) => Math.abs(value - expected[index]!)));
    assert.ok(difference < 1e-5, `opset ${opset}: ${difference}`);
  }
}

describe('a student in another operator set', () => {
  for (const [architecture, form] of students) {
    it(`computes the same: ${architecture.architecture}`, async () => {
      await assertSameAtEveryOpset({ graph: buildStudent(architecture, form, randomStream(1, 'weights')) });
    });
  }

  it('computes the same with operators that are composed for the older ones', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', ['batch', 3, 4]);
    const scale = graph.initializer('scale', floatTensor([1, 2, 3, 4]));
    const shift = graph.initializer('shift', floatTensor([0.1, -1, 0, 2]));
    const both = graph.initializer(
      'both',
      floatTensor(
        Float32Array.from({ length: 12 }, (_, index) => index / 6),
        [3, 4],
      ),
    );
    const bent = [
      graph.op('Gelu', [x]),
      graph.op('Gelu', [x], { approximate: text('tanh') }),
      graph.op('Mish', [x]),
      graph.op('HardSwish', [x]),
      graph.op('LayerNormalization', [x, scale, shift], { epsilon: { kind: 'float', value: 0.01 } }),
      graph.op('LayerNormalization', [x, both], { axis: int(1) }),
    ];
    graph.output(graph.op('Concat', bent, { axis: int(-1) }), 'y');
    await assertSameAtEveryOpset({ graph });
  });

  it('computes the same where it began as a file, its softmax and metadata kept', async () => {
    const source = storedModel(11, {
      inputs: { x: ['batch', 3, 8, 8] },
      initializers: {
        w: floatTensor(
          Float32Array.from({ length: 54 }, (_, index) => Math.sin(index)),
          [2, 3, 3, 3],
        ),
      },
      nodes: [
        ['Conv', 'x w', 'conv', { kernel_shape: ints([3, 3]) }],
        ['GlobalAveragePool', 'conv', 'pooled'],
        ['Flatten', 'pooled', 'logits'],
        ['Softmax', 'logits', 'y', { axis: int(1) }],
      ],
      outputs: ['y'],
    });
    const { graph, weights } = importNetwork(source);
    const network = { graph, trainable: new Set(weights), source };
    const doubled = new Map([
      [
        'w',
        floatTensor(
          Float32Array.from({ length: 54 }, (_, index) => 2 * Math.sin(index)),
          [2, 3, 3, 3],
        ),
      ],
    ]);
    const options = { name: 'student', metadata: {} };
    const expected = await outputsOf(modelOf(network, doubled, options), graph.inputs);
    const written = modelOf(network, doubled, { ...options, opset: 17 });
    assert.deepEqual(
      written.graph!.node.map(({ opType }) => opType),
      ['Conv', 'GlobalAveragePool', 'Flatten', 'Softmax'],
    );
    assert.deepEqual(await outputsOf(written, graph.inputs), expected);
  });

  it('is refused where an operator is missing, naming it and the operator set that has all', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', ['batch', 1, 5]);
    const attributes = { kernel_shape: ints([2]), dilations: ints([2]) };
    graph.output(graph.op('AveragePool', [graph.op('CastLike', [x, x])], attributes, { name: 'pool' }));
    const problem = opsetProblem(graph, 13);
    assert.match(problem!.message, /\(CastLike\) can be written from operator set 15 on only/);
    assert.match(problem!.hint!, /Choose opset 19 or newer/);
    assert.equal(opsetProblem(graph, 19), undefined);
  });
});
