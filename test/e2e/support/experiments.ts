import type { ExperimentInput } from '../../../src/experiment/schema.ts';

/**
 * An experiment on the built-in digits that learns visibly and goes on for a good while, so that a person has time to
 * look, leave and come back: about a tenth of a second per epoch on an idle core.
 */
export function longDigits(name: string): string {
  const experiment: ExperimentInput = {
    name,
    teacher: { architecture: 'mlp', hidden: [128], training: { epochs: 3 } },
    dataset: { path: 'builtin:digits', limit: 2000 },
    student: { architecture: 'convnet', channels: [8, 16] },
    training: { epochs: 390, learningRate: 0.0003 },
    baseline: false,
    device: 'cpu',
  };
  return JSON.stringify(experiment, null, 2);
}
