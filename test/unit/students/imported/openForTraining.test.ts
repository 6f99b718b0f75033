import assert from 'node:assert/strict';
import { InferenceSession, Tensor as RuntimeTensor } from '../../../../src/platform/onnxRuntime.ts';
import { gradients } from '../../../../src/autodiff/gradients.ts';
import { randomStream } from '../../../../src/data/random.ts';
import { bindInputs } from '../../../../src/onnx/importing/bindInputs.ts';
import { copyGraph } from '../../../../src/onnx/copy.ts';
import { encodeModel } from '../../../../src/onnx/file.ts';
import { dimensionsOf, Graph, int } from '../../../../src/onnx/graph.ts';
import type { Value } from '../../../../src/onnx/node.ts';
import type { ModelProto } from '../../../../src/onnx/onnx_pb.ts';
import { elementCount, floatData, floatTensor, intTensor } from '../../../../src/onnx/tensor.ts';
import { importNetwork } from '../../../../src/students/importNetwork.ts';
import { openForTraining } from '../../../../src/students/imported/openForTraining.ts';
import { trainBriefly } from '../../../support/briefTraining.ts';
import { exportedKinds, exportedModel, sampleShapes, type ExportedKind } from '../../../support/exportedShapes.ts';
import { assertClose } from '../../../support/gradientCheck.ts';
import { arrayOf, type NumberArray } from '../../../support/reference/array.ts';
import { runGraph } from '../../../support/onnxruntime.ts';
import { storedModel } from '../../../support/storedModel.ts';
import { sampleOf } from '../../../support/full.ts';

const open = (model: ModelProto, sampleShape: readonly number[]) => openForTraining(model, sampleShape, {});

/** The output of a stored model for a batch. */
async function run(model: ModelProto, data: Float32Array, shape: readonly number[]): Promise<Float32Array> {
  const session = await InferenceSession.create(encodeModel(model), { intraOpNumThreads: 1, logSeverityLevel: 3 });
  try {
    const { y } = await session.run({ x: new RuntimeTensor('float32', data, [...shape]) });
    return y!.data as Float32Array;
  } finally {
    await session.release();
  }
}

function randomBatch(shape: readonly number[]): Float32Array {
  const random = randomStream(3, 'samples');
  return Float32Array.from({ length: elementCount(shape) }, () => random.uniform(-1, 1));
}

/** A free batch, and one that is fixed at export. */
const BATCHES = ['batch', 1] as const;

describe('students whose shapes follow the batch', () => {
  for (const kind of exportedKinds) {
    describe(kind, () => {
      const batchesOfGradients = sampleOf('ways of exporting of which gradients are checked', BATCHES, 1, kind);
      for (const batch of BATCHES) {
        const model = exportedModel(kind, batch);
        const network = () => {
          const { model: source } = open(model, sampleShapes[kind]);
          const { graph, weights } = importNetwork(source);
          return { graph, weights, trainable: new Set(weights), source };
        };

        it(`is trained and written with a free batch, exported with ${batch === 1 ? 'a batch of 1' : 'a free one'}`, () =>
          trainBriefly({
            network: network(),
            sampleShape: sampleShapes[kind],
            classes: 3,
            epochs: 12,
            learningRate: 0.03,
          }));

        if (!batchesOfGradients.includes(batch)) continue;
        it(`has the gradients of central differences, exported with ${batch === 1 ? 'a batch of 1' : 'a free one'}`, () =>
          checkGradients(network(), sampleShapes[kind]));
      }

      it('computes for three samples what its file with a batch of 1 computes for each', async () => {
        const model = exportedModel(kind, 1);
        const [shape, size] = [sampleShapes[kind], elementCount(sampleShapes[kind])];
        const samples = randomBatch([3, ...shape]);
        const together = await run(open(model, shape).model, samples, [3, ...shape]);
        for (const sample of [0, 1, 2]) {
          const alone = await run(model, samples.slice(sample * size, (sample + 1) * size), [1, ...shape]);
          alone.forEach((value, index) => {
            assert.ok(Math.abs(value - together[sample * 3 + index]!) < 1e-5);
          });
        }
      });
    });
  }

  it('has the same weights, whichever way it was exported, and no zero states or ones of a group normalisation', () => {
    const weightsOf = (kind: ExportedKind, batch: 'batch' | 1) =>
      importNetwork(open(exportedModel(kind, batch), sampleShapes[kind]).model).weights;
    for (const kind of exportedKinds)
      assert.deepEqual([...weightsOf(kind, 1)].sort(), [...weightsOf(kind, 'batch')].sort());
    assert.deepEqual(weightsOf('recurrent', 1), ['W', 'R', 'B', 'w', 'c']);
    assert.deepEqual(weightsOf('groupNormalization', 'batch'), ['conv', 'scale', 'shift', 'slope', 'w', 'c']);
  });

  it('says which node cannot follow another batch', () => {
    const model = storedModel(16, {
      inputs: { x: [1, 4] },
      initializers: { w: floatTensor(new Float32Array(8), [4, 2]), sum: intTensor([0]) },
      nodes: [
        ['MatMul', 'x w', 'z'],
        ['ReduceMean', 'z', 'y', { axes: { kind: 'ints', value: [0] } }],
      ],
      outputs: ['y'],
    });
    assert.throws(() => open(model, [4]), /takes batches of 1 only.*'y' has the same number of rows/);
  });

  it('leaves a model with a free batch as it is', () => {
    const model = exportedModel('shuffle', 'batch');
    const opened = open(model, sampleShapes.shuffle);
    assert.equal(opened.model, model);
    assert.deepEqual(opened.notes, []);
  });
});

describe('images with the channels last', () => {
  it('are turned by the model, so that it takes those of the dataset', async () => {
    const random = randomStream(1, 'weights');
    const matrix = Float32Array.from({ length: 2 * 3 * 4 * 5 }, () => random.uniform(-1, 1));
    const model = storedModel(16, {
      inputs: { x: ['batch', 3, 4, 2] },
      initializers: { w: floatTensor(matrix, [24, 5]) },
      nodes: [
        ['Flatten', 'x', 'flat'],
        ['MatMul', 'flat w', 'y'],
      ],
      outputs: ['y'],
    });
    const { model: turned, notes } = open(model, [2, 3, 4]);
    assert.match(notes.join(), /channels last/);
    const last = randomBatch([1, 3, 4, 2]);
    const first = Float32Array.from({ length: 24 }, (_, index) => last[(index % 12) * 2 + Math.floor(index / 12)]!);
    assert.deepEqual(await run(turned, first, [1, 2, 3, 4]), await run(model, last, [1, 3, 4, 2]));
    assert.equal(open(model, [3, 4, 2]).model, model);
  });
});

/** Gradients of Σ c · logits of two samples with respect to every weight, in ONNX Runtime, against central differences. */
async function checkGradients(
  { graph: network, weights }: { readonly graph: Graph; readonly weights: readonly string[] },
  sampleShape: readonly number[],
): Promise<void> {
  const graph = new Graph();
  const samples = graph.input('samples', 'float32', [2, ...sampleShape]);
  const inputs = weights.map((name) => graph.input(`weight:${name}`, 'float32', dimensionsOf(network.value(name))));
  const bindings = new Map<string, Value>([[network.inputs[0]!.name, samples]]);
  const bound = bindInputs(network, bindings);
  weights.forEach((name, index) => bindings.set(name, inputs[index]!));
  const copies = copyGraph(graph, bound, { bindings, prefix: 'network.' });
  const logits = copies.get(network.outputs[0]!.name)!;
  const factors = graph.constant(floatTensor([0.7, -1.1, 0.4, 1.3, 0.2, -0.8], [2, 3]));
  const loss = graph.op('ReduceSum', [graph.op('Mul', [logits, factors])], { keepdims: int(0) });
  graph.output(loss, 'loss');
  gradients(graph, loss, inputs).forEach((gradient, index) => graph.output(gradient, `gradient_${index}`));
  const feeds = new Map<string, NumberArray>([
    ['samples', arrayOf([2, ...sampleShape], [...randomBatch([2, ...sampleShape])])],
  ]);
  weights.forEach((name, index) => {
    const tensor = network.initializers.get(name)!;
    feeds.set(inputs[index]!.name, arrayOf(tensor.shape, [...floatData(tensor)]));
  });
  const results = await runGraph(graph, feeds);
  // Small, so that hardly any slope of a PRelu changes within it.
  const distance = 1 / 1024;
  for (const [index, input] of inputs.entries()) {
    const array = feeds.get(input.name)!;
    // A few entries of each, because every difference runs the whole graph twice.
    const positions = [0, Math.floor(array.data.length / 2), array.data.length - 1];
    const got: number[] = [];
    const wanted: number[] = [];
    for (const position of positions) {
      const lossAt = async (shift: number): Promise<number> => {
        const data = Float64Array.from(array.data);
        data[position] = data[position]! + shift;
        return (await runGraph(graph, new Map([...feeds, [input.name, { shape: array.shape, data }]]))).get('loss')!
          .data[0]!;
      };
      wanted.push(((await lossAt(distance)) - (await lossAt(-distance))) / (2 * distance));
      got.push(results.get(`gradient_${index}`)!.data[position]!);
    }
    assertClose(arrayOf([3], got), arrayOf([3], wanted), 3e-3, `gradient of ${weights[index]}`);
  }
}
