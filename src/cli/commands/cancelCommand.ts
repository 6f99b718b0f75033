import { resolve } from 'node:path';
import { cancelJobs } from '../../cluster/jobs.ts';
import { Slurm } from '../../cluster/slurm/slurm.ts';
import { readSubmission } from '../../cluster/submission.ts';
import type { Command } from '../command.ts';
import { exitCode } from '../terminal.ts';
import { hostOf, hostOptions, optionsToPassOn, passOn } from './hostOption.ts';

/** `distillery cancel FOLDER` */
export const cancelCommand: Command = {
  name: 'cancel',
  summary: 'End everything that was submitted for a run or a search, waiting or running.',
  details:
    'What runs stores where it stands first; the same submission with the same --out goes on from there.\n' +
    'Ends with 0 when no job is left, and 1 when the cluster has not ended all within a minute.',
  operand: {
    name: 'FOLDER',
    isRequired: true,
    description: 'Folder of the run or the search, as submit printed it.',
    // On another machine it is another folder.
    check: () => undefined,
  },
  options: hostOptions,
  run: async (given, terminal) => {
    const there = hostOf(given);
    if (there) return passOn(there, ['cancel', given.operand ?? '', ...optionsToPassOn(given)], terminal);
    const folder = resolve(terminal.directory, given.operand ?? '');
    const isOver = await cancelJobs(folder, await readSubmission(folder), new Slurm());
    terminal.error.write(isOver ? 'No job is left.\n' : "Slurm is still ending jobs; 'distillery jobs' tells which.\n");
    return isOver ? exitCode.success : exitCode.failure;
  },
};
