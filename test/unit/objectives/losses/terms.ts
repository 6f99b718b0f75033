import type { ObjectiveTerm } from '../../../../src/objectives/objectiveTerm.ts';

type Loss = ObjectiveTerm['loss'];

/** One term of every loss, with usual settings; features are called `feature`. */
export const usualTerms: { readonly [L in Loss]: Extract<ObjectiveTerm, { readonly loss: L }> } = {
  kd: { loss: 'kd', weight: 0.9, temperature: 4, standardize: false, target: 'soft' },
  'soft-cross-entropy': {
    loss: 'soft-cross-entropy',
    weight: 0.5,
    temperature: 4,
    standardize: false,
    target: 'soft',
  },
  'logit-mse': { loss: 'logit-mse', weight: 1 },
  'probability-mse': { loss: 'probability-mse', weight: 0.5 },
  'hard-teacher-labels': { loss: 'hard-teacher-labels', weight: 1 },
  labels: { loss: 'labels', weight: 0.1, smoothing: 0 },
  dkd: { loss: 'dkd', weight: 1, alpha: 1, beta: 8, temperature: 4, standardize: false },
  dist: { loss: 'dist', weight: 2, beta: 1, gamma: 1, temperature: 4 },
  'binary-labels': { loss: 'binary-labels', weight: 1 },
  'binary-kd': { loss: 'binary-kd', weight: 1, temperature: 2 },
  mse: { loss: 'mse', weight: 1 },
  'teacher-mse': { loss: 'teacher-mse', weight: 0.5 },
  hint: { loss: 'hint', weight: 100, student: 'feature', teacher: 'feature' },
  cosine: { loss: 'cosine', weight: 1, student: 'feature', teacher: 'feature' },
  'channel-wise': { loss: 'channel-wise', weight: 50, temperature: 4, student: 'feature', teacher: 'feature' },
  contrastive: { loss: 'contrastive', weight: 1, temperature: 0.1, student: 'feature', teacher: 'feature' },
  'queue-similarity': {
    loss: 'queue-similarity',
    weight: 1,
    queue: 6,
    temperature: 0.05,
    studentTemperature: 0.2,
    student: 'feature',
    teacher: 'feature',
  },
  'attention-transfer': {
    loss: 'attention-transfer',
    weight: 1000,
    power: 2,
    pairs: [{ student: 'feature', teacher: 'feature' }],
  },
  rkd: { loss: 'rkd', weight: 1, distance: 25, angle: 50 },
};
