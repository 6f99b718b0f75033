import assert from 'node:assert/strict';
import { randomStream, type Random } from '../../../../src/data/random.ts';
import { DistilleryError } from '../../../../src/errors.ts';
import { int, ints } from '../../../../src/onnx/graph.ts';
import { exportModel } from '../../../../src/onnx/exporting/exportModel.ts';
import { importGraph } from '../../../../src/onnx/importing/importGraph.ts';
import type { GraphProto, ModelProto } from '../../../../src/onnx/onnx_pb.ts';
import { floatTensor, intTensor, type Tensor } from '../../../../src/onnx/tensor.ts';
import { runAll, storedGraph, storedModel, type StoredNodeText } from '../../../support/storedModel.ts';

const yes: Tensor = { type: 'bool', shape: [], data: Uint8Array.of(1) };
const random = (): Random => randomStream(1, 'loops');

/** Rounds h ← tanh(h W) whose weights lie in the body, each of which also gives the first number of every sample. */
function body(condition: readonly StoredNodeText[] = [['Identity', 'goes', 'again']]): GraphProto {
  return storedGraph({
    inputs: { round: [], goes: [], h: ['n', 3] },
    inputTypes: { round: 'int64', goes: 'bool' },
    initializers: {
      both: floatTensor([0.5, -1, 2, 0.3, 1, -0.7, 0.2, 0.4, -0.3, 9, 9, 9], [4, 3]),
      from: intTensor([0]),
      to: intTensor([3]),
      one: intTensor([1]),
      two: intTensor(2),
      zero: intTensor(0),
    },
    nodes: [
      ['Slice', 'both from to', 'w'],
      ['MatMul', 'h w', 'product'],
      ['Tanh', 'product', 'next'],
      ['Slice', 'next from one one', 'first'],
      ...condition,
    ],
    outputs: ['again', 'next', 'first'],
    outputTypes: { again: 'bool' },
  });
}

function loop(contents: GraphProto): ModelProto {
  return storedModel(17, {
    inputs: { x: ['n', 3] },
    initializers: { trips: intTensor(4), yes },
    nodes: [
      ['Loop', 'trips yes x', 'last all', { body: contents }],
      ['Relu', 'last', 'y'],
    ],
    outputs: ['y', 'all'],
  });
}

/** Running sums of a sequence [sample, time, feature], from its end to its beginning. */
function scan(): ModelProto {
  const contents = storedGraph({
    inputs: { sum: ['n', 2], element: ['n', 2] },
    nodes: [
      ['Add', 'sum element', 'more'],
      ['Neg', 'more', 'told'],
    ],
    outputs: ['more', 'told'],
  });
  return storedModel(17, {
    inputs: { begin: [2, 2], x: [2, 5, 2] },
    nodes: [
      [
        'Scan',
        'begin x',
        'last all',
        {
          body: contents,
          num_scan_inputs: int(1),
          ...{ scan_input_axes: ints([1]), scan_input_directions: ints([1]) },
          ...{ scan_output_axes: ints([-1]), scan_output_directions: ints([1]) },
        },
      ],
    ],
    outputs: ['last', 'all'],
  });
}

async function assertAlike(stored: ModelProto, batch?: number): Promise<ReturnType<typeof importGraph>> {
  const graph = importGraph(stored, batch === undefined ? {} : { batch });
  const operators = graph.nodes.map(({ operator }) => operator);
  assert.ok(!operators.includes('Loop') && !operators.includes('Scan'), operators.join());
  const [expected, found] = await runAll([stored, exportModel(graph, { name: 'rounds' })], graph, random());
  assert.ok(expected && found);
  for (const [name, { dims, data }] of Object.entries(expected)) {
    assert.deepEqual(found[name]?.dims, dims, name);
    data.forEach((value, index) => {
      assert.ok(Math.abs(value - (found[name]?.data[index] ?? NaN)) < 1e-6, `${name}[${index}]`);
    });
  }
  return graph;
}

describe('the rounds of a loop', () => {
  it('stand one after the other where it is known how many there are, on one set of weights', async () => {
    const graph = await assertAlike(loop(body()), 2);
    const reads = (operator: string) => graph.nodes.filter((node) => node.operator === operator).length;
    assert.equal(reads('MatMul'), 4);
    assert.deepEqual(
      [...graph.initializers.keys()].filter((name) => name.startsWith('both')),
      ['both'],
    );
    assert.equal(graph.nodes.filter(({ inputs }) => inputs[0]?.name === 'both').length, 1);
  });

  it('end where a condition ends them that only depends on how many were done', async () => {
    const graph = await assertAlike(loop(body([['Less', 'round two', 'again']])), 2);
    assert.equal(graph.nodes.filter(({ operator }) => operator === 'MatMul').length, 3);
  });

  it('have an open batch', () => {
    assert.deepEqual(importGraph(loop(body())).outputs[0]?.shape, ['n', 3]);
  });

  it('of a Scan go along the axes that it names, in their directions', () => assertAlike(scan()));

  it('stay a loop where they depend on the data, which is refused with what would be right', () => {
    const untilSmall: readonly StoredNodeText[] = [
      ['Gather', 'next two', 'third', { axis: int(1) }],
      ['Gather', 'third zero', 'number'],
      ['Greater', 'number half', 'again'],
    ];
    const stored = loop(body(untilSmall));
    stored.graph!.initializer.push(
      ...storedGraph({ initializers: { half: floatTensor(0.5) }, nodes: [], outputs: [] }).initializer,
    );
    assert.throws(
      () => importGraph(stored, { batch: 2 }),
      (error: unknown) => {
        assert.ok(error instanceof DistilleryError);
        assert.equal(
          error.message,
          "Node 'node0' (Loop): how many rounds it has depends on the data, or is more than can be read.",
        );
        assert.match(error.hint ?? '', /of a fixed length, or with layers/);
        return true;
      },
    );
  });
});
