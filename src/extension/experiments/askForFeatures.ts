import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { DistilleryError } from '../../errors.ts';
import type { FeaturesAnswer } from '../../protocol/features.ts';
import type { ExperimentDraft } from '../../protocol/panel.ts';
import { problemsSchema } from '../runs/runFileSchemas.ts';

/** Opening a large dataset takes its time; after this something is wrong. */
const MOST_MS = 120_000;

const feature = z.object({
  name: z.string(),
  shape: z.array(z.union([z.number(), z.string()])),
  stage: z.string(),
  lastOfStage: z.boolean(),
});

const answerSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('listed'),
    choices: z.object({
      student: z.array(feature),
      teacher: z.array(feature),
      pairs: z.array(z.object({ student: z.string(), teacher: z.string(), stage: z.string() })),
    }),
  }),
  z.object({ kind: z.literal('refused'), problems: problemsSchema }),
]) satisfies z.ZodType<FeaturesAnswer>;

/**
 * Asks a child process which values inside teacher and student an experiment can compare: it opens the dataset and both networks.
 *
 * @param program path of the bundled child process
 * @throws DistilleryError when the process gives no answer
 */
export async function askForFeatures(
  program: string,
  experiment: ExperimentDraft,
  baseDirectory: string,
): Promise<FeaturesAnswer> {
  const child = spawn(process.execPath, [program, '--features'], {
    cwd: dirname(program),
    windowsHide: true,
    timeout: MOST_MS,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: undefined },
  });
  const failed = new Promise<never>((_resolve, reject) => {
    child.once('error', reject);
    child.stdin.once('error', reject);
  });
  child.stdin.end(JSON.stringify({ experiment, baseDirectory }));
  const [said, complaint] = await Promise.race([Promise.all([text(child.stdout), text(child.stderr)]), failed]);
  const answer = answerSchema.safeParse(jsonOrNothing(said));
  if (answer.success) return answer.data;
  throw new DistilleryError('INTERNAL', 'The values inside the networks could not be listed.', {
    ...(complaint.trim() !== '' && { hint: complaint.trim() }),
  });
}

function jsonOrNothing(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
