import type { CompletedCommand, Completion } from './describeCommands.ts';

/** Completion for fish, as `completions/distillery.fish`. */
export function fishCompletion(commands: readonly CompletedCommand[]): string {
  const lines = commands.flatMap(({ name, summary, operand, first, options }) => {
    const within = `-n ${quoted(`__fish_seen_subcommand_from ${name}`)}`;
    const [before, after] = first
      ? ['not ', ''].map((not) => {
          const condition = `__fish_seen_subcommand_from ${name}; and ${not}__fish_seen_subcommand_from ${first.join(' ')}`;
          return `-n ${quoted(condition)}`;
        })
      : [undefined, within];
    return [
      `complete -c distillery -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`,
      ...(first ? [`complete -c distillery ${before} -a ${quoted(first.join(' '))}`] : []),
      ...operandLines(operand).map((line) => `complete -c distillery ${after} ${line}`),
      ...options.map(({ flag, description, valueName, value }) => {
        const taken = valueName === undefined ? '' : ` -r ${argument(value)}`;
        return `complete -c distillery ${within} -l ${flag.slice(2)}${taken} -d ${quoted(description)}`;
      }),
    ];
  });
  return [
    '# fish completion for distillery; written by `distillery completion fish`.',
    'complete -c distillery -f',
    `complete -c distillery -n __fish_use_subcommand -s h -l help -d ${quoted('Show the help.')}`,
    `complete -c distillery -n __fish_use_subcommand -s v -l version -d ${quoted('Show the version.')}`,
    ...lines,
    '',
  ].join('\n');
}

function operandLines(operand: Completion): readonly string[] {
  switch (operand.kind) {
    case 'words':
      return operand.words.length === 0 ? [] : [`-a ${quoted(operand.words.join(' '))}`];
    case 'files':
      return ['-F'];
    case 'folders':
      return [`-a ${quoted('(__fish_complete_directories)')}`];
    case 'anything':
      return [];
  }
}

function argument(completion: Completion): string {
  switch (completion.kind) {
    case 'words':
      return `-f -a ${quoted(completion.words.join(' '))}`;
    case 'files':
      return '-F';
    case 'folders':
      return `-f -a ${quoted('(__fish_complete_directories)')}`;
    case 'anything':
      return '-f';
  }
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
