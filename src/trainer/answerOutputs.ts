import * as z from 'zod';
import { sizesOf } from '../preflight/teacherOutputs/forecastOutputs.ts';
import type { inspectExperiment } from '../preflight/inspection/inspectExperiment.ts';
import type { OutputsAnswer } from '../protocol/outputForecast.ts';
import { refusalOf } from './refusal.ts';

const questionSchema = z.strictObject({
  experiment: z.unknown(),
  baseDirectory: z.string().min(1),
  cacheFolder: z.string().min(1),
});

/**
 * Answers what the outputs of an experiment's teachers will take.
 * @param question JSON with the experiment, the folder that its relative paths start from, and the one where outputs are usually kept
 */
export async function answerOutputs(
  question: string,
  signal: AbortSignal,
  inspect: typeof inspectExperiment,
): Promise<OutputsAnswer> {
  try {
    const { experiment, ...folders } = questionSchema.parse(JSON.parse(question));
    const { outputs } = await inspect(experiment, { ...folders, signal });
    return { kind: 'foreseen', sizes: outputs ? sizesOf(outputs) : null };
  } catch (error) {
    return refusalOf('cache', error);
  }
}
