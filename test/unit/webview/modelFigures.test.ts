import assert from 'node:assert/strict';
import { modelFigures } from '../../../webview/model/modelFigures.ts';
import { plainSpaces } from '../../support/plainSpaces.ts';

describe('the figures of a model in the form', () => {
  const network = { takes: [[1, 28, 28]], gives: [[10]], parameters: 12_000, macs: 11_000, bytes: 50_000, opset: 17 };

  it('tell what it takes and gives, and how large it is', () => {
    assert.deepEqual(modelFigures(network).map(plainSpaces), [
      'takes 1 × 28 × 28',
      'gives 10',
      '12.0 k parameters',
      '11.0 k MACs',
      '50.0 kB',
      'opset 17',
    ]);
  });

  it('leave out what the file does not tell, and what trees have not', () => {
    const trees = { ...network, takes: [[8]], gives: [[], []], parameters: 0, macs: 0 };
    assert.deepEqual(modelFigures(trees).map(plainSpaces), ['takes 8', '50.0 kB', 'opset 17']);
  });
});
