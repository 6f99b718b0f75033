import assert from 'node:assert/strict';
import { gradients } from '../../../src/autodiff/gradients.ts';
import { float, int, text } from '../../../src/onnx/graph.ts';
import { importGraph } from '../../../src/onnx/importing/importGraph.ts';
import { elementCount } from '../../../src/onnx/tensor.ts';
import { runGraph } from '../../support/onnxruntime.ts';
import { arrayOf } from '../../support/reference/array.ts';
import { storedModel, type StoredNodeText } from '../../support/storedModel.ts';

/** sin(step · 0), sin(step · 1), … in this shape. */
interface Wave {
  readonly shape: readonly number[];
  readonly step: number;
}

const wave = (shape: readonly number[], step = 1.3): Wave => ({ shape, step });
const numbersOf = ({ shape, step }: Wave): number[] =>
  Array.from({ length: elementCount(shape) }, (_, index) => Math.sin(step * index));

interface Reference {
  readonly title: string;
  readonly opset?: number;
  readonly inputs: Readonly<Record<string, Wave>>;
  readonly node: StoredNodeText;
  /** Gradients of Σ sin(0.3 · i) yᵢ that PyTorch 2.15.0 computes in float64, by input. */
  readonly gradients: Readonly<Record<string, readonly number[]>>;
}

const references: readonly Reference[] = [
  {
    title: 'GridSample: torch.nn.functional.grid_sample',
    inputs: { x: wave([1, 2, 3, 3]), g: wave([1, 2, 2, 2], 0.7) },
    node: ['GridSample', 'x g', 'y', { mode: text('linear') }],
    gradients: {
      x: [
        ...[0.2855611, 0.1478129, 0.1492878, 0, 0.1331068, 0.134435, 0, 0, 0.1087467],
        ...[0.3146822, 0.2549351, 0.257479, 0, 0.2609564, 0.2318621, 0, 0.9006541, 0.3670621],
      ],
      g: [-1.386284, 2.59748, 0.3734001, 0.2763096, 0.9011578, -3.0549979, -0.5192826, -0.6833738],
    },
  },
  {
    title: 'RNN: torch.nn.RNN, both directions',
    inputs: { x: wave([3, 1, 2], 0.7), w: wave([2, 2, 2]), r: wave([2, 2, 2], 0.9), b: wave([2, 4], 0.5) },
    node: ['RNN', 'x w r b', 'y', { hidden_size: int(2), direction: text('bidirectional') }],
    gradients: {
      x: [0.1903959, 0.1594108, -0.1352233, 0.1554998, -0.3225066, 0.0173117],
      w: [0.0981713, -0.0272745, 0.0254812, 0.1070675, 0.3282275, 0.623914, 0.0355987, 0.6159639],
      r: [0.211154, 0.208205, 0.0248909, 0.021847, 0.0862869, 0.4900738, -0.0494009, 0.4639058],
    },
  },
  {
    title: 'LRN: torch.nn.functional.local_response_norm',
    inputs: { x: wave([1, 4, 2, 2]) },
    node: ['LRN', 'x', 'y', { size: int(3), alpha: float(0.5), beta: float(0.75), bias: float(1.2) }],
    gradients: {
      x: [
        ...[0, 0.1677364, 0.3495023, 0.6105866, 0.5471171, 0.7455998, 0.5651449, 0.6730528],
        ...[0.3558477, 0.3766246, 0.0137988, -0.0560986, -0.3514337, -0.4842309, -0.6642217, -0.6893747],
      ],
    },
  },
  {
    title: 'RotaryEmbedding: its formula in PyTorch',
    opset: 23,
    inputs: { x: wave([1, 1, 2, 4]), c: wave([1, 2, 2], 0.4), s: wave([1, 2, 2], 0.6) },
    node: ['RotaryEmbedding', 'x c s', 'y'],
    gradients: { x: [0, 0.5573806, 0, 0.1381786, 1.576268, 1.7703387, -0.1701013, -0.1668633] },
  },
];

describe("gradients of operators, against PyTorch's", () => {
  for (const reference of references) {
    it(reference.title, async () => {
      const shapes = Object.fromEntries(Object.entries(reference.inputs).map(([name, { shape }]) => [name, shape]));
      const model = storedModel(reference.opset ?? 20, { inputs: shapes, nodes: [reference.node], outputs: ['y'] });
      const graph = importGraph(model);
      const y = graph.value('y');
      const size = elementCount(y.shape.map(Number));
      const weights = graph.floats(numbersOf(wave([size], 0.3)), y.shape.map(Number));
      const loss = graph.op('ReduceSum', [graph.op('Mul', [y, weights])], { keepdims: int(0) });
      const names = Object.keys(reference.gradients);
      const found = gradients(
        graph,
        loss,
        names.map((name) => graph.value(name)),
      );
      graph.outputs.length = 0;
      found.forEach((gradient, index) => graph.output(gradient, `of ${names[index] ?? ''}`));
      const feeds = new Map(
        Object.entries(reference.inputs).map(([name, input]) => [name, arrayOf(input.shape, numbersOf(input))]),
      );
      const results = await runGraph(graph, feeds);
      for (const [name, expected] of Object.entries(reference.gradients)) {
        const actual = [...(results.get(`of ${name}`)?.data ?? [])];
        assert.equal(actual.length, expected.length);
        for (const [index, wanted] of expected.entries()) {
          assert.ok(
            Math.abs((actual[index] ?? NaN) - wanted) < 1e-5,
            `${name}[${index}] is ${actual[index]}, not ${wanted}`,
          );
        }
      }
    });
  }
});
