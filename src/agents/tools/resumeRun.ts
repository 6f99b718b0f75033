import { basename, join } from 'node:path';
import * as z from 'zod';
import { DistilleryError } from '../../errors.ts';
import { removeSocket } from '../../launching/removeSocket.ts';
import { launchTrainer } from '../../launching/launchTrainer.ts';
import { readExperiment } from '../../runFolder/readRun.ts';
import { describeHolder } from '../../runFolder/runLease.ts';
import { readStoredProgress } from '../../runFolder/checkpointFolder.ts';
import { agentText } from '../agentTexts.ts';
import { refuseOutside } from '../givenExperiment.ts';
import { goesOn } from '../goesOn.ts';
import { findTrainingRun, RUN_FIELD } from '../runFolders.ts';
import { defineTool } from '../tool.ts';
import { begun } from './startRun.ts';

export const resumeRun = defineTool({
  name: 'resume_run',
  title: 'Resume a run',
  description:
    'Goes on with a run that was stopped, interrupted or failed, from its last checkpoint, in a process of its own. What is done is not ' +
    'repeated, and the student comes out as if there had been no interruption. Writes to the same folder.',
  input: z.strictObject({ run: z.string().min(1).describe(RUN_FIELD) }),
  confirm: async ({ run }, context) => {
    const { folder } = await findTrainingRun(run, context.workspace);
    return {
      title: agentText("Resume the run '{0}'?", basename(folder)),
      sentences: [
        agentText(
          "It writes the folder '{0}': the student, its report and its checkpoints.",
          context.workspace.name(folder),
        ),
        agentText('It goes on where it ended and writes to the same folder.'),
        agentText('How long it takes is not known before it has begun.'),
        goesOn(context),
      ],
    };
  },
  run: async ({ run }, context) => {
    const { workspace, trainer, orphanMinutes } = context;
    const { folder, status } = await findTrainingRun(run, workspace);
    const id = basename(folder);
    const holder = describeHolder(folder);
    if (holder) {
      throw new DistilleryError('BAD_INPUT', `'${id}' cannot be resumed: ${holder.message}.`, {
        hint: 'follow_run tells how it goes; stop_run stops it.',
      });
    }
    if (status.state === 'finished') {
      throw new DistilleryError('BAD_INPUT', `'${id}' has finished.`, { hint: 'read_report tells what came of it.' });
    }
    const { progress } = await readStoredProgress(folder);
    await refuseOutside(await readExperiment(folder), workspace.existing(progress.baseDirectory), workspace);
    // Its process may have been killed while nobody stood by.
    await removeSocket(folder);
    workspace.toWrite(join('.distillery', 'cache'));
    const hasBegun = await begun(
      folder,
      await launchTrainer(trainer, { kind: 'resume', folder }, orphanMinutes),
      context,
    );
    return {
      text: `The run '${id}' ${hasBegun ? 'goes on' : 'is being checked and then goes on'}. Next: follow_run with {"run": "${id}"}.`,
      data: { run: id, folder: workspace.name(folder), state: hasBegun ? 'running' : 'checking' },
      whole: folder,
    };
  },
});
