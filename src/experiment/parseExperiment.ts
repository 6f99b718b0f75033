import { BadInputError } from '../errors.ts';
import { explainIssues } from './explainIssues.ts';
import { experimentJsonSchema } from './jsonSchema.ts';
import type { ExperimentProblem } from './problemFixes.ts';
import type { Words } from './words.ts';
import { experimentSchema, type Experiment } from './schema.ts';

/**
 * Checks the contents of an experiment file and fills in the defaults.
 *
 * @param value parsed JSON
 * @throws BadInputError with every problem: the field's path, what is wrong with it and what would be right
 */
export function parseExperiment(value: unknown): Experiment {
  const parsed = experimentSchema.safeParse(withLoneWeight(value));
  if (parsed.success) return parsed.data;
  const problems = explainIssues(parsed.error.issues, value, experimentJsonSchema());
  throw new BadInputError(
    problems.map(({ where, message, hint }) => ({ where, message, ...(hint === undefined ? {} : { hint }) })),
  );
}

/**
 * Everything that the schema finds wrong with an experiment, and what would mend it.
 *
 * @param value parsed JSON
 * @param t the language in which it is told
 */
export function experimentProblems(value: unknown, t?: Words): readonly ExperimentProblem[] {
  const parsed = experimentSchema.safeParse(withLoneWeight(value));
  return parsed.success ? [] : explainIssues(parsed.error.issues, value, experimentJsonSchema(), t);
}

/** Losses on the labels, whose usual weight is a share beside a teacher's. */
const ON_LABELS: ReadonlySet<unknown> = new Set(['labels', 'binary-labels']);

/** Labels that are the only term count in full, unless the file says otherwise: there is no teacher to leave a share to. */
function withLoneWeight(value: unknown): unknown {
  if (!isRecord(value)) return value;
  const { objective } = value;
  if (!Array.isArray(objective)) return value;
  const [term, ...others] = objective as readonly unknown[];
  if (others.length > 0 || !isRecord(term) || !ON_LABELS.has(term['loss']) || 'weight' in term) return value;
  return { ...value, objective: [{ ...term, weight: 1 }] };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
