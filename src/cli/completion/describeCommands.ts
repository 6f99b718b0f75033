import { helpOption, type Command, type OperandDefinition } from '../command.ts';

/** What may stand at a place of the command line. */
export type Completion =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'files' }
  | { readonly kind: 'folders' }
  /** Something that only the person knows. */
  | { readonly kind: 'anything' };

export interface CompletedOption {
  /** With its dashes. */
  readonly flag: string;
  readonly description: string;
  /** What its value is called in the help; undefined for a switch. */
  readonly valueName: string | undefined;
  readonly value: Completion;
}

/** A command as shells complete it. */
export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  readonly operandName: string | undefined;
  readonly operand: Completion;
  /** What the first of several is, where it is a word that says what is done with the others. */
  readonly first: readonly string[] | undefined;
  readonly options: readonly CompletedOption[];
}

/** What shells need to know of the commands. */
export function describeCommands(commands: readonly Command[]): readonly CompletedCommand[] {
  return commands.map(({ name, summary, operand, options }) => ({
    name,
    summary,
    operandName: operand?.name,
    operand: operand ? completionOfOperand(operand) : { kind: 'words', words: [] },
    first: operand?.first?.choices,
    options: [...options, helpOption].map((option) => ({
      flag: `--${option.name}`,
      description: option.description,
      valueName: option.value,
      value:
        option.value === undefined ? { kind: 'words', words: [] } : completionOf(option.value, option.check?.choices),
    })),
  }));
}

/** What an action is done with is a file, where it is a thing at all. */
function completionOfOperand({ name, check, first }: OperandDefinition): Completion {
  return first ? { kind: 'files' } : completionOf(name, check.choices);
}

/** By what may stand there, or else by what the help calls it. */
function completionOf(name: string, choices: readonly string[] | undefined): Completion {
  if (choices) return { kind: 'words', words: choices };
  if (/DIR|FOLDER/.test(name)) return { kind: 'folders' };
  return /FILE|MODEL|OTHER|PATH/.test(name) ? { kind: 'files' } : { kind: 'anything' };
}
