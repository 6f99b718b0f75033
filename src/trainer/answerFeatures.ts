import * as z from 'zod';
import type { listFeaturePairs } from '../preflight/inspection/listFeaturePairs.ts';
import type { FeaturesAnswer } from '../protocol/features.ts';
import { refusalOf } from './refusal.ts';

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
    return refusalOf('objective', error);
  }
}
