import { relative, resolve } from 'node:path';
import { areOver, askAboutJobs, reasonsOf, submittedFolders, type SubmittedRun } from '../../cluster/jobs.ts';
import { Slurm } from '../../cluster/slurm/slurm.ts';
import { readSubmission } from '../../cluster/submission.ts';
import { wholeNumber } from '../checks.ts';
import { jsonOption, type Command } from '../command.ts';
import { followJobs, lineOf } from '../followJobs.ts';
import { renderTable } from '../renderTable.ts';
import { exitCode } from '../terminal.ts';
import { hostOf, hostOptions, optionsToPassOn, passOn } from './hostOption.ts';

/** Submissions that are told of without being asked for. */
const SHOWN = 20;

/** `distillery jobs [FOLDER]` */
export const jobsCommand: Command = {
  name: 'jobs',
  summary: 'Tell what the cluster says of what was submitted: states, reasons, nodes.',
  details:
    'Without a folder, of everything that was submitted from here. Slurm forgets jobs some minutes after their end, unless its accounting is on;\n' +
    'what they came to is in their folders. Ends with 0, with --wait as the jobs do, and 75 when they still go on after that.',
  operand: {
    name: 'FOLDER',
    isRequired: false,
    description: 'Folder of a run or a search that was submitted.',
    // On another machine it is another folder.
    check: () => undefined,
  },
  options: [
    {
      name: 'wait',
      value: 'SECONDS',
      description: 'Wait so long for the end, and tell how it goes.',
      check: wholeNumber(0, 10_000_000),
    },
    ...hostOptions,
    jsonOption,
  ],
  run: async (given, terminal) => {
    const { operand, values, switches } = given;
    const there = hostOf(given);
    if (there)
      return passOn(there, ['jobs', ...(operand === undefined ? [] : [operand]), ...optionsToPassOn(given)], terminal);
    const slurm = new Slurm();
    const folders =
      operand === undefined
        ? (await submittedFolders(terminal.directory)).slice(0, SHOWN)
        : [resolve(terminal.directory, operand)];
    const wait = values.get('wait');
    const [only] = folders;
    if (wait !== undefined && operand !== undefined && only !== undefined) {
      return followJobs(only, await readSubmission(only), slurm, terminal, Number(wait));
    }
    const asked: SubmittedRun[] = [];
    for (const folder of folders) asked.push(await askAboutJobs(folder, await readSubmission(folder), slurm));
    if (switches.has('json')) {
      const told = asked.map(({ folder, jobs, submission }) => ({ folder, name: submission.name, jobs }));
      terminal.out.write(`${JSON.stringify(told, null, 2)}\n`);
      return exitCode.success;
    }
    if (asked.length === 0) terminal.error.write("Nothing was submitted from here; 'distillery submit FILE' does.\n");
    for (const one of asked) {
      terminal.out.write(`${relative(terminal.directory, one.folder) || '.'}${areOver(one) ? ' (over)' : ''}\n`);
      const rows = one.jobs.flatMap(({ name, states, id }) =>
        states.length === 0
          ? [[name, id, 'gone', '', '']]
          : states.map((state) => [name, state.id, state.state, reasonsOf([state]), state.nodes ?? '']),
      );
      terminal.out.write(
        rows.length > SHOWN
          ? `${lineOf(one)}\n`
          : renderTable(['', 'job', 'state', 'reason', 'nodes'], rows, terminal.out),
      );
    }
    return exitCode.success;
  },
};
