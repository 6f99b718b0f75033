import { resolve } from 'node:path';
import { taskNames, type TaskName } from '../../cluster/plan.ts';
import { Slurm } from '../../cluster/slurm/slurm.ts';
import { doTask } from '../../cluster/tasks/doTask.ts';
import { onTimeWarning, requeueThisTask } from '../../cluster/tasks/requeue.ts';
import { batchTaskOf } from '../../platform/batchTask.ts';
import { readSubmission } from '../../cluster/submission.ts';
import { existingFolder, oneOf, wholeNumber } from '../checks.ts';
import { runFolderOperand, type Command } from '../command.ts';
import { exitCode } from '../terminal.ts';

/** `distillery task FOLDER --do TASK` */
export const taskCommand: Command = {
  name: 'task',
  summary: "Do a task of what 'distillery submit' handed in; the scripts that it writes call this.",
  details:
    'What was done of it before is not repeated. SIGTERM stores where it stands and ends with 143, so that it can be started anew;\n' +
    'at the warning that its time is up, it also puts itself back into the queue.',
  operand: { ...runFolderOperand(existingFolder), name: 'FOLDER', description: 'Folder of the run or the search.' },
  options: [
    {
      name: 'do',
      value: 'TASK',
      description: `What is to be done: ${taskNames.join(', ')}.`,
      check: oneOf('a task', taskNames),
    },
    {
      name: 'index',
      value: 'N',
      description: "Number of the task in its array. Default: as Slurm's or Kubernetes' environment says, else 0.",
      check: wholeNumber(0, 10_000_000),
    },
    {
      name: 'directory',
      value: 'DIR',
      description:
        'Folder that relative paths of the experiment start from, at a site where it is another than where it was submitted.',
      check: existingFolder,
    },
    {
      name: 'round',
      value: 'N',
      description: 'Of a training in rounds, counted from 0.',
      check: wholeNumber(0, 10_000_000),
    },
  ],
  run: async ({ operand, values }, terminal) => {
    const folder = resolve(terminal.directory, operand ?? '');
    const slurm = new Slurm();
    const stop = new AbortController();
    const timeIsUp = new AbortController();
    const stopListening = [
      terminal.onInterrupt(() => {
        stop.abort();
      }),
      onTimeWarning(() => {
        timeIsUp.abort();
        terminal.error.write('The time is nearly up: stores where it stands.\n');
        stop.abort();
      }),
    ];
    try {
      const end = await doTask({
        folder,
        task: taskNames.find((name): name is TaskName => name === values.get('do')) ?? 'run',
        index: Number(values.get('index') ?? batchTaskOf()?.index ?? 0),
        round: Number(values.get('round') ?? 0),
        directory: directoryOf(values.get('directory'), terminal.directory),
        slurm,
        signal: stop.signal,
        tell: (line) => {
          terminal.error.write(`${line}\n`);
        },
      });
      if (end === 'finished') return exitCode.success;
      if (timeIsUp.signal.aborted) await requeueThisTask(folder, await readSubmission(folder), slurm);
      return exitCode.terminated;
    } finally {
      for (const stopEach of stopListening) stopEach();
    }
  },
};

function directoryOf(named: string | undefined, directory: string): string | undefined {
  return named === undefined ? undefined : resolve(directory, named);
}
