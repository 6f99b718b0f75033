import { resolve } from 'node:path';
import { readCurveEvents } from '../../runFolder/readRun.ts';
import { resumeRun } from '../../run/resumeRun.ts';
import { runFolderToResume } from '../checks.ts';
import { runFolderOperand, type Command } from '../command.ts';
import { followDetails, followOptions, followRun } from '../followRun.ts';

/** `distillery resume RUNFOLDER` */
export const resumeCommand: Command = {
  name: 'resume',
  summary: 'Go on with a run that was stopped or interrupted.',
  details:
    'What is done is not repeated, and the student comes out as if there had been no interruption.\n' + followDetails,
  operand: runFolderOperand(runFolderToResume),
  options: [
    {
      name: 'force',
      description:
        'Go on although the data, their labels or a network is not what the run began with; the report says so.',
    },
    ...followOptions,
  ],
  run: async (given, terminal) => {
    const folder = resolve(terminal.directory, given.operand ?? '');
    const told = await readCurveEvents(folder);
    const force = given.switches.has('force');
    return followRun({ folder, told, run: (options) => resumeRun({ ...options, folder, force }) }, given, terminal);
  },
};
