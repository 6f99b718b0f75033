/** As package.json names tasks. */
export const TASK_TYPE = 'distillery';

/** Commands of the terminal that a task can be. */
export const TASK_COMMANDS = ['run', 'search'] as const;

export interface TaskDefinition {
  readonly command: (typeof TASK_COMMANDS)[number];
  /** The experiment file, from the task's folder on, or absolute. */
  readonly file: string;
  readonly args?: readonly string[] | undefined;
}

/** A program with its arguments, and what it needs in its environment. */
export interface Invocation {
  readonly program: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * How the terminal program is started by VS Code's own Node, so that nothing has to be installed.
 * @param program path of the bundled terminal program
 */
export function taskInvocation(program: string, { command, file, args = [] }: TaskDefinition): Invocation {
  return {
    program: process.execPath,
    args: [program, command, file, ...args],
    environment: { ELECTRON_RUN_AS_NODE: '1' },
  };
}
