import assert from 'node:assert/strict';
import { optunaJournal, type OptunaEvent } from '../../../../src/interchange/optuna/optunaJournal.ts';
import { optunaEvents } from '../../../../src/search/optunaEvents.ts';
import type { Job } from '../../../../src/search/jobs.ts';
import { choiceOf, numberBetween } from '../../../support/searchFunctions.ts';

const at = '2026-01-02T03:04:05.678Z';
const later = '2026-01-02T03:04:06.678Z';

const facts = {
  name: 'made',
  strategy: 'halving',
  space: [numberBetween('width', 4, 64, { isLog: true, step: 1 }), choiceOf('net', [{ a: 1 }, null, 'b'])],
  aims: [{ name: 'accuracy', direction: 'maximize' }],
  limits: {},
  mostTrials: 4,
  atOnce: 1,
} as const;

const epochs = [{ epoch: 1, accuracy: 0.5, loss: 1, best: true }];
const jobs: readonly Job[] = [
  {
    number: 0,
    trial: 0,
    isFirst: true,
    point: { width: 8, net: 0 },
    epochs: 1,
    beganAt: at,
    end: { at: later, seconds: 1, result: { state: 'paused', epochs, figures: null } },
  },
  {
    number: 1,
    trial: 1,
    isFirst: true,
    point: { width: 9, net: 1 },
    epochs: 1,
    beganAt: later,
    end: {
      at: later,
      seconds: 1,
      result: { state: 'refused', problems: [{ where: 'x', message: 'Too large.' }], figures: null },
    },
  },
];

const linesOf = (events: readonly OptunaEvent[]) =>
  optunaJournal(events)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe("Optuna's journal", () => {
  it('has the operations, states and distributions of JournalStorage', () => {
    const lines = linesOf(optunaEvents(facts, jobs, 'trials'));
    assert.deepEqual(
      lines.map((line) => line['op_code']),
      [0, 2, 2, 4, 5, 5, 8, 7, 4, 5, 5, 8, 8, 6, 6],
    );
    assert.deepEqual(lines[0], { op_code: 0, worker_id: 'distillery', study_name: 'made', directions: [2] });
    assert.deepEqual(lines[4], {
      op_code: 5,
      worker_id: 'distillery',
      trial_id: 0,
      param_name: 'width',
      param_value_internal: 8,
      distribution: '{"name":"IntDistribution","attributes":{"log":true,"step":1,"low":4,"high":64}}',
    });
    assert.match(String(lines[5]?.['distribution']), /"choices":\["{\\"a\\":1}",null,"b"\]/);
    assert.deepEqual([lines[7]?.['step'], lines[7]?.['intermediate_value']], [1, 0.5]);
    const ends = lines
      .slice(-2)
      .map((line) => [line['trial_id'], line['state'], line['values'], line['datetime_complete']]);
    const time = later.replace('Z', '+00:00');
    assert.deepEqual(ends, [
      [1, 3, null, time],
      [0, 2, [0.5], time],
    ]);
  });

  it('only grows while a search goes, so that a dashboard can follow it', () => {
    const whole = optunaJournal(optunaEvents(facts, jobs, 'trials'));
    let before = '';
    for (const known of [jobs.slice(0, 1), jobs]) {
      const now = optunaJournal(optunaEvents(facts, known, null));
      assert.ok(now.startsWith(before) && whole.startsWith(now));
      before = now;
    }
  });
});
