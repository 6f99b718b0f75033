import assert from 'node:assert/strict';
import { TrainingClocks } from '../../../../src/extension/runs/trainingClocks.ts';
import type { StepEvent } from '../../../../src/protocol/events.ts';

function step(number: number, seconds?: number): StepEvent {
  return {
    kind: 'step',
    network: 'student',
    step: number,
    steps: 100,
    epoch: 1,
    epochs: 10,
    losses: {},
    learningRate: 0.1,
    samplesPerSecond: 5,
    secondsLeft: 1,
    ...(seconds !== undefined && { seconds }),
  };
}

function clocksOf(events: readonly StepEvent[]): TrainingClocks {
  const clocks = new TrainingClocks();
  for (const event of events) clocks.add(event);
  return clocks;
}

describe('TrainingClocks', () => {
  it('counts seconds from where the training began, which was before its first step was told', () => {
    const [clock] = clocksOf([step(10, 32), step(20, 34), step(30, 40)]).all;
    assert.deepEqual(clock, { network: 'student', stepsPerEpoch: 10, x: [1, 2, 3], seconds: [2, 4, 10] });
  });

  it('knows steps of runs that stored no times', () => {
    assert.deepEqual(clocksOf([step(10)]).all, [{ network: 'student', stepsPerEpoch: 10, x: [], seconds: [] }]);
  });

  it('passes over steps that are told again, and keeps long trainings short with both ends', () => {
    assert.deepEqual(clocksOf([step(10, 1), step(5, 9), step(20, 2)]).all[0]?.x, [1, 2]);
    const many = Array.from({ length: 5000 }, (_, index) => ({ ...step(index + 1, index + 1), steps: 5000 }));
    const [clock] = clocksOf(many).all;
    assert.ok(clock && clock.x.length <= 202 && clock.x.length === clock.seconds.length);
    assert.equal(clock.x.at(-1), 10);
  });
});
