import type { Check } from './checks.ts';
import type { Terminal } from './terminal.ts';

/** An option of a command: a switch, or one that takes a value. */
export interface OptionDefinition {
  readonly name: string;
  /** What the value is called in the help, such as `DIR`; absent for a switch. */
  readonly value?: string;
  readonly description: string;
  /** Judges the value; any is accepted when left out. */
  readonly check?: Check;
}

/** What a command takes beside options. */
export interface OperandDefinition {
  readonly name: string;
  readonly isRequired: boolean;
  readonly description: string;
  readonly check: Check;
  /** Whether there may be several of it. */
  readonly isList?: boolean;
  /** What the first of several has to be, where that is a word that says what is done with the others. */
  readonly first?: Check;
}

/** A command of the terminal. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** Further lines of its own help. */
  readonly details: string;
  /** The one thing beside options that it takes. */
  readonly operand?: OperandDefinition;
  readonly options: readonly OptionDefinition[];
  /**
   * @returns the exit code
   * @throws DistilleryError what is told to the person and decides the exit code
   */
  run(given: GivenArguments, terminal: Terminal): Promise<number>;
}

/** What a person gave a command, found to be what the command takes. */
export interface GivenArguments {
  readonly operand: string | undefined;
  /** All of them, where the command takes several. */
  readonly operands: readonly string[];
  readonly switches: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
}

export const helpOption: OptionDefinition = { name: 'help', description: 'Show this help.' };
export const jsonOption: OptionDefinition = {
  name: 'json',
  description: 'Print one JSON document instead: the result, or { "problems": […] }.',
};

/** The folder of a run, which a command cannot do without. @param check what the run must be */
export function runFolderOperand(check: Check): OperandDefinition {
  return { name: 'RUNFOLDER', isRequired: true, description: 'Folder of a run, such as .distillery/runs/….', check };
}
