import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';
import { BadInputError, DistilleryError } from '../../errors.ts';
import { launchTrainer, type LaunchedTrainer } from '../../launching/launchTrainer.ts';
import { readLogTail, readRunStatus, removeUnlessBegun, runsDirectory } from '../../launching/readRuns.ts';
import type { TrainerOutcome } from '../../protocol/trainer.ts';
import { agentText } from '../agentTexts.ts';
import { checkGiven } from '../checkGiven.ts';
import { timeText } from '../foreseeRun.ts';
import { experimentFields, readGiven } from '../givenExperiment.ts';
import { newRunFolder } from '../../runFolder/runId.ts';
import { defineTool, type ToolContext } from '../tool.ts';
import { joinLines } from '../wording.ts';
import { goesOn } from '../goesOn.ts';

/** A run that has not begun after this is still being checked. */
const BEGIN_MS = 45_000;
const LOOK_MS = 100;

export const startRun = defineTool({
  name: 'start_run',
  title: 'Start a run',
  description:
    'Distils a teacher into a student as an experiment says, in a process of its own that goes on by itself. Returns as soon as the run ' +
    'has begun, with its id for follow_run. Writes a new folder below .distillery/runs. Takes seconds to hours.',
  input: z.strictObject(experimentFields),
  confirm: async (given, context) => {
    const { workspace } = context;
    const read = await readGiven(given, workspace);
    const { time } = await checkGiven(read, context);
    const folder = newRunFolder(runsDirectory(workspace.folder), read.name);
    return {
      title: agentText("Start the run '{0}'?", read.name),
      sentences: [
        agentText("It writes the folder '{0}': the student, its report and its checkpoints.", workspace.name(folder)),
        agentText("It writes the teacher's outputs to '{0}'.", '.distillery/cache'),
        timeText(time),
        goesOn(context),
      ],
    };
  },
  run: async (given, context) => {
    const { workspace, trainer, orphanMinutes } = context;
    const { experiment, name } = await readGiven(given, workspace);
    const folder = workspace.toWrite(newRunFolder(runsDirectory(workspace.folder), name));
    workspace.toWrite(join('.distillery', 'cache'));
    const request = { kind: 'run', experiment, baseDirectory: workspace.folder, folder } as const;
    const hasBegun = await begun(folder, await launchTrainer(trainer, request, orphanMinutes), context);
    const id = workspace.name(folder).split('/').at(-1) ?? '';
    return {
      text: joinLines(
        hasBegun
          ? `The run '${id}' has begun.`
          : `The run '${id}' is still being checked: the data or the networks are large.`,
        `Next: follow_run with {"run": "${id}"} waits for it; stop_run ends it and keeps the best student.`,
      ),
      data: { run: id, folder: workspace.name(folder), state: hasBegun ? 'running' : 'checking' },
      whole: folder,
    };
  },
});

/**
 * Whether a run that was launched has begun; it goes on either way, and nobody is connected to it when this returns.
 * @throws BadInputError with every problem, when it was refused; its folder is gone then
 */
export async function begun(
  folder: string,
  { connection }: LaunchedTrainer,
  { signal }: ToolContext,
): Promise<boolean> {
  let outcome: TrainerOutcome | 'died' | undefined;
  void connection.ended.then((ended) => {
    outcome = ended ?? 'died';
  });
  const isRunning = async (): Promise<boolean> => {
    const state = (await readRunStatus(folder))?.state;
    return state === 'running' || state === 'finished';
  };
  try {
    const deadline = performance.now() + BEGIN_MS;
    while (performance.now() < deadline && !signal.aborted) {
      if (await isRunning()) return true;
      if (outcome !== undefined) break;
      await wait(LOOK_MS);
    }
    if (outcome === undefined) return false;
    if (outcome !== 'died' && outcome.state !== 'failed') return true;
    const log = await readLogTail(folder);
    await removeUnlessBegun(folder);
    if (outcome !== 'died') throw new BadInputError(outcome.problems);
    throw new DistilleryError('TRAINING', 'The process that trains ended unexpectedly.', {
      ...(log !== undefined && { hint: `Its log ends with: ${log}` }),
    });
  } finally {
    connection.dispose();
  }
}
