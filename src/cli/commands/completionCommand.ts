import { oneOf } from '../checks.ts';
import type { Command } from '../command.ts';
import { bashCompletion } from '../completion/bash.ts';
import { describeCommands, type CompletedCommand } from '../completion/describeCommands.ts';
import { fishCompletion } from '../completion/fish.ts';
import { zshCompletion } from '../completion/zsh.ts';
import { exitCode } from '../terminal.ts';

const shells: Readonly<Record<string, (commands: readonly CompletedCommand[]) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** `distillery completion SHELL` @param commands all that there are, when it is asked for */
export function completionCommand(commands: () => readonly Command[]): Command {
  return {
    name: 'completion',
    summary: 'Print what makes a shell complete commands, options and their values.',
    details: [
      'bash:  source <(distillery completion bash)     in ~/.bashrc',
      'zsh:   source <(distillery completion zsh)      in ~/.zshrc, after compinit',
      'fish:  distillery completion fish > ~/.config/fish/completions/distillery.fish',
    ].join('\n'),
    operand: {
      name: 'SHELL',
      isRequired: true,
      description: Object.keys(shells).join(', '),
      check: oneOf('a shell that is known here', Object.keys(shells)),
    },
    options: [],
    run: ({ operand = '' }, terminal) => {
      terminal.out.write(shells[operand]?.(describeCommands(commands())) ?? '');
      return Promise.resolve(exitCode.success);
    },
  };
}
