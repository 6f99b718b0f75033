import assert from 'node:assert/strict';
import { randomStream } from '../../../../src/data/random.ts';
import { exportModel } from '../../../../src/onnx/exporting/exportModel.ts';
import type { Graph } from '../../../../src/onnx/graph.ts';
import { importGraph } from '../../../../src/onnx/importing/importGraph.ts';
import { buildStudent } from '../../../../src/students/buildStudent.ts';
import { cutNetwork } from '../../../../src/students/extractor/cutNetwork.ts';
import { joinNetworks } from '../../../../src/students/extractor/joinNetworks.ts';
import { classifierForm } from '../../../../src/students/networkForm.ts';
import { runGraph } from '../../../support/onnxruntime.ts';
import { arrayOf } from '../../../support/reference/array.ts';

const mlp = (inputs: number, hidden: readonly number[], classes: number, seed: number): Graph =>
  buildStudent(
    { architecture: 'mlp', hidden, dropout: 0.5 },
    classifierForm([inputs], classes),
    randomStream(seed, 'weights'),
  );
const model = (graph: Graph) => exportModel(graph, { name: 'net' });
const input = arrayOf(
  [3, 4],
  Array.from({ length: 12 }, (_, index) => Math.sin(index)),
);

/** What the front and then the head make of `input`. */
async function oneAfterTheOther(front: Graph, head: Graph): Promise<readonly number[]> {
  const features = (await runGraph(front, new Map([['input', input]]))).get(front.outputs[0]!.name)!;
  return Array.from((await runGraph(head, new Map([['input', features]]))).get('logits')!.data);
}

async function assertJoined(joined: Graph, front: Graph, head: Graph): Promise<void> {
  assert.deepEqual(
    joined.outputs.map(({ name, shape }) => [name, shape]),
    [['logits', ['batch', head.outputs[0]?.shape[1]]]],
  );
  assert.deepEqual(joined.inputs, front.inputs);
  const read = importGraph(model(joined));
  const logits = (await runGraph(read, new Map([['input', input]]))).get('logits')!;
  (await oneAfterTheOther(front, head)).forEach((expected, index) => {
    assert.ok(Math.abs(logits.data[index]! - expected) < 1e-6);
  });
}

describe('joining networks', () => {
  it('computes the head of what the front gives, whatever both call their values', async () => {
    const front = cutNetwork(model(mlp(4, [6], 3, 1)), undefined).graph;
    const head = mlp(6, [5], 2, 2);
    const joined = joinNetworks(front, head);
    await assertJoined(joined, front, head);
    assert.ok(joined.initializers.has('dense1.weight'));
    assert.ok(joined.initializers.has('head.dense1.weight'));
  });

  it('goes on from what was joined before', async () => {
    const first = joinNetworks(cutNetwork(model(mlp(4, [6], 3, 1)), undefined).graph, mlp(6, [5], 2, 2));
    const front = cutNetwork(model(first), undefined).graph;
    const head = mlp(5, [], 4, 3);
    const joined = joinNetworks(front, head);
    await assertJoined(joined, front, head);
    assert.ok(joined.initializers.has('head2.output.weight'));
  });

  it('may take the logits of the front, whose name it takes over', async () => {
    const front = cutNetwork(model(mlp(4, [6], 3, 1)), 'logits').graph;
    const head = mlp(3, [5], 2, 2);
    await assertJoined(joinNetworks(front, head), front, head);
  });
});
