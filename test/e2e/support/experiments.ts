import type { ExperimentInput } from '../../../src/experiment/schema.ts';

/**
 * An experiment on the built-in digits that learns visibly and goes on until somebody stops it, so that a person has time to
 * look, leave and come back on any machine. Its batches are small so that an epoch takes a good while: the panel draws each.
 *
 * @param training in which it differs
 */
export function longDigits(name: string, training: ExperimentInput['training'] = {}): string {
  const experiment: ExperimentInput = {
    name,
    teacher: { architecture: 'mlp', hidden: [32], training: { epochs: 1 } },
    dataset: { path: 'builtin:digits', limit: 2000 },
    student: { architecture: 'convnet', channels: [8, 16] },
    // Nothing is tried out first: what is looked at is the student's training.
    objective: [
      { loss: 'kd', temperature: 4, weight: 0.9 },
      { loss: 'labels', weight: 0.1 },
    ],
    training: { epochs: 5000, batchSize: 4, learningRate: 0.0003, ...training },
    baseline: false,
    device: 'cpu',
  };
  return JSON.stringify(experiment, null, 2);
}
