import * as z from 'zod';
import { siteDataset } from './sites.ts';

/** How several workers train one student that rarely speak with each other: the section `rounds`. */
export const roundsSchema = z
  .strictObject({
    workers: z
      .int()
      .min(2)
      .max(100_000)
      .optional()
      .describe('Workers that share the training samples, each with its own part. Not with `sites`.'),
    sites: z
      .array(z.strictObject({ name: z.string().min(1).optional(), dataset: siteDataset }))
      .min(2)
      .max(10_000)
      .optional()
      .describe(
        'Workers that each have their own data, which stays with them: only weights travel (federated training).',
      ),
    localSteps: z.int().min(1).max(1e6).default(500).describe('Steps that a worker does between two merges.'),
    outerLearningRate: z
      .number()
      .min(1e-6)
      .max(10)
      .default(0.7)
      .describe(
        'Step size of the outer optimizer, which follows the mean change of the workers. 1 with momentum 0: plain averaging.',
      ),
    outerMomentum: z.number().min(0).max(0.999999).default(0.9).describe("Nesterov's momentum of the outer optimizer."),
  })
  .refine(({ workers, sites }) => (workers === undefined) !== (sites === undefined), {
    message: "needs either 'workers' or 'sites'",
  })
  .describe(
    'Trains the student, and its baseline, by several workers that do many steps between two merges (DiLoCo, arXiv 2311.08105): on one machine in turns, ' +
      'with `distillery submit` each in a task of its own.',
  );
