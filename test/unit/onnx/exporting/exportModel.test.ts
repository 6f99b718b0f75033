import assert from 'node:assert/strict';
import { InferenceSession } from '../../../../src/platform/onnxRuntime.ts';
import { Random } from '../../../../src/data/random.ts';
import { DistilleryError } from '../../../../src/errors.ts';
import { exportModel } from '../../../../src/onnx/exporting/exportModel.ts';
import { decodeModel, encodeModel } from '../../../../src/onnx/file.ts';
import { float, Graph, int, ints, text } from '../../../../src/onnx/graph.ts';
import type { Attributes } from '../../../../src/onnx/node.ts';
import { importGraph } from '../../../../src/onnx/importing/importGraph.ts';
import { floatTensor } from '../../../../src/onnx/tensor.ts';
import { runAll, storedModel } from '../../../support/storedModel.ts';

/** A dense layer, with a node that nothing reads and a weight that nothing reads. */
function dense(batch: number | string): Graph {
  const graph = new Graph();
  const x = graph.input('x', 'float32', [batch, 2]);
  const w = graph.initializer('w', floatTensor([1, 2, 3, 4, 5, 6], [2, 3]));
  graph.initializer('unused', floatTensor([1]));
  graph.output(graph.op('Gemm', [x, w], { alpha: float(0.1) }), 'y');
  return graph;
}

describe('exporting a graph', () => {
  it('writes names, metadata and producer, and no weight that nothing reads', () => {
    const model = exportModel(dense(4), { name: 'student', metadata: { classes: 'a,b,c' }, producerVersion: '1.2.3' });
    const decoded = decodeModel(encodeModel(model));
    assert.equal(decoded.graph?.name, 'student');
    assert.equal(decoded.producerName, 'distillery');
    assert.equal(decoded.producerVersion, '1.2.3');
    assert.deepEqual(
      decoded.metadataProps.map(({ key, value }) => [key, value]),
      [['classes', 'a,b,c']],
    );
    assert.deepEqual(
      decoded.graph.initializer.map(({ name }) => name),
      ['w'],
    );
    assert.equal(decoded.irVersion, 10n);
    assert.deepEqual(
      decoded.opsetImport.map(({ domain, version }) => [domain, version]),
      [['', 21n]],
    );
  });

  it('gives every node a name of its own, which ONNX Runtime asks for, also where a file names one like the output of another without name', async () => {
    const stored = storedModel(18, {
      inputs: { x: ['n', 2] },
      nodes: [
        ['Relu', 'x', 'node1'],
        ['Neg', 'node1', 'y'],
        ['Abs', 'y', 'z'],
      ],
      outputs: ['z'],
    });
    for (const node of stored.graph?.node ?? []) if (node.opType !== 'Neg') node.name = '';
    const model = exportModel(importGraph(stored), { name: 'student' });
    assert.deepEqual(
      model.graph?.node.map(({ name }) => name),
      ['node1', 'node1.2', 'z'],
    );
    await (await InferenceSession.create(encodeModel(model))).release();
  });

  const batches: readonly { dynamicBatch: boolean | string | undefined; shape: (number | string)[] }[] = [
    { dynamicBatch: undefined, shape: [4, 3] },
    { dynamicBatch: false, shape: [4, 3] },
    { dynamicBatch: true, shape: ['batch', 3] },
    { dynamicBatch: 'n', shape: ['n', 3] },
  ];
  for (const { dynamicBatch, shape } of batches) {
    it(`names the batch as asked: ${dynamicBatch}`, async () => {
      const options = dynamicBatch === undefined ? {} : { dynamicBatch };
      const model = exportModel(dense(4), { name: 'student', ...options });
      const session = await InferenceSession.create(encodeModel(model));
      const [output] = session.outputMetadata;
      assert.ok(output?.isTensor);
      assert.deepEqual(output.shape, shape);
      await session.release();
    });
  }

  it('imports the domains of its operators', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2, 2]);
    graph.output(graph.op('FusedMatMul', [x, x], { transB: int(1) }, { domain: 'com.microsoft' }));
    assert.deepEqual(
      exportModel(graph, { name: 'g' }).opsetImport.map(({ domain, version }) => [domain, version]),
      [
        ['', 21n],
        ['com.microsoft', 1n],
      ],
    );
  });

  it('keeps attributes of every kind', () => {
    const attributes: Attributes = {
      axis: int(-1),
      alpha: float(0.5),
      mode: text('größer'),
      pads: ints([1, -1, 2 ** 63]),
      scales: { kind: 'floats', value: [0.5, 2] },
      keys: { kind: 'strings', value: ['a', ''] },
      value: { kind: 'tensor', value: floatTensor([1, 2]) },
    };
    const graph = new Graph();
    graph.output(graph.op('Relu', [graph.input('x', 'float32', [1])], attributes));
    const model = decodeModel(encodeModel(exportModel(graph, { name: 'g' })));
    assert.deepEqual(importGraph(model).nodes[0]?.attributes, { ...attributes, pads: ints([1, -1, 2 ** 63]) });
  });

  describe('in an older operator set', () => {
    /** Operators whose form changed since opset 13. */
    const build = (): Graph => {
      const graph = new Graph();
      const x = graph.input('x', 'float32', [2, 4, 6]);
      const scale = graph.initializer('scale', floatTensor([1, 2, 3, 4, 5, 6]));
      const mean = graph.op('ReduceMean', [x, graph.integers([1])], { keepdims: int(1) });
      const largest = graph.op('ReduceMax', [x]);
      const sum = graph.op('ReduceSum', [x, graph.integers([-1])], { keepdims: int(1) });
      const [left, right] = graph.node('Split', [x], {
        attributes: { axis: int(2), num_outputs: int(2) },
        outputs: ['left', 'right'],
      });
      const joined = graph.op('Concat', [right, left], { axis: int(-1) });
      const total = graph.op('Sum', [graph.op('Mul', [joined, scale]), mean, largest, sum]);
      graph.output(graph.op('Softmax', [graph.op('Pad', [total, graph.integers([0, 0, 1, 0, 0, 1])])]), 'y');
      return graph;
    };

    it('computes the same', async () => {
      const opsets = [13, 14, 15, 16, 17, 18, 19, 20, 21, 22];
      const models = opsets.map((opset) => exportModel(build(), { name: 'g', opset }));
      models.forEach((model, index) => {
        assert.equal(model.opsetImport[0]?.version, BigInt(opsets[index]!));
      });
      assert.deepEqual(
        models.map(({ irVersion }) => irVersion),
        [7n, 7n, 8n, 8n, 8n, 8n, 9n, 9n, 10n, 10n],
      );
      const [first, ...others] = await runAll(models, build(), new Random(1));
      for (const other of others) assert.deepEqual(other, first);
      const again = importGraph(models[0]!);
      const [imported] = await runAll([exportModel(again, { name: 'g' })], again, new Random(1));
      assert.deepEqual(imported, first);
    });

    const refusals: readonly { opset: number; needed: number; build: (graph: Graph) => void }[] = [
      {
        opset: 16,
        needed: 17,
        build: (graph) => {
          const inputs = [graph.input('x', 'float32', [1, 2]), graph.input('w', 'float32', [2])];
          graph.node('LayerNormalization', inputs, { outputs: ['y', 'mean'] });
        },
      },
      { opset: 19, needed: 20, build: (graph) => graph.op('Gelu', [graph.input('x', 'float64', [1])]) },
      {
        opset: 17,
        needed: 18,
        build: (graph) => {
          const x = graph.input('x', 'float32', [2, 5]);
          graph.node('Split', [x], { attributes: { axis: int(1), num_outputs: int(2) }, outputs: ['a', 'b'] });
        },
      },
      {
        opset: 17,
        needed: 18,
        build: (graph) => {
          const inputs = [graph.input('x', 'float32', [2, 5]), graph.integers([1, 1]), undefined, graph.integers([1])];
          graph.op('Pad', inputs);
        },
      },
      {
        opset: 18,
        needed: 19,
        build: (graph) => {
          const attributes = { kernel_shape: ints([2]), dilations: ints([2]) };
          graph.op('AveragePool', [graph.input('x', 'float32', [1, 1, 5])], attributes);
        },
      },
    ];
    for (const { opset, needed, build: add } of refusals) {
      const graph = new Graph();
      add(graph);
      const { operator } = graph.nodes.at(-1)!;
      it(`refuses ${operator} in opset ${opset}`, () => {
        assert.throws(
          () => exportModel(graph, { name: 'g', opset }),
          (error) =>
            error instanceof DistilleryError &&
            error.code === 'UNSUPPORTED' &&
            error.message.includes(`(${operator}) can be written from operator set ${needed} on only`),
        );
        exportModel(graph, { name: 'g', opset: needed });
      });
    }

    it('refuses those before 13', () => {
      assert.throws(() => exportModel(dense(1), { name: 'g', opset: 12 }), /the oldest is 13/);
    });
  });

  it('takes a newer operator set where an operator needs it', async () => {
    const graph = new Graph();
    graph.output(graph.op('Swish', [graph.input('x', 'float32', [3])]));
    const model = exportModel(graph, { name: 'g' });
    assert.equal(model.opsetImport[0]?.version, 24n);
    const session = await InferenceSession.create(encodeModel(model));
    await session.release();
  });
});
