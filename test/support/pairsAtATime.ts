/** How trainings of a handful of samples learn, two at a time. */
export const pairsAtATime = {
  optimizer: 'adam',
  learningRate: 0.01,
  momentum: 0.9,
  schedule: 'constant',
  warmup: 0,
  batchSize: 2,
  seed: 0,
} as const;
