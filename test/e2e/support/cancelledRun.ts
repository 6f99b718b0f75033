import type { RunEvent, RunStatus } from '../../../src/protocol/events.ts';
import { runFiles } from '../../../src/runFolder/runFolder.ts';

/** The name of the experiment of `cancelledRun`. */
export const CANCELLED_NAME = 'stopped halfway';

const EPOCHS = 20;
/** Epochs that it came to. */
export const DONE = 14;

/** The validation accuracy after the last of them. */
export const lastAccuracy = accuracyAfter(DONE);

/**
 * The folder of a run that was stopped in epoch 14 of 20, by path in the workspace. Its curves are those of a formula, not of
 * a training.
 *
 * @param toldEvery how many steps lie between two that were told
 */
export function cancelledRun(stepsPerEpoch = 100, toldEvery = 10): Readonly<Record<string, string>> {
  const id = '2026-02-03T04-05-06-stopped-halfway';
  const startedAt = '2026-02-03T04:05:06.000Z';
  const status: RunStatus = {
    id,
    name: CANCELLED_NAME,
    state: 'cancelled',
    startedAt,
    endedAt: '2026-02-03T04:07:06.000Z',
    progress: 0.6,
    accuracy: 0.96,
    teacherAccuracy: 0.98,
  };
  const events: RunEvent[] = [
    { kind: 'started', id, name: CANCELLED_NAME, folder: id, startedAt },
    { kind: 'teacher', validation: { accuracy: 0.98, loss: 0.05 } },
    { kind: 'phase', phase: 'student', message: 'Trains the student (9.12 k parameters, 290 k MACs)' },
  ];
  for (let step = toldEvery; step <= DONE * stepsPerEpoch; step += toldEvery) {
    const kd =
      3 * Math.exp(-step / (3 * stepsPerEpoch)) +
      0.08 +
      0.15 * Math.exp(-step / (5 * stepsPerEpoch)) * Math.sin(step * 1.7);
    const labels = 0.6 * Math.exp(-step / (4 * stepsPerEpoch)) + 0.03;
    const epoch = Math.ceil(step / stepsPerEpoch);
    const position = { network: 'student', step, epoch, epochs: EPOCHS } as const;
    events.push({
      ...position,
      kind: 'step',
      steps: EPOCHS * stepsPerEpoch,
      losses: { total: 0.9 * kd + 0.1 * labels, kd, labels },
      weights: { kd: 0.9, labels: 0.1 },
      learningRate: 0.001 * Math.cos((Math.PI / 2) * (step / (EPOCHS * stepsPerEpoch))) ** 2,
      samplesPerSecond: 9000 + 600 * Math.sin(step),
      secondsLeft: 10,
      seconds: 20 + step * 0.05,
    });
    if (step % stepsPerEpoch > 0) continue;
    const accuracy = accuracyAfter(epoch);
    const validation = { accuracy, loss: 1.1 - accuracy };
    events.push({ ...position, kind: 'epoch', losses: { total: kd }, validation, best: true });
  }
  events.push({ kind: 'cancelled', message: 'Stopped. The best student so far was kept.' });
  const experiment = {
    name: CANCELLED_NAME,
    teacher: { architecture: 'mlp', hidden: [64], training: { epochs: 1 } },
    dataset: { path: 'builtin:digits' },
    student: { architecture: 'mlp', hidden: [8] },
    training: { epochs: EPOCHS },
  };
  return {
    [`.distillery/runs/${id}/${runFiles.status}`]: JSON.stringify(status),
    [`.distillery/runs/${id}/${runFiles.experiment}`]: JSON.stringify(experiment),
    [`.distillery/runs/${id}/${runFiles.metrics}`]: events.map((event) => `${JSON.stringify(event)}\n`).join(''),
  };
}

function accuracyAfter(epoch: number): number {
  return 0.97 - 0.3 * Math.exp(-epoch / 3);
}
