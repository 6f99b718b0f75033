import assert from 'node:assert/strict';
import type { Task } from '../../../../../src/data/task.ts';
import { splitToKeepBy } from '../../../../../src/run/stages/variants/keptForms.ts';

const classification: Task = { kind: 'classification', classes: ['no', 'yes'] };
const regression: Task = { kind: 'regression', targets: ['size'] };

function keptBy(validation: number, test: number, { task = classification, largestDrop = 0.005 } = {}): string {
  return splitToKeepBy({ validation: { count: validation }, test: { count: test }, task }, { largestDrop });
}

describe('whether a form of the student is kept is decided', () => {
  it('on the validation split where a single sample does not decide', () => {
    assert.equal(keptBy(200, 10_000), 'validation');
    assert.equal(keptBy(100, 10_000, { largestDrop: 0.01 }), 'validation');
    assert.equal(keptBy(50, 10_000, { task: regression }), 'validation');
  });

  it('there, too, where the test split would be no better', () => {
    assert.equal(keptBy(199, 150), 'validation');
    assert.equal(keptBy(500, 500, { largestDrop: 0 }), 'validation');
  });

  it('on the test split where there are too few others, or none', () => {
    assert.equal(keptBy(0, 10_000), 'test');
    assert.equal(keptBy(49, 10), 'test');
    assert.equal(keptBy(49, 10_000, { task: regression }), 'test');
    assert.equal(keptBy(199, 10_000), 'test');
  });
});
