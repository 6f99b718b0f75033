import assert from 'node:assert/strict';
import { writeTick } from '../../../../src/report/drawings/writeTick.ts';

describe('a mark of an axis', () => {
  it('has no zeros that say nothing', () => {
    const written = ['25.0 kB', '80.00 %', '0.500 ms', '1.50 k', '100', '97.25 %', '10', '0.0100'].map(writeTick);
    assert.deepEqual(written, ['25 kB', '80 %', '0.5 ms', '1.5 k', '100', '97.25 %', '10', '0.01']);
  });
});
