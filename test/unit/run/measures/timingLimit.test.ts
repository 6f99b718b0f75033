import assert from 'node:assert/strict';
import { timingLimitMs, TIMING_VARIABLE } from '../../../../src/run/measures/timingLimit.ts';

describe('how long speeds are measured', () => {
  const limit = (
    seconds: string | undefined,
    purpose: Parameters<typeof timingLimitMs>[0] = 'report',
  ): readonly [number, readonly string[]] => {
    const said: string[] = [];
    return [timingLimitMs(purpose, (message) => said.push(message), { [TIMING_VARIABLE]: seconds }), said];
  };

  it('is eight seconds, less for a trial, or what the environment says', () => {
    assert.deepEqual(limit(undefined), [8000, []]);
    assert.deepEqual(limit(undefined, 'trial'), [1500, []]);
    assert.deepEqual(limit('3', 'trial'), [3000, []]);
    assert.deepEqual(limit(''), [8000, []]);
    assert.deepEqual(limit('0.25'), [250, []]);
    assert.deepEqual(limit('60'), [60_000, []]);
  });

  it('is short when somebody waits for the run to stop, whatever the environment says', () => {
    assert.deepEqual(limit(undefined, 'stopped'), [200, []]);
    assert.deepEqual(limit('60', 'stopped'), [200, []]);
    assert.deepEqual(limit('0.05', 'stopped'), [50, []]);
  });

  it('stays what it is where the environment says no positive number, which is told', () => {
    for (const wrong of ['0', '-1', 'soon', '1e999']) {
      const [milliseconds, said] = limit(wrong);
      assert.equal(milliseconds, 8000);
      assert.equal(said.length, 1);
      assert.ok(said[0]?.includes(`${TIMING_VARIABLE} is '${wrong}', which is no positive number of seconds`));
    }
  });
});
