import { BadInputError } from '../errors.ts';
import { explainIssues } from './explainIssues.ts';
import { experimentJsonSchema } from './jsonSchema.ts';
import { experimentSchema, type Experiment } from './schema.ts';

/**
 * Checks the contents of an experiment file and fills in the defaults.
 *
 * @param value parsed JSON
 * @throws BadInputError with every problem: the field's path, what is wrong with it and what would be right
 */
export function parseExperiment(value: unknown): Experiment {
  const parsed = experimentSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new BadInputError(explainIssues(parsed.error.issues, value, experimentJsonSchema()));
}
