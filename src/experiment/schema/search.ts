import * as z from 'zod';

const choices = z.array(z.unknown()).min(1).max(1000);
const ends = z.tuple([z.number(), z.number()]);

const when = z
  .record(z.string(), z.unknown())
  .optional()
  .describe('Searched only where these other fields of the space have this value, or one of this list.');

/** What a field of an experiment may become in a search. */
const parameterSchema = z.union([
  choices.describe('The values to choose from; of any kind, also whole objects such as networks.'),
  z
    .strictObject({ choices, when })
    .describe('The values to choose from, where the field is searched only under a condition.'),
  z
    .strictObject({
      range: ends.describe('Smallest and largest value.'),
      step: z.number().positive().optional().describe('Distance of the values from each other, from the smallest on.'),
      when,
    })
    .describe('Any number from the first to the second; whole numbers where the field takes only those.'),
  z
    .strictObject({ log: ends.describe('Smallest and largest value, both above 0.'), when })
    .describe('Any number from the first to the second, each factor as likely; whole where the field takes only that.'),
]);

const aim = z.enum(['accuracy', 'loss', 'parameters', 'macs', 'bytes', 'latencyMs']);
const aims = z.union([aim, z.array(aim).min(1).max(4)]).optional();
const limit = z.number().positive().optional();

/** What is searched for, and where: the section `search` of an experiment. */
export const searchSchema = z
  .strictObject({
    space: z
      .record(z.string().min(1), parameterSchema)
      .describe(
        'The fields that are searched, by their path, such as `training.learningRate`, `student.hidden[0]` or ' +
          '`student.hidden.length`, and what each may become.',
      ),
    trials: z.int().min(1).max(100_000).default(30).describe('Students that are trained, at most.'),
    strategy: z
      .enum(['auto', 'grid', 'random', 'tpe', 'halving', 'nsga2'])
      .default('auto')
      .describe(
        'How trials are chosen: every combination; at random; by what good trials have in common (TPE, NIPS 2011); at random, where ' +
          'only the better third of the trials is trained on after 1, 3, 9, … epochs (asynchronous successive halving, arXiv ' +
          '1810.05934); or by crossing the best for several aims (NSGA-II). `auto` takes what suits the space and the aims.',
      ),
    maximize: aims.describe(
      'What is to become large. Accuracy and loss are those of the validation split. Default: accuracy, where the task has one.',
    ),
    minimize: aims.describe('What is to become small. Default: the loss, where the task has no accuracy.'),
    limits: z
      .strictObject({
        parameters: limit.describe('Most parameters that a student may have.'),
        macs: limit.describe('Most multiply-accumulate operations of a sample.'),
        bytes: limit.describe('Largest size of the file.'),
        latencyMs: limit.describe('Most milliseconds of a forward pass at batch 1 on the CPU, as the median.'),
        minutes: limit.describe('Minutes after which no further trial begins.'),
      })
      .default({})
      .describe('What no result may exceed. Students that are too large are not trained.'),
  })
  .describe('What `distillery search` varies, and what it looks for; other commands do not look at it.');

/** The section with its defaults filled in. */
export type SearchOptions = z.output<typeof searchSchema>;
export type SearchParameter = z.output<typeof parameterSchema>;
/** What a search can look for; accuracy and loss on the validation split. */
export type AimName = z.output<typeof aim>;
