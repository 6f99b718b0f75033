import assert from 'node:assert/strict';
import { busiest, loadBetween, readLoad } from '../../../src/evaluation/machineLoad.ts';

const start = { wall: 5000, own: 300, all: 90_000, processors: 4 };
/** A second later. */
const after = (own: number, all: number | undefined) => ({
  wall: start.wall + 1000,
  own: start.own + own,
  all: all === undefined ? undefined : start.all + all,
  processors: 4,
});

describe('the load of a machine', () => {
  it('is what others take of the processors', () => {
    assert.deepEqual(loadBetween(start, after(1000, 1000), true), { isBusy: false, others: 0, waiting: 0 });
    assert.deepEqual(loadBetween(start, after(1000, 3000), true), { isBusy: true, others: 0.5, waiting: 0 });
    assert.deepEqual(loadBetween(start, after(1000, 1400), true), { isBusy: false, others: 0.1, waiting: 0 });
  });

  it('is what the process waits for a processor, where it computes itself', () => {
    assert.deepEqual(loadBetween(start, after(250, undefined), true), { isBusy: true, others: null, waiting: 0.75 });
    assert.deepEqual(loadBetween(start, after(250, undefined), false), { isBusy: false, others: null, waiting: null });
  });

  it('is within 0…1, whatever coarse clocks say', () => {
    assert.deepEqual(loadBetween(start, after(2000, 1500), true), { isBusy: false, others: 0, waiting: 0 });
    assert.deepEqual(loadBetween(start, start, true), { isBusy: false, others: null, waiting: null });
  });

  it('of several spans is that of the busiest', () => {
    const [quiet, busy] = [
      { isBusy: false, others: 0.1, waiting: null },
      { isBusy: true, others: null, waiting: 0.4 },
    ];
    assert.deepEqual(busiest([quiet, busy]), { isBusy: true, others: 0.1, waiting: 0.4 });
  });

  it('is read from clocks that do not go back', () => {
    const [first, second] = [readLoad(), readLoad()];
    assert.ok(second.wall >= first.wall && second.own >= first.own && first.processors > 0);
  });
});
