import type { CompletedCommand, CompletedOption, Completion } from './describeCommands.ts';

/** Completion for zsh, as a file `_distillery` of a folder in `fpath`. */
export function zshCompletion(commands: readonly CompletedCommand[]): string {
  return [
    '#compdef distillery',
    '# zsh completion for distillery; written by `distillery completion zsh`.',
    '_distillery() {',
    '  local context state state_descr line',
    '  typeset -A opt_args',
    '  local -a commands',
    '  commands=(',
    ...commands.map(({ name, summary }) => `    ${quoted(`${name}:${summary.replaceAll(':', '\\:')}`)}`),
    '  )',
    '  _arguments -C \\',
    "    '(- *)'{-h,--help}'[Show the help.]' \\",
    "    '(- *)'{-v,--version}'[Show the version.]' \\",
    "    '1:command:->command' \\",
    "    '*::argument:->argument'",
    '  case $state in',
    "    command) _describe -t commands 'command' commands ;;",
    '    argument)',
    '      case $words[1] in',
    ...commands.flatMap(commandLines),
    '      esac ;;',
    '  esac',
    '}',
    'if [[ $funcstack[1] == _distillery ]]; then _distillery "$@"; else compdef _distillery distillery; fi',
    '',
  ].join('\n');
}

function commandLines({ name, operandName, operand, first, options }: CompletedCommand): readonly string[] {
  const specs = [
    ...options.map(optionSpec),
    ...(operandName !== undefined && first ? [quoted(`1:${operandName}:(${first.join(' ')})`)] : []),
    ...(operandName === undefined ? [] : [quoted(`*:${operandName}:${action(operand)}`)]),
  ];
  return [
    `        ${name}) _arguments \\`,
    ...specs.map((spec, index) => `          ${spec}${index === specs.length - 1 ? ' ;;' : ' \\'}`),
  ];
}

function optionSpec({ flag, description, valueName, value }: CompletedOption): string {
  const explained = `${flag}${valueName === undefined ? '' : '='}[${description.replace(/[[\]\\:]/g, '\\$&')}]`;
  return quoted(valueName === undefined ? explained : `${explained}:${valueName}:${action(value)}`);
}

function action(completion: Completion): string {
  switch (completion.kind) {
    case 'words':
      return `(${completion.words.join(' ')})`;
    case 'files':
      return '_files';
    case 'folders':
      return '_files -/';
    case 'anything':
      return ' ';
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
