import { helpOption, type Command, type OptionDefinition } from './command.ts';

const EXIT_CODES: readonly (readonly [string, string])[] = [
  ['0', 'It is done.'],
  ['1', 'It failed, or a student falls short of what is required of it.'],
  ['2', 'What was given has to be mended: every problem is listed, with its line where it is in an experiment file.'],
  ['75', 'What jobs --wait waited for still goes on.'],
  ['130', 'It was stopped by Ctrl-C; the best student so far is kept.'],
  ['143', 'It was stopped by SIGTERM, as servers and batch systems do; it can go on.'],
];

const ENVIRONMENT: readonly (readonly [string, string])[] = [
  ['NO_COLOR', 'Nothing is coloured when this is set.'],
  ['FORCE_COLOR', 'Colours are written although the output is no terminal that is known to show them.'],
];

/** The manual page distillery(1), for man(7). @param version of the program */
export function manPage(commands: readonly Command[], version: string): string {
  return [
    `.TH DISTILLERY 1 "" "distillery ${version}" "Distillery"`,
    '.SH NAME',
    'distillery \\- compress neural networks by knowledge distillation: ONNX in, ONNX out',
    '.SH SYNOPSIS',
    ...commands.flatMap((command) => [`.B distillery ${escaped(command.name)}`, synopsisOf(command), '.br']),
    '.SH DESCRIPTION',
    escaped(
      'A student learns from a teacher, as an experiment file (*.distill.json) says. Results go to standard output, everything else to ' +
        'standard error. With --json every command prints exactly one JSON document, whose schema `distillery schema COMMAND` prints.',
    ),
    '.SH COMMANDS',
    ...commands.flatMap(commandSection),
    '.SH EXIT STATUS',
    ...tagged(EXIT_CODES),
    '.SH ENVIRONMENT',
    ...tagged(ENVIRONMENT),
    '',
  ].join('\n');
}

function synopsisOf({ operand, options }: Command): string {
  const many = operand?.isList === true ? ' ...' : '';
  const name = operand ? `\\fI${escaped(operand.name)}\\fR${many}` : '';
  const taken = operand && !operand.isRequired ? `[${name}]` : name;
  const flags = options.length > 0 ? '[\\fIoptions\\fR]' : '';
  return [taken, flags].filter((part) => part !== '').join(' ') || '\\&';
}

function commandSection(command: Command): readonly string[] {
  const { name, summary, details, operand, options } = command;
  return [
    `.SS ${escaped(name)} ${synopsisOf(command)}`,
    lineOf(summary),
    ...(details === '' ? [] : details.split('\n').flatMap((line) => ['.PP', lineOf(line)])),
    ...(operand ? ['.TP', `\\fI${escaped(operand.name)}\\fR`, lineOf(operand.description)] : []),
    ...[...options, helpOption].flatMap((option) => ['.TP', flagOf(option), lineOf(option.description)]),
  ];
}

function flagOf({ name, value }: OptionDefinition): string {
  const flag = `\\fB\\-\\-${escaped(name)}\\fR`;
  return value === undefined ? flag : `${flag} \\fI${escaped(value)}\\fR`;
}

function tagged(entries: readonly (readonly [string, string])[]): readonly string[] {
  return entries.flatMap(([name, text]) => ['.TP', `.B ${escaped(name)}`, lineOf(text)]);
}

/** A line of text that man(7) takes for no request. */
function lineOf(text: string): string {
  const line = escaped(text);
  return /^[.']/.test(line) ? `\\&${line}` : line;
}

/** As roff reads it everywhere: in ASCII. */
function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(
      /[^\n -~]/gu,
      (letter) => `\\[u${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
    );
}
