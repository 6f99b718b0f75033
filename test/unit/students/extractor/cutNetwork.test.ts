import assert from 'node:assert/strict';
import { randomStream } from '../../../../src/data/random.ts';
import { BadInputError } from '../../../../src/errors.ts';
import { exportModel } from '../../../../src/onnx/exporting/exportModel.ts';
import { int, type Graph } from '../../../../src/onnx/graph.ts';
import type { ModelProto } from '../../../../src/onnx/onnx_pb.ts';
import { floatTensor, intTensor } from '../../../../src/onnx/tensor.ts';
import { buildStudent } from '../../../../src/students/buildStudent.ts';
import { cutNetwork } from '../../../../src/students/extractor/cutNetwork.ts';
import { classifierForm } from '../../../../src/students/networkForm.ts';
import { runGraph } from '../../../support/onnxruntime.ts';
import { arrayOf, type NumberArray } from '../../../support/reference/array.ts';
import { storedModel } from '../../../support/storedModel.ts';

const random = randomStream(3, 'test');
const batchOf = (...shape: number[]): NumberArray =>
  arrayOf(
    shape,
    Array.from({ length: shape.reduce((product, size) => product * size, 1) }, () => random.normal()),
  );

const convnet = (): Graph =>
  buildStudent(
    { architecture: 'convnet', channels: [4, 8], hidden: [6], batchNormalization: true },
    classifierForm([1, 8, 8], 3),
    randomStream(0, 'weights'),
  );
const stored = (graph: Graph): ModelProto => exportModel(graph, { name: 'net' });

describe('cutting a network', () => {
  it('ends before the last dense layer by default, and drops what comes after', async () => {
    const graph = convnet();
    const { graph: front, cut, featureShape } = cutNetwork(stored(graph), undefined);
    assert.deepEqual(featureShape, [6]);
    assert.equal(cut, graph.nodes.find(({ name }) => name === 'output')?.inputs[0]?.name);
    assert.ok(![...front.initializers.keys()].some((name) => name.startsWith('output.')));
    assert.ok(!front.find('logits'));
    const input = batchOf(5, 1, 8, 8);
    const features = (await runGraph(front, new Map([['input', input]]))).get(front.outputs[0]!.name);
    // The whole network from the features on: logits = features · outputᵀ + bias.
    const logits = (await runGraph(graph, new Map([['input', input]]))).get('logits');
    const [weight, bias] = ['output.weight', 'output.bias'].map((name) => graph.initializers.get(name)!.data);
    for (let row = 0; row < 5; row++) {
      for (let unit = 0; unit < 3; unit++) {
        let sum = Number(bias![unit]);
        for (let at = 0; at < 6; at++) sum += features!.data[row * 6 + at]! * Number(weight![unit * 6 + at]);
        assert.ok(Math.abs(sum - logits!.data[row * 3 + unit]!) < 1e-5);
      }
    }
  });

  it('ends before the last convolution of a network that has no dense layer', () => {
    const model = storedModel(17, {
      inputs: { x: ['n', 1, 4, 4] },
      initializers: {
        first: floatTensor([1, 2, 3], [3, 1, 1, 1]),
        last: floatTensor(new Float32Array(6), [2, 3, 1, 1]),
      },
      nodes: [
        ['Conv', 'x first', 'maps'],
        ['Relu', 'maps', 'active'],
        ['Conv', 'active last', 'classes'],
        ['GlobalAveragePool', 'classes', 'means'],
        ['Flatten', 'means', 'y'],
      ],
      outputs: ['y'],
    });
    const { cut, featureShape } = cutNetwork(model, undefined);
    assert.deepEqual([cut, featureShape], ['active', [3]]);
  });

  it('ends before the last dense layer is rounded, where that computes in whole numbers', () => {
    const model = storedModel(17, {
      inputs: { x: ['n', 3] },
      initializers: {
        w: floatTensor(new Float32Array(12), [3, 4]),
        q: { type: 'int8', shape: [4, 2], data: new Int8Array(8) },
        scale: floatTensor([0.1], []),
      },
      nodes: [
        ['MatMul', 'x w', 'h'],
        ['Relu', 'h', 'r'],
        ['DynamicQuantizeLinear', 'r', 'whole s z'],
        ['MatMulInteger', 'whole q z', 'product'],
        ['Cast', 'product', 'floats', { to: int(1) }],
        ['Mul', 'floats s', 'scaled'],
        ['Mul', 'scaled scale', 'y'],
      ],
      outputs: ['y'],
    });
    const { cut, featureShape } = cutNetwork(model, undefined);
    assert.deepEqual([cut, featureShape], ['r', [4]]);
  });

  it('knows the batch in what was reshaped to sizes that the model computes', () => {
    const model = storedModel(17, {
      inputs: { x: ['n', 2, 3] },
      initializers: {
        ...{ first: intTensor(0), one: intTensor(1), zero: intTensor(0), front: intTensor([0]), rest: intTensor([6]) },
        ...{ w: floatTensor(new Float32Array(12), [6, 2]) },
      },
      nodes: [
        // The number of rows by way of a range, as exporters of indices write it.
        ['Shape', 'x', 'shape'],
        ['Gather', 'shape first', 'batch', { axis: int(0) }],
        ['Range', 'zero batch one', 'rows'],
        ['Shape', 'rows', 'count'],
        ['Concat', 'count rest', 'flat', { axis: int(0) }],
        ['Reshape', 'x flat', 'view'],
        ['MatMul', 'view w', 'y'],
      ],
      outputs: ['y'],
    });
    const { cut, featureShape } = cutNetwork(model, undefined);
    assert.deepEqual([cut, featureShape], ['view', [6]]);
  });

  it('averages feature maps over their pixels', async () => {
    const graph = convnet();
    const maps = graph.nodes.find(({ operator }) => operator === 'Relu')!.outputs[0]!;
    const whole = convnet();
    whole.outputs.splice(0, 1, whole.value(maps.name));
    const { graph: front, featureShape } = cutNetwork(stored(graph), maps.name);
    assert.deepEqual(featureShape, [4]);
    const inputs = new Map([['input', batchOf(3, 1, 8, 8)]]);
    const features = (await runGraph(front, inputs)).get(front.outputs[0]!.name)!;
    const values = (await runGraph(whole, inputs)).get(maps.name)!;
    const plane = values.data.length / 12;
    assert.deepEqual(features.shape, [3, 4]);
    features.data.forEach((feature, index) => {
      const pixels = Array.from(values.data).slice(index * plane, (index + 1) * plane);
      assert.ok(Math.abs(feature - pixels.reduce((sum, value) => sum + value, 0) / plane) < 1e-6);
    });
  });

  it('leaves what is fed and how large it is as the file says, with open sizes as they are bound', () => {
    const model = storedModel(17, {
      inputs: { image: ['n', 3, 'height', 'width'] },
      initializers: {
        kernel: floatTensor(new Float32Array(5 * 3).fill(0.1), [5, 3, 1, 1]),
        dense: floatTensor(new Float32Array(10), [5, 2]),
      },
      nodes: [
        ['Conv', 'image kernel', 'maps'],
        ['GlobalAveragePool', 'maps', 'pooled'],
        ['Flatten', 'pooled', 'vector'],
        ['MatMul', 'vector dense', 'scores'],
      ],
      outputs: ['scores'],
    });
    const open = cutNetwork(model, undefined);
    assert.deepEqual([open.cut, open.featureShape], ['vector', [5]]);
    assert.deepEqual(open.graph.inputs[0]?.shape, ['n', 3, 'height', 'width']);
    const bound = cutNetwork(model, 'maps', { bind: { height: 6, width: 7 } });
    assert.deepEqual(bound.graph.inputs[0]?.shape, ['n', 3, 6, 7]);
    assert.deepEqual(bound.featureShape, [5]);
  });

  it('is refused where there is no feature', () => {
    const refused = (model: ModelProto, cut?: string): string => {
      try {
        cutNetwork(model, cut);
      } catch (error) {
        assert.ok(error instanceof BadInputError);
        const [problem] = error.problems;
        assert.equal(problem?.where, 'cut');
        assert.ok(problem.hint?.includes('distillery inspect'));
        return problem.message;
      }
      return assert.fail('nothing was refused');
    };
    const net = stored(convnet());
    assert.match(refused(net, 'nowhere'), /^The extractor computes no value named 'nowhere'\.$/);
    assert.match(refused(net, 'output.weight'), /computes no value named 'output\.weight'/);
    const nodes = [
      ['Shape', 'x', 'sizes'],
      ['ReduceMean', 'x axis', 'column'],
      ['Gemm', 'x w', 'scores'],
    ] as const;
    const shallow = storedModel(18, {
      inputs: { x: ['n', 4] },
      initializers: {
        w: floatTensor(new Float32Array(8), [4, 2]),
        axis: { type: 'int64', shape: [1], data: BigInt64Array.of(0n) },
      },
      nodes,
      outputs: ['scores', 'sizes', 'column'],
      outputTypes: { sizes: 'int64' },
    });
    assert.match(refused(shallow), /single layer and nothing before it/);
    assert.match(refused(shallow, 'sizes'), /^The extractor's value 'sizes' \(int64 \[2\]\) is no float32 feature/);
    assert.match(refused(shallow, 'column'), /'column' \(float32 \[1, 4\]\) is no float32 feature/);
    const convolutions = storedModel(17, {
      inputs: { x: ['n', 1, 2, 2] },
      initializers: { kernel: floatTensor([1], [1, 1, 1, 1]) },
      nodes: [['Conv', 'x kernel', 'maps']],
      outputs: ['maps'],
    });
    assert.match(refused(convolutions), /single layer and nothing before it/);
  });
});
