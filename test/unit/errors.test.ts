import assert from 'node:assert/strict';
import { reasonOf } from '../../src/errors.ts';

describe('why a library cannot read a file', () => {
  it('is what it says of the file', () => {
    assert.equal(
      reasonOf(new Error('parquet file invalid (footer != PAR1).')),
      'parquet file invalid (footer != PAR1)',
    );
    assert.equal(reasonOf(new Error('first line\nsecond')), 'first line');
    assert.equal(reasonOf(new Error('it cannot be read: it ends early')), 'it cannot be read: it ends early');
  });

  it('is that the file is damaged where the library only stumbled', () => {
    const stumbles = [
      new TypeError("Cannot read properties of undefined (reading 'map')"),
      new RangeError('Invalid typed array length: -1'),
      new Error('parquet data page header v2 is undefined'),
      new Error(''),
      'no error at all',
    ];
    for (const stumble of stumbles) assert.equal(reasonOf(stumble), 'it is damaged');
  });
});
