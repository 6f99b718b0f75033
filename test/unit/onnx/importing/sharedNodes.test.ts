import assert from 'node:assert/strict';
import { SharedNodes } from '../../../../src/onnx/importing/sharedNodes.ts';
import type { StoredNode } from '../../../../src/onnx/upgrade/step.ts';

const nodeWith = (value: number): StoredNode => ({
  name: 'bound',
  operator: 'Clip',
  domain: '',
  inputs: [{ name: 'x', type: 'float32', shape: [2] }],
  attributes: { min: { kind: 'float', value } },
  outputs: ['y'],
});

describe('nodes that rounds of a loop share', () => {
  it('are those that compute the same of the same values', () => {
    const shared = new SharedNodes();
    const outputs = [{ name: 'y', type: 'float32', shape: [2] }] as const;
    shared.add(nodeWith(-1), outputs);
    assert.equal(shared.find(nodeWith(-1)), outputs);
    assert.equal(shared.find(nodeWith(-2)), undefined);
    assert.equal(shared.find({ ...nodeWith(-1), operator: 'RandomNormalLike' }), undefined);
  });

  it('tells numbers without end apart', () => {
    const shared = new SharedNodes();
    shared.add(nodeWith(-Infinity), []);
    assert.equal(shared.find(nodeWith(Infinity)), undefined);
    assert.equal(shared.find(nodeWith(NaN)), undefined);
    assert.notEqual(shared.find(nodeWith(-Infinity)), undefined);
  });
});
