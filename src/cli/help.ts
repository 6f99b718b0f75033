import { helpOption, type Command, type OptionDefinition } from './command.ts';

/** Help of the program as a whole. */
export function programHelp(commands: readonly Command[]): string {
  return [
    'Distillery compresses neural networks by knowledge distillation: ONNX in, ONNX out.',
    '',
    'Usage: distillery COMMAND [OPTIONS]',
    '',
    'Commands:',
    ...columns(commands.map((command) => [invocation(command), command.summary])),
    '',
    'Options:',
    ...columns([
      ['--help, -h', 'Show this help; after a command, the help of that command, as "help COMMAND" does.'],
      ['--version, -v', 'Show the version.'],
    ]),
    '',
  ].join('\n');
}

/** Help of one command. */
export function commandHelp(command: Command): string {
  const { operand } = command;
  return [
    `Usage: distillery ${invocation(command)} [OPTIONS]`,
    '',
    command.summary,
    ...(command.details === '' ? [] : ['', command.details]),
    '',
    ...(operand ? ['Argument:', ...columns([[operand.name, operand.description]]), ''] : []),
    'Options:',
    ...columns([...command.options, helpOption].map((option) => [written(option), option.description])),
    '',
  ].join('\n');
}

function invocation({ name, operand }: Command): string {
  if (!operand) return name;
  const written = operand.isList === true ? `${operand.name}…` : operand.name;
  return `${name} ${operand.isRequired ? written : `[${written}]`}`;
}

function written({ name, value }: OptionDefinition): string {
  return value === undefined ? `--${name}` : `--${name} ${value}`;
}

function columns(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
