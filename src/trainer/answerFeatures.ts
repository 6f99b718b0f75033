import { z } from 'zod';
import { BadInputError, DistilleryError, messageOf } from '../errors.ts';
import type { listFeaturePairs } from '../experiment/listFeaturePairs.ts';
import type { FeaturesAnswer } from '../protocol/features.ts';

const questionSchema = z.strictObject({ experiment: z.unknown(), baseDirectory: z.string().min(1) });

/**
 * Answers which values inside teacher and student an experiment can compare.
 * @param question JSON with the experiment and the folder that its relative paths start from
 */
export async function answerFeatures(
  question: string,
  signal: AbortSignal,
  list: typeof listFeaturePairs,
): Promise<FeaturesAnswer> {
  try {
    const { experiment, baseDirectory } = questionSchema.parse(JSON.parse(question));
    return { kind: 'listed', choices: await list(experiment, { baseDirectory, signal }) };
  } catch (error) {
    if (error instanceof BadInputError) return { kind: 'refused', problems: error.problems };
    const hint = error instanceof DistilleryError ? error.hint : undefined;
    const problem = { where: 'objective', message: messageOf(error), ...(hint !== undefined && { hint }) };
    return { kind: 'refused', problems: [problem] };
  }
}
