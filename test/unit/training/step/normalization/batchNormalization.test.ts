import assert from 'node:assert/strict';
import { gradients } from '../../../../../src/autodiff/gradients.ts';
import { Random } from '../../../../../src/data/random.ts';
import { copyGraph } from '../../../../../src/onnx/copy.ts';
import { dimensionsOf, float, Graph, int } from '../../../../../src/onnx/graph.ts';
import type { Value } from '../../../../../src/onnx/node.ts';
import { elementCount, floatTensor } from '../../../../../src/onnx/tensor.ts';
import { describeState } from '../../../../../src/training/step/parameters.ts';
import { TrainedForm } from '../../../../../src/training/step/trainedForm.ts';
import { buildTrainedNormalization } from '../../../../../src/training/step/normalization/batchNormalization.ts';
import { arrayOf, type NumberArray } from '../../../../support/reference/array.ts';
import { evaluate } from '../../../../support/reference/evaluate.ts';

const shape = [3, 2, 2, 2];

/** A graph with Σ w ⊙ y of a normalisation of `x`, its statistics and the gradients with respect to x, scale and bias. */
function build(composite: boolean): { graph: Graph; feeds: Map<string, NumberArray> } {
  const random = new Random(3);
  const model = new Graph();
  const inputs = ['scale', 'bias', 'mean', 'variance'].map((name) => model.input(name, 'float32', [2]));
  model.op('BatchNormalization', [model.input('x', 'float32', shape), ...inputs], {
    epsilon: float(0.01),
    momentum: float(0.75),
  });
  const [node] = model.nodes;

  const graph = new Graph();
  const x = graph.input('x', 'float32', shape);
  const [scale, bias, mean, variance] = ['scale', 'bias', 'mean', 'variance'].map((name) =>
    graph.input(name, 'float32', [2]),
  ) as [Value, Value, Value, Value];
  const trained = buildTrainedNormalization(graph, node!, [x, scale, bias, mean, variance]);
  const weights = graph.constant(
    floatTensor(
      Array.from({ length: elementCount(shape) }, () => random.normal()),
      shape,
    ),
  );
  const loss = graph.op('ReduceSum', [graph.op('Mul', [trained.output, weights])], { keepdims: int(0) });
  const composites = new Map(composite ? [[trained.output.name, trained.composite]] : []);
  gradients(graph, loss, [x, scale, bias], composites).forEach((gradient, index) =>
    graph.output(gradient, `gradient_${index}`),
  );
  graph.output(loss, 'loss');
  graph.output(trained.mean, 'mean.next');
  graph.output(trained.variance, 'variance.next');
  const feeds = new Map(
    graph.inputs.map((input) => {
      const dimensions = dimensionsOf(input);
      return [
        input.name,
        arrayOf(
          dimensions,
          Array.from({ length: elementCount(dimensions) }, () => random.uniform(0.5, 2)),
        ),
      ] as const;
    }),
  );
  return { graph, feeds };
}

describe('batch normalisation in training', () => {
  it('has the gradients of central differences in double precision, as one and node by node', () => {
    for (const composite of [true, false]) {
      const { graph, feeds } = build(composite);
      const results = evaluate(graph, feeds);
      for (const [index, name] of ['x', 'scale', 'bias'].entries()) {
        const gradient = results.get(`gradient_${index}`)!;
        const array = feeds.get(name)!;
        for (let element = 0; element < array.data.length; element++) {
          const lossAt = (change: number): number => {
            const data = Array.from(array.data, (value, other) => (other === element ? value + change : value));
            return evaluate(graph, new Map([...feeds, [name, arrayOf(array.shape, data)]])).get('loss')!.data[0]!;
          };
          const difference = (lossAt(1e-5) - lossAt(-1e-5)) / 2e-5;
          assert.ok(
            Math.abs(gradient.data[element]! - difference) < 1e-7,
            `${name}[${element}]: ${gradient.data[element]} against ${difference}`,
          );
        }
      }
    }
  });

  it('moves the running statistics towards those of the batch, as ONNX defines it', () => {
    const { graph, feeds } = build(true);
    const results = evaluate(graph, feeds);
    const x = feeds.get('x')!.data;
    for (const channel of [0, 1]) {
      const values = [0, 1, 2].flatMap((sample) => [0, 1, 2, 3].map((pixel) => x[(sample * 2 + channel) * 4 + pixel]!));
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
      const moved = (name: string, batch: number) => 0.75 * feeds.get(name)!.data[channel]! + 0.25 * batch;
      assert.ok(Math.abs(results.get('mean.next')!.data[channel]! - moved('mean', mean)) < 1e-9);
      assert.ok(Math.abs(results.get('variance.next')!.data[channel]! - moved('variance', variance)) < 1e-9);
    }
  });

  it('moves them on at every place where a layer is applied, as in networks that share it', () => {
    const network = new Graph();
    const given = ['one', 'other'].map((name) => network.input(name, 'float32', [2, 1]));
    const layer = [1, 0, 10, 1].map((value, index) =>
      network.initializer(['scale', 'bias', 'mean', 'variance'][index] ?? '', floatTensor([value])),
    );
    for (const input of given)
      network.output(network.op('BatchNormalization', [input, ...layer], { momentum: float(0.5) }));
    const graph = new Graph();
    const bindings = new Map(given.map(({ name, type, shape: sizes }) => [name, graph.input(name, type, sizes)]));
    const form = new TrainedForm(graph, network, describeState(network).statistics);
    copyGraph(graph, network, { bindings, prefix: '', rewrite: form.rewrite });
    graph.output(form.successors.get('mean')!, 'mean.next');
    graph.output(form.successors.get('variance')!, 'variance.next');
    const feeds = new Map([
      ['one', arrayOf([2, 1], [1, 3])],
      ['other', arrayOf([2, 1], [4, 8])],
    ]);
    const results = evaluate(graph, feeds);
    assert.equal(results.get('mean.next')!.data[0], ((10 + 2) / 2 + 6) / 2);
    assert.equal(results.get('variance.next')!.data[0], ((1 + 1) / 2 + 4) / 2);
  });
});
