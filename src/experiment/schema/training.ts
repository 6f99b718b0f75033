import * as z from 'zod';
import { automatic, orAutomatic } from './automatic.ts';

const count = z.int().positive();
/** What remains of a running mean after a step: beyond the limit, which float32 still tells from 1, nothing is forgotten. */
const decay = z.number().min(0).max(0.999999);

export const trainingFields = {
  optimizer: z
    .enum(['adam', 'adamw', 'sgd', 'lamb', 'lion'])
    .describe(
      'Update rule: Adam; AdamW, which is Adam with weight decay; stochastic gradient descent; LAMB for very large batches; Lion.',
    ),
  learningRate: orAutomatic(z.number().min(1e-10).max(10).meta({ default: 0.001 })).describe(
    'Step size at its highest. Lion needs a third to a tenth of what Adam needs. `auto`: the usual one of the optimizer or a higher one, by short trainings, and less for trained weights; 0.001 where the epochs are a number.',
  ),
  momentum: decay.describe('Momentum of sgd.'),
  nesterov: z.boolean().describe("Nesterov's momentum instead of the plain one, with sgd."),
  beta1: decay.describe('Share of the mean of the gradients that remains after a step, except with sgd. Default: 0.9.'),
  beta2: decay.describe(
    'Share of the mean of their squares (with Lion: of the gradients) that remains after a step, except with sgd. Default: 0.999; 0.99 with lion.',
  ),
  epsilon: z
    .number()
    .min(1e-20)
    .max(1)
    .describe('Keeps the divisions of adam, adamw and lamb finite. Default: 1e-8; 1e-6 with lamb.'),
  weightDecay: z
    .number()
    .min(0)
    .max(1)
    .describe(
      'Decoupled weight decay; never on biases or normalisation. Default: 0.01 with adamw and lamb, otherwise 0.',
    ),
  clipNorm: z
    .number()
    .min(1e-6)
    .max(1e6)
    .describe('Gradients that are longer, all together, are scaled down to this norm. Default: never.'),
  averageDecay: z
    .number()
    .gt(0)
    .max(0.999999)
    .describe(
      'Validates and keeps an exponential moving average (EMA) of the weights with this decay, such as 0.999. Default: the weights themselves.',
    ),
  schedule: z.enum(['constant', 'cosine', 'step', 'one-cycle']).describe('How the learning rate changes over the run.'),
  warmup: z
    .number()
    .min(0)
    .lt(1)
    .describe(
      'Fraction of the steps over which the learning rate rises from 0; with one-cycle, the length of its rise (0: 0.3).',
    ),
  finalFraction: z
    .number()
    .min(0)
    .max(1)
    .describe('Fraction of the learning rate that cosine and one-cycle end with. Default: 0.'),
  milestones: z
    .array(z.number().gt(0).lt(1))
    .max(100)
    .describe('Fractions of the run at which the schedule step lowers the learning rate. Default: 0.5 and 0.75.'),
  gamma: z
    .number()
    .min(1e-6)
    .max(1)
    .describe('What the schedule step multiplies the learning rate with at every milestone. Default: 0.1.'),
  batchSize: orAutomatic(count.max(65_536).meta({ default: 128 })).describe(
    'Samples in one step. `auto`: 32 to 128, by how many training samples there are; 128 where the epochs are a number.',
  ),
  accumulate: count
    .max(10_000)
    .describe(
      'Batches whose gradients are averaged for one update, as if the batch were that many times as large. Default: 1.',
    ),
  epochs: orAutomatic(count.max(100_000).meta({ default: 10 })).describe(
    'Passes over the transfer set, unless another condition ends the training before. `auto`: enough steps for the data, a few thousand ' +
      'at least; when the loss on the validation split no longer falls, the learning rate is brought down early and the training ends.',
  ),
  maxSteps: count.max(1e9).describe('Ends the training after this many steps. Default: never.'),
  maxMinutes: z
    .number()
    .positive()
    .max(1e6)
    .describe(
      'Ends the training after this many minutes. With `epochs: auto` the schedule is fitted to it, otherwise it does not know of it. Default: never.',
    ),
  targetAccuracy: z
    .number()
    .gt(0)
    .max(1)
    .describe('Ends the training after an epoch with this accuracy (0…1) on the validation split. Default: never.'),
  patience: count
    .max(100_000)
    .describe('Ends the training after this many epochs without a better one on the validation split. Default: never.'),
  checkpointMinutes: z
    .number()
    .positive()
    .max(1e6)
    .describe('Minutes after which a checkpoint is stored in the middle of an epoch, to resume from. Default: 5.'),
  recomputeSegments: z
    .int()
    .min(2)
    .max(64)
    .describe(
      'Saves memory: divides the network into this many segments, keeps only what passes between them, and computes the rest again for the gradients. Default: everything is kept.',
    ),
  precision: z
    .enum(['float32', 'float16', 'bfloat16'])
    .describe(
      'What network and gradients are computed in; `float16` is for GPUs that have it, with weights and losses in float32 and a scale of the ' +
        'loss that adapts itself. On the CPU it is slower than float32. `bfloat16` is for Arm processors that have it: products of matrices ' +
        'round their factors to it, and where they do not, they are computed in float32.',
    ),
  seed: z.int().min(0).max(0xffff_ffff).describe('Decides the initial weights, the shuffling and the split.'),
};

/** How a network is trained. */
export const trainingSchema = z.strictObject({
  optimizer: trainingFields.optimizer.default('adam'),
  learningRate: trainingFields.learningRate.default(automatic),
  momentum: trainingFields.momentum.default(0.9),
  nesterov: trainingFields.nesterov.default(false),
  beta1: trainingFields.beta1.optional(),
  beta2: trainingFields.beta2.optional(),
  epsilon: trainingFields.epsilon.optional(),
  weightDecay: trainingFields.weightDecay.optional(),
  clipNorm: trainingFields.clipNorm.optional(),
  averageDecay: trainingFields.averageDecay.optional(),
  schedule: trainingFields.schedule.default('cosine'),
  warmup: trainingFields.warmup.default(0),
  finalFraction: trainingFields.finalFraction.optional(),
  milestones: trainingFields.milestones.optional(),
  gamma: trainingFields.gamma.optional(),
  batchSize: trainingFields.batchSize.default(automatic),
  accumulate: trainingFields.accumulate.optional(),
  epochs: trainingFields.epochs.default(automatic),
  maxSteps: trainingFields.maxSteps.optional(),
  maxMinutes: trainingFields.maxMinutes.optional(),
  targetAccuracy: trainingFields.targetAccuracy.optional(),
  patience: trainingFields.patience.optional(),
  checkpointMinutes: trainingFields.checkpointMinutes.optional(),
  recomputeSegments: trainingFields.recomputeSegments.optional(),
  precision: trainingFields.precision.default('float32'),
  seed: trainingFields.seed.default(0),
});
