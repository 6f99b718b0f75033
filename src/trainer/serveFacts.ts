import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import * as z from 'zod';
import { describeModel } from '../preflight/inspection/describeModel.ts';
import type { ExperimentDescriber } from '../preflight/inspection/experimentDescriber.ts';
import type { FactsAnswer } from '../protocol/experimentFacts.ts';
import { refusalOf } from './refusal.ts';

/** An experiment of which no more is chosen than a teacher that is there. */
const teacherAloneSchema = z.looseObject({
  teacher: z.looseObject({ model: z.string().min(1) }),
  dataset: z.looseObject({ path: z.literal('') }),
});
const questionSchema = z.strictObject({ experiment: z.unknown(), baseDirectory: z.string().min(1) });

/**
 * Answers what experiments are about, teacher, data and student, or the teacher alone before there are data, for as long as anything is asked: a question in each line, JSON with
 * the experiment and the folder that its relative paths start from; an answer in each line. It ends with the input, or when the signal aborts: whoever
 * asks may leave the input open.
 */
export async function serveFacts(
  input: Readable,
  output: Writable,
  signal: AbortSignal,
  describer: Pick<ExperimentDescriber, 'describe'>,
): Promise<void> {
  for await (const line of createInterface({ input, signal })) {
    const answer = await answerFacts(line, signal, describer);
    await new Promise((resolve) => output.write(`${JSON.stringify(answer)}\n`, resolve));
  }
}

async function answerFacts(
  question: string,
  signal: AbortSignal,
  describer: Pick<ExperimentDescriber, 'describe'>,
): Promise<FactsAnswer> {
  try {
    const { experiment, baseDirectory } = questionSchema.parse(JSON.parse(question));
    const alone = teacherAloneSchema.safeParse(experiment).data;
    if (alone) return { kind: 'teacher', model: await describeModel(resolve(baseDirectory, alone.teacher.model)) };
    const { problems, ...facts } = await describer.describe(experiment, { baseDirectory, signal });
    return { kind: 'found', facts, problems };
  } catch (error) {
    return refusalOf('teacher', error);
  }
}
