import { BadInputError, DistilleryError, messageOf, type Problem } from '../errors.ts';
import { listed, nearest } from '../experiment/suggest.ts';
import { cacheCommand } from './cacheCommand.ts';
import type { Command } from './command.ts';
import { commandHelp, programHelp } from './help.ts';
import { explainCommand } from './explainCommand.ts';
import { inspectCommand } from './inspectCommand.ts';
import { packageVersion } from '../packageFiles.ts';
import { parseArguments } from './parseArguments.ts';
import { listProblems } from './problems.ts';
import { reportCommand } from './reportCommand.ts';
import { resumeCommand } from './resumeCommand.ts';
import { runCommand } from './runCommand.ts';
import { schemaCommand } from './schemaCommand.ts';
import { exitCode, type Terminal } from './terminal.ts';

const commands: readonly Command[] = [
  runCommand,
  resumeCommand,
  inspectCommand,
  reportCommand,
  explainCommand,
  cacheCommand,
  schemaCommand,
];

/**
 * The program: runs the command that the arguments name.
 * @returns the exit code
 */
export async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = args;
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
  try {
    const given = parseArguments(command, rest, terminal.directory);
    if (given.switches.has('help')) {
      terminal.out.write(commandHelp(command));
      return exitCode.success;
    }
    subject = given.operand ?? command.name;
    return await command.run(given, terminal);
  } catch (error) {
    return tellError(error, subject, wantsJson, terminal);
  }
}

function unknownCommand(name: string): Problem {
  const names = commands.map((command) => command.name);
  const suggestion = nearest(name, names);
  const meant = suggestion === undefined ? '' : `; did you mean '${suggestion}'?`;
  return { where: name, message: `is not a command${meant}`, hint: `Commands: ${listed(names)}.` };
}

/** Tells what went wrong, as the person asked for it, and returns the exit code that goes with it. */
function tellError(error: unknown, subject: string, wantsJson: boolean, terminal: Terminal): number {
  const problems = problemsOf(error, subject);
  if (wantsJson) terminal.out.write(`${JSON.stringify({ problems }, null, 2)}\n`);
  else if (error instanceof BadInputError) terminal.error.write(listProblems(subject, problems, terminal.error));
  else terminal.error.write(problems.map(sentence).join(''));
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
    case 'TRAINING':
    case 'INTERNAL':
      return exitCode.failure;
  }
}

function problemsOf(error: unknown, subject: string): readonly Problem[] {
  if (error instanceof BadInputError) return error.problems;
  const hint = error instanceof DistilleryError ? error.hint : undefined;
  return [{ where: subject, message: messageOf(error), ...(hint === undefined ? {} : { hint }) }];
}

function sentence({ message, hint }: Problem): string {
  return hint === undefined ? `${message}\n` : `${message} ${hint}\n`;
}
