import assert from 'node:assert/strict';
import { newRunFolder, newRunId } from '../../../src/runFolder/runId.ts';

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

describe('newRunFolder', () => {
  it('numbers runs that begin within one second', () => {
    const taken = new Set<string>();
    for (let run = 0; run < 3; run++) taken.add(newRunFolder('runs', 'one', (folder) => taken.has(folder)));
    const [first = '', ...others] = taken;
    // A second may begin meanwhile, which is a name of its own.
    assert.equal(taken.size, 3);
    for (const other of others) if (other.startsWith(first)) assert.match(other.slice(first.length), /^-[23]$/);
  });
});
