import type { CompletedCommand, Completion } from './describeCommands.ts';

/** Completion for bash 3.2 and newer. */
export function bashCompletion(commands: readonly CompletedCommand[]): string {
  const names = commands.map(({ name }) => name);
  return [
    '# bash completion for distillery; written by `distillery completion bash`.',
    '_distillery() {',
    '  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command= word',
    "  local IFS=$'\\n'",
    '  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do',
    `    case $word in ${names.join('|')}) command=$word; break ;; esac`,
    '  done',
    '  COMPREPLY=()',
    '  if [[ -z $command ]]; then',
    `    COMPREPLY=($(compgen -W ${words([...names, '--help', '--version'])} -- "$current"))`,
    '    return',
    '  fi',
    '  case $command:$previous in',
    ...commands.flatMap(({ name, options }) =>
      options
        .filter(({ valueName }) => valueName !== undefined)
        .map(({ flag, value }) => `    ${name}:${flag}) ${reply(value)}; return ;;`),
    ),
    '  esac',
    '  if [[ $current == -* ]]; then',
    '    case $command in',
    ...commands.map(
      ({ name, options }) =>
        `      ${name}) COMPREPLY=($(compgen -W ${words(options.map(({ flag }) => flag))} -- "$current")) ;;`,
    ),
    '    esac',
    '    return',
    '  fi',
    '  case $command in',
    ...commands.map(({ name, operand, first }) => {
      const others = reply(operand);
      if (!first) return `    ${name}) ${others} ;;`;
      return `    ${name}) if [[ $previous == ${name} ]]; then ${reply({ kind: 'words', words: first })}; else ${others}; fi ;;`;
    }),
    '  esac',
    '}',
    '# Nothing of ours to offer leaves the names of files.',
    'complete -o filenames -o bashdefault -F _distillery distillery',
    '',
  ].join('\n');
}

function reply(completion: Completion): string {
  switch (completion.kind) {
    case 'words':
      return completion.words.length === 0 ? ':' : `COMPREPLY=($(compgen -W ${words(completion.words)} -- "$current"))`;
    case 'files':
      return 'COMPREPLY=($(compgen -f -- "$current"))';
    case 'folders':
      return 'COMPREPLY=($(compgen -d -- "$current"))';
    case 'anything':
      return ':';
  }
}

/** A list that is divided at line ends, as the function's IFS has it. */
function words(list: readonly string[]): string {
  return `$'${list.join('\\n')}'`;
}
