import { BadInputError, DistilleryError, messageOf, type Problem } from '../errors.ts';
import { listed, nearest } from '../experiment/suggest.ts';
import { cacheCommand } from './commands/cacheCommand.ts';
import type { Command } from './command.ts';
import { commandHelp, programHelp } from './help.ts';
import { withoutControls } from './escapeControls.ts';
import { completionCommand } from './commands/completionCommand.ts';
import { initCommand } from './commands/initCommand.ts';
import { explainCommand } from './commands/explainCommand.ts';
import { inspectCommand } from './commands/inspectCommand.ts';
import { mcpCommand } from './commands/mcpCommand.ts';
import { systemRefusal } from '../platform/writingError.ts';
import { packageVersion } from '../platform/packageFiles.ts';
import { parseArguments } from './parseArguments.ts';
import { locateProblems } from './locateProblems.ts';
import { listProblems } from './problems.ts';
import { checkCommand } from './commands/checkCommand.ts';
import { reportCommand } from './commands/reportCommand.ts';
import { resumeCommand } from './commands/resumeCommand.ts';
import { runCommand } from './commands/runCommand.ts';
import { compareCommand } from './commands/compareCommand.ts';
import { queueCommand } from './commands/queueCommand.ts';
import { cancelCommand } from './commands/cancelCommand.ts';
import { jobsCommand } from './commands/jobsCommand.ts';
import { searchCommand } from './commands/searchCommand.ts';
import { submitCommand } from './commands/submitCommand.ts';
import { taskCommand } from './commands/taskCommand.ts';
import { schemaCommand } from './commands/schemaCommand.ts';
import { exitCode, type Terminal } from './terminal.ts';

/** In the order in which they are listed. */
export const commands: readonly Command[] = [
  initCommand,
  runCommand,
  resumeCommand,
  inspectCommand,
  searchCommand,
  queueCommand,
  submitCommand,
  jobsCommand,
  cancelCommand,
  taskCommand,
  compareCommand,
  reportCommand,
  checkCommand,
  explainCommand,
  cacheCommand,
  schemaCommand,
  mcpCommand,
  completionCommand(() => commands),
];

/**
 * The program: runs the command that the arguments name.
 * @returns the exit code
 */
export async function main(args: readonly string[], given: Terminal): Promise<number> {
  const terminated = new AbortController();
  const watched: Terminal = {
    ...given,
    onInterrupt: (listener) =>
      given.onInterrupt((interruption) => {
        if (interruption === 'terminated') terminated.abort();
        listener(interruption);
      }),
  };
  const code = await call(args, withoutControls(watched));
  return code === exitCode.interrupted && terminated.signal.aborted ? exitCode.terminated : code;
}

async function call(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = args;
  // As of git and npm: 'help COMMAND' is 'COMMAND --help'.
  if (name === 'help' && rest[0] !== undefined) return call([rest[0], '--help'], terminal);
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    terminal.out.write(programHelp(commands));
    return exitCode.success;
  }
  if (name === '--version' || name === '-v') {
    terminal.out.write(`${packageVersion()}\n`);
    return exitCode.success;
  }
  const wantsJson = args.includes('--json');
  const command = commands.find((candidate) => candidate.name === name);
  if (!command) return tellError(new BadInputError([unknownCommand(name)]), 'The command line', wantsJson, terminal);
  let subject = 'The command line';
  let file: string | undefined;
  try {
    const parsed = parseArguments(command, rest, terminal.directory);
    if (parsed.switches.has('help')) {
      terminal.out.write(commandHelp(command));
      return exitCode.success;
    }
    // An action is nothing that could have a problem.
    const isWord = (command.operand?.first ?? command.operand?.check)?.choices !== undefined;
    if (!isWord) subject = parsed.operand ?? command.name;
    file = parsed.values.get('experiment') ?? parsed.operand;
    return await command.run(parsed, terminal);
  } catch (error) {
    return tellError(error, subject, wantsJson, terminal, file);
  }
}

function unknownCommand(name: string): Problem {
  const names = commands.map((command) => command.name);
  const suggestion = nearest(name, names);
  const meant = suggestion === undefined ? '' : `; did you mean '${suggestion}'?`;
  return { where: name, message: `is not a command${meant}`, hint: `Commands: ${listed(names)}.` };
}

/**
 * Tells what went wrong, as the person asked for it, and returns the exit code that goes with it.
 * @param file that the problems may be about
 */
function tellError(error: unknown, subject: string, wantsJson: boolean, terminal: Terminal, file?: string): number {
  const problems = locateProblems(problemsOf(error, subject), file, terminal.directory);
  if (wantsJson) terminal.out.write(`${JSON.stringify({ problems }, null, 2)}\n`);
  else if (error instanceof BadInputError) terminal.error.write(listProblems(subject, problems, terminal.error));
  else terminal.error.write(problems.map(sentence).join(''));
  // What the operating system refuses is no fault of the program's: where it happened helps nobody.
  if (error instanceof Error && 'syscall' in error) return exitCode.failure;
  if (!(error instanceof DistilleryError)) {
    // Nothing that we foresaw: whoever mends it needs to know where it happened.
    if (error instanceof Error && error.stack !== undefined) terminal.error.write(`${error.stack}\n`);
    return exitCode.failure;
  }
  switch (error.code) {
    case 'BAD_INPUT':
    case 'FILE_NOT_FOUND':
    case 'BAD_FILE':
    case 'UNSUPPORTED':
      return exitCode.badInput;
    case 'CANCELLED':
      return exitCode.interrupted;
    case 'DEVICE':
    case 'DIVERGED':
    case 'TRAINING':
    case 'INTERNAL':
      return exitCode.failure;
  }
}

function problemsOf(error: unknown, subject: string): readonly Problem[] {
  if (error instanceof BadInputError) return error.problems;
  const hint = error instanceof DistilleryError ? error.hint : undefined;
  return [
    { where: subject, message: systemRefusal(error) ?? messageOf(error), ...(hint === undefined ? {} : { hint }) },
  ];
}

function sentence({ message, hint }: Problem): string {
  return hint === undefined ? `${message}\n` : `${message} ${hint}\n`;
}
