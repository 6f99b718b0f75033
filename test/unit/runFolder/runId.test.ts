import assert from 'node:assert/strict';
import { newRunId } from '../../../src/runFolder/runId.ts';

describe('newRunId', () => {
  const date = new Date(2026, 10, 21, 9, 30, 0);
  for (const [name, expected] of [
    ['mnist-kd', '2026-11-21T09-30-00-mnist-kd'],
    ['My run: été / #3', '2026-11-21T09-30-00-my-run-ete-3'],
    ['蒸馏', '2026-11-21T09-30-00-蒸馏'],
    ['../..', '2026-11-21T09-30-00'],
    ['a'.repeat(90), `2026-11-21T09-30-00-${'a'.repeat(40)}`],
  ] as const) {
    it(`names a run of '${name.slice(0, 20)}'`, () => {
      assert.equal(newRunId(name, date), expected);
    });
  }
});
