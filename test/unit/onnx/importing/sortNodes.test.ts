import assert from 'node:assert/strict';
import { sortNodes } from '../../../../src/onnx/importing/sortNodes.ts';
import { storedGraph, storedModel } from '../../../support/storedModel.ts';

const namesOf = (graph: Parameters<typeof sortNodes>[0]) => graph.node.map(({ output }) => output[0]);

describe('sortNodes', () => {
  it('puts nodes behind those that they read from, also from within a nested graph, and else leaves them where they are', () => {
    const branch = storedGraph({ nodes: [['Identity', 'late', 'inner']], outputs: ['inner'] });
    const { graph } = storedModel(17, {
      inputs: { x: [1] },
      nodes: [
        ['Add', 'b c', 'y'],
        ['If', 'condition', 'c', { then_branch: branch, else_branch: branch }],
        ['Relu', 'x', 'b'],
        ['Neg', 'x', 'late'],
        ['Greater', 'b late', 'condition'],
      ],
      outputs: ['y'],
    });
    sortNodes(graph!);
    assert.deepEqual(namesOf(graph!), ['b', 'late', 'condition', 'c', 'y']);
    const sorted = graph!.node;
    sortNodes(graph!);
    assert.equal(graph!.node, sorted);
  });

  it('keeps nodes that read from each other, for the check to name them', () => {
    const { graph } = storedModel(17, {
      inputs: { x: [1] },
      nodes: [
        ['Add', 'x b', 'a'],
        ['Relu', 'a', 'b'],
        ['Neg', 'x', 'y'],
      ],
      outputs: ['y'],
    });
    sortNodes(graph!);
    assert.deepEqual(namesOf(graph!), ['y', 'a', 'b']);
  });
});
