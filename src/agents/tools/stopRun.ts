import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as z from 'zod';
import { DistilleryError } from '../../errors.ts';
import { readRunStatus } from '../../launching/readRuns.ts';
import { runFiles } from '../../runFolder/runFolder.ts';
import { agentText } from '../agentTexts.ts';
import { endWriter } from '../../launching/endWriter.ts';
import { findRun, RUN_FIELD } from '../runFolders.ts';
import { defineTool } from '../tool.ts';

export const stopRun = defineTool({
  name: 'stop_run',
  title: 'Stop a run',
  description:
    'Stops a run or a search that is under way, whoever started it on this machine. The best student so far is kept, and resume_run goes ' +
    'on with the run. Takes seconds.',
  input: z.strictObject({ run: z.string().min(1).describe(RUN_FIELD) }),
  confirm: async ({ run }, { workspace }) => {
    const found = await findRun(run, workspace);
    return {
      title: agentText("Stop the run '{0}'?", basename(found.folder)),
      sentences: [
        found.kind === 'run'
          ? agentText('The best student so far is kept, and the run can be resumed.')
          : agentText('The trials so far are kept, and the same search can go on.'),
        agentText('It stops within a few seconds.'),
      ],
    };
  },
  run: async ({ run }, { workspace }) => {
    const { folder, kind } = await findRun(run, workspace);
    const id = basename(folder);
    if (!(await endWriter(folder))) {
      throw new DistilleryError('BAD_INPUT', `'${id}' is not under way.`, {
        hint: 'list_runs tells what is; read_report tells what came of this one.',
      });
    }
    if (kind === 'search') {
      return {
        text: `The search '${id}' was stopped; its trials are kept. start_search with {"resume": "${id}"} goes on.`,
        data: { run: id, state: 'stopped' },
        whole: folder,
      };
    }
    const state = (await readRunStatus(folder))?.state ?? 'unknown';
    const hasStudent = existsSync(join(folder, runFiles.student));
    return {
      text:
        `The run '${id}' was stopped (${state}). ${hasStudent ? `The best student so far is ${workspace.name(join(folder, runFiles.student))}.` : 'There is no student yet.'} ` +
        `Next: resume_run with {"run": "${id}"} goes on.`,
      data: { run: id, state, student: hasStudent ? workspace.name(join(folder, runFiles.student)) : null },
      whole: folder,
    };
  },
});
