import assert from 'node:assert/strict';
import { RunHistory } from '../../../../src/extension/runs/runHistory.ts';
import type { RunEvent, StepEvent } from '../../../../src/protocol/events.ts';
import { sampleEvents } from '../../../support/sampleEvents.ts';
import { sampleReport } from '../../../support/sampleReport.ts';

function step(
  number: number,
  losses: Record<string, number>,
  steps = 100,
  weights?: Record<string, number>,
): StepEvent {
  return {
    kind: 'step',
    network: 'student',
    step: number,
    steps,
    epoch: 1,
    epochs: 10,
    losses,
    ...(weights && { weights }),
    learningRate: 0.001,
    samplesPerSecond: 500,
    secondsLeft: 3,
  };
}

function historyOf(events: readonly RunEvent[]): RunHistory {
  const history = new RunHistory();
  for (const event of events) history.add(event);
  return history;
}

describe('RunHistory', () => {
  it('has a validation curve per network, and the teacher as a level', () => {
    const { accuracies, teacherAccuracy, device, epochs } = historyOf(sampleEvents).snapshot();
    assert.deepEqual(accuracies, [
      { network: 'student', term: 'accuracy', x: [1, 2, 3], y: [0.9, 0.95, 0.97] },
      { network: 'baseline', term: 'accuracy', x: [1, 2, 3], y: [0.85, 0.91, 0.93] },
    ]);
    assert.equal(teacherAccuracy, 0.99);
    assert.equal(device?.device, 'cpu');
    assert.equal(epochs, 3);
  });

  it('has what the run said, each line once, and of very much the end', () => {
    const saying = (message: string): RunEvent => ({ kind: 'phase', phase: 'student', message });
    const lines = ['Batches of 32', 'Trains', 'Trains', ''].map(saying);
    assert.deepEqual(historyOf(lines).snapshot().said, ['Batches of 32', 'Trains']);
    const many = historyOf(
      Array.from({ length: 1000 }, (_, index) => saying(`line ${String.fromCodePoint(0x4e00 + index)}`)),
    ).snapshot().said;
    assert.deepEqual([many.length, many.at(-1)], [300, `line ${String.fromCodePoint(0x4e00 + 999)}`]);
    const device: RunEvent = { kind: 'device', device: 'cpu', requested: 'auto', message: 'On the CPU' };
    assert.deepEqual(
      historyOf([...lines, device])
        .snapshot()
        .said.at(-1),
      'On the CPU',
    );
  });

  it('has the validation losses, which is all that a task without accuracy has', () => {
    const events = sampleEvents.map((event) =>
      event.kind === 'epoch' || event.kind === 'teacher'
        ? { ...event, validation: { accuracy: null, loss: 0.25 } }
        : event,
    );
    const { accuracies, validationLosses, teacherAccuracy, teacherLoss } = historyOf(events).snapshot();
    assert.deepEqual(accuracies, []);
    assert.equal(teacherAccuracy, undefined);
    assert.equal(teacherLoss, 0.25);
    assert.deepEqual(validationLosses[0], {
      network: 'student',
      term: 'validation',
      x: [1, 2, 3],
      y: [0.25, 0.25, 0.25],
    });
  });

  it('has the terms as their parts of the total, by the weights of the moment', () => {
    const { losses, lacksWeights } = historyOf([
      step(1, { total: 2.5, kd: 3, labels: 1 }, 100, { kd: 0.5, labels: 1 }),
      step(2, { total: 1.6, kd: 2, labels: 1 }, 100, { kd: 0.3, labels: 1 }),
    ]).snapshot();
    const [total = [], ...terms] = losses.map(({ y }) => y);
    assert.deepEqual(
      total.map((_value, index) => terms.reduce((sum, term) => sum + (term[index] ?? NaN), 0)),
      total,
    );
    assert.equal(lacksWeights, undefined);
    assert.equal(historyOf([step(1, { total: 2, kd: 3 })]).snapshot().lacksWeights, true, 'of an older version');
  });

  it('keeps the phase while something is noted beside it, and of what is counted the last', () => {
    const note = (view: number) => ({ kind: 'note', message: `Has kept view ${view}, ${view}.5 kB` }) as const;
    const { phase, phaseMessage, said } = historyOf([
      { kind: 'phase', phase: 'trials', message: 'Tries 7 objectives' },
      ...[1, 2, 10].map(note),
      { kind: 'phase', phase: 'student', message: 'Distils the student' },
    ]).snapshot();
    assert.deepEqual([phase, phaseMessage], ['student', 'Distils the student']);
    assert.deepEqual(said, ['Tries 7 objectives', 'Has kept view 10, 10.5 kB', 'Distils the student']);
    assert.equal(historyOf([{ kind: 'phase', phase: 'trials', message: '' }, note(1)]).snapshot().phase, 'trials');
  });

  it('places losses by the share of the epochs that is done', () => {
    const { losses, position } = historyOf([step(10, { total: 2, kd: 3 }), step(25, { total: 1, kd: 2 })]).snapshot();
    assert.deepEqual(losses, [
      { network: 'student', term: 'total', x: [1, 2.5], y: [2, 1] },
      { network: 'student', term: 'kd', x: [1, 2.5], y: [3, 2] },
    ]);
    assert.equal(position?.step, 25);
  });

  it('keeps losses at their epochs when the plan is cut short', () => {
    const whole = { ...step(10, { total: 2 }), steps: 100, epochs: 10, stepsPerEpoch: 10 };
    const cut = { ...whole, step: 20, steps: 45, epochs: 5, epoch: 3 };
    const { losses, position, epochs } = historyOf([whole, cut]).snapshot();
    assert.deepEqual(losses[0]?.x, [1, 2]);
    assert.deepEqual([position?.epoch, position?.epochs, epochs], [3, 5, 5]);
  });

  it('shows a loss that is not a number as a gap, not as nothing', () => {
    const { losses } = historyOf([
      step(1, { total: 1 }),
      step(2, { total: Number.NaN }),
      step(3, { total: 2 }),
    ]).snapshot();
    assert.deepEqual(losses[0]?.y, [1, null, 2]);
  });

  it('draws the curves of a run that goes on again only when they look different, and to their end when it is over', () => {
    const history = historyOf(Array.from({ length: 5000 }, (_, index) => step(index + 1, { total: index }, 10_000)));
    const { losses } = history.snapshot(false);
    history.add(step(5001, { total: 1 }, 10_000));
    assert.equal(history.snapshot(false).losses, losses);
    const ended = history.snapshot(true).losses;
    assert.equal(ended[0]?.y.at(-1), 1);
    assert.equal(history.snapshot(true).losses, ended);
    for (let more = 5002; more < 5010; more++) history.add(step(more, { total: 2 }, 10_000));
    assert.equal(history.snapshot(false).losses[0]?.y.at(-1), 2);
  });

  it('forgets the position when the next phase begins, and everything when a run begins anew', () => {
    const history = historyOf([step(1, { total: 1 }), { kind: 'phase', phase: 'evaluation', message: 'x' }]);
    assert.equal(history.snapshot().position, undefined);
    assert.equal(history.snapshot().phase, 'evaluation');
    history.add({ kind: 'started', id: 'a', name: 'a', folder: 'a', startedAt: '2026-01-02T03:04:05.000Z' });
    assert.deepEqual(history.snapshot(), {
      said: [],
      warnings: [],
      problems: [],
      losses: [],
      accuracies: [],
      validationLosses: [],
      learningRates: [],
      speeds: [],
      clocks: [],
    });
  });

  it('keeps warnings, problems and the report', () => {
    const problem = { where: 'device', message: 'does not work' };
    const { warnings, problems, report } = historyOf([
      { kind: 'warning', problem },
      { kind: 'cancelled', message: 'x', report: sampleReport },
      { kind: 'failed', problems: [problem] },
    ]).snapshot();
    assert.deepEqual({ warnings, problems }, { warnings: [problem], problems: [problem] });
    assert.equal(report, sampleReport);
  });
});
