import assert from 'node:assert/strict';
import { killRuns } from '../support/killRuns.ts';
import { fullOr, tellShortened } from '../support/full.ts';

describe('a run with everything in it', function () {
  it('that is killed at moments of chance always goes on, and ends with the very same results', async () => {
    tellShortened('a run that is killed at moments of chance: 3 kills, not 6');
    const seed = Date.now() % 1_000_000;
    const { faults, kills, runs } = await killRuns(fullOr(6, 3), seed, () => undefined);
    console.log(`      seed ${seed}: ${kills} kills, ${runs} runs`);
    assert.deepEqual(faults, []);
  });
});
