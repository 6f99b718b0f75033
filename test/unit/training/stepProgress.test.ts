import assert from 'node:assert/strict';
import type { RunEvent, StepEvent } from '../../../src/protocol/events.ts';
import { Timeline } from '../../../src/training/budget/timeline.ts';
import type { TrainingEngine } from '../../../src/training/engines/engine.ts';
import { MeanLosses } from '../../../src/training/meanLosses.ts';
import { StepProgress } from '../../../src/training/stepProgress.ts';

const engine = { losses: () => Promise.resolve([{ total: 1 }]) } as unknown as TrainingEngine;

/** The event after one run of so many steps. */
async function told(timeline: Timeline, timeLeft?: () => number): Promise<StepEvent> {
  const events: RunEvent[] = [];
  const progress = new StepProgress({
    network: 'student',
    device: 'cpu',
    objective: [],
    options: { batchSize: 8, learningRate: 0.1, schedule: 'constant', warmup: 0 },
    timeline,
    stepsPerEpoch: 10,
    ...(timeLeft && { timeLeft }),
    done: 40,
    onEvent: (event) => {
      events.push(event);
    },
  });
  await new Promise((resolve) => setTimeout(resolve, 5));
  await progress.tick(engine, { steps: 1, epoch: 5, losses: new MeanLosses(), isLast: false });
  const [event] = events;
  assert.ok(event?.kind === 'step');
  return event;
}

describe('StepProgress', () => {
  it('tells the epochs of a plan as it is now, which may be cut short', async () => {
    const timeline = new Timeline(1000);
    const before = await told(timeline);
    assert.deepEqual([before.steps, before.epochs, before.stepsPerEpoch], [1000, 100, 10]);
    timeline.fit(40, 25);
    const after = await told(timeline);
    assert.deepEqual([after.step, after.steps, after.epoch, after.epochs], [41, 65, 5, 7]);
  });

  it('tells the last step, however soon it comes after another', async () => {
    const steps: number[] = [];
    const progress = new StepProgress({
      network: 'student',
      device: 'cpu',
      objective: [],
      options: { batchSize: 8, learningRate: 0.1, schedule: 'constant', warmup: 0 },
      timeline: new Timeline(200),
      stepsPerEpoch: 100,
      done: 0,
      onEvent: (event) => {
        if (event.kind === 'step') steps.push(event.step);
      },
    });
    const losses = new MeanLosses();
    for (let run = 0; run < 200; run++) await progress.tick(engine, { steps: 1, epoch: 1, losses, isLast: false });
    assert.equal(steps.at(-1), 200);
  });

  it('tells no more time than the training may take', async () => {
    assert.ok((await told(new Timeline(1e9), () => 5)).secondsLeft <= 5);
    assert.equal((await told(new Timeline(1e9), () => -1)).secondsLeft, 0);
  });
});
