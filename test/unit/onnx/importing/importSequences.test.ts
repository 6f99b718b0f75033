import assert from 'node:assert/strict';
import { Random } from '../../../../src/data/random.ts';
import { exportModel } from '../../../../src/onnx/exporting/exportModel.ts';
import { int } from '../../../../src/onnx/graph.ts';
import { importGraph } from '../../../../src/onnx/importing/importGraph.ts';
import { intTensor } from '../../../../src/onnx/tensor.ts';
import { runAll, storedModel, type StoredNodeText } from '../../../support/storedModel.ts';

const initializers = {
  ...{ zero: intTensor(0), one: intTensor(1), last: intTensor(-1), two: intTensor(2), sizes: intTensor([1, 3]) },
};
const axis = { axis: int(1) };

describe('lists of tensors', () => {
  const cases: readonly (readonly [string, readonly StoredNodeText[], readonly string[]])[] = [
    [
      'split into pieces of one size, the last of which is smaller',
      [
        ['SplitToSequence', 'x two', 's', { axis: int(2) }],
        ['SequenceAt', 's zero', 'a'],
        ['SequenceAt', 's last', 'b'],
      ],
      ['a', 'b'],
    ],
    [
      'split into pieces of given sizes, and joined again',
      [
        ['SplitToSequence', 'x sizes', 's', axis],
        ['SequenceErase', 's zero', 't'],
        ['SequenceInsert', 't x', 'u'],
        ['SequenceInsert', 'u x zero', 'v'],
        ['ConcatFromSequence', 'v', 'y', axis],
      ],
      ['y'],
    ],
    [
      'taken apart, and stacked on a new axis',
      [
        ['SplitToSequence', 'x', 's', { ...axis, keepdims: int(0) }],
        ['SequenceAt', 's one', 'a'],
        ['SequenceAt', 's two', 'b'],
        ['SequenceConstruct', 'b a', 't'],
        ['ConcatFromSequence', 't', 'y', { axis: int(-1), new_axis: int(1) }],
      ],
      ['y'],
    ],
  ];
  for (const [title, nodes, outputs] of cases) {
    it(`are ${title}`, async () => {
      const model = storedModel(17, { inputs: { x: [2, 4, 5] }, initializers, nodes, outputs });
      const graph = importGraph(model);
      assert.ok(graph.nodes.every(({ operator }) => !operator.includes('Sequence')));
      const [before, after] = await runAll([model, exportModel(graph, { name: 'g' })], graph, new Random(1));
      assert.deepEqual(after, before);
    });
  }

  it('are refused where the data decide what they hold, naming the node and a way out', () => {
    const model = storedModel(17, {
      inputs: { x: [4, 2], place: [] },
      inputTypes: { place: 'int64' },
      nodes: [
        ['SplitToSequence', 'x', 's'],
        ['SequenceAt', 's place', 'y'],
      ],
      outputs: ['y'],
    });
    assert.throws(() => importGraph(model), {
      code: 'UNSUPPORTED',
      message: /'node1' \(SequenceAt\): the place in its list is not known/,
      hint: /optimize=True/,
    });
  });

  it('are named where something else reads them, in place of calling the file damaged', () => {
    const model = storedModel(17, {
      inputs: { x: ['n', 2] },
      nodes: [
        ['SequenceConstruct', 'x', 'list'],
        ['Identity', 'list', 'y'],
      ],
      outputs: ['y'],
    });
    assert.throws(() => importGraph(model), /'list' is a list of tensors, which is read by a loop or a branch/);
  });
});
