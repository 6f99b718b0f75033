import { fork, type ChildProcess, type ForkOptions } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A program of this project that runs beside the one that asks for it. */
export interface ChildProgram {
  readonly path: string;
  /** Whether it is TypeScript, so that whatever compiles the caller has to compile it. */
  readonly isSource: boolean;
}

/**
 * Finds a program that lies beside the file that calls, and whose bundle lies beside the caller's.
 *
 * The environment variable `DISTILLERY_PROGRAMS` names a folder of bundles that are taken where the caller runs from its sources:
 * they start in a fraction of the time, which tests feel.
 *
 * @param name of the program's file, without its ending
 * @param caller `import.meta.url` of the file that calls
 */
export function childProgram(name: string, caller: string): ChildProgram {
  if (!caller.endsWith('.ts')) return { path: fileURLToPath(new URL(`${name}.mjs`, caller)), isSource: false };
  const bundles = process.env['DISTILLERY_PROGRAMS'];
  if (bundles !== undefined) return { path: join(bundles, `${name}.mjs`), isSource: false };
  return { path: fileURLToPath(new URL(`${name}.ts`, caller)), isSource: true };
}

/** Starts such a program in a process of its own. Whoever starts it ends it. */
export function forkProgram(
  name: string,
  caller: string,
  { args = [], execArgv = process.execArgv, ...options }: ForkOptions & { readonly args?: readonly string[] },
): ChildProcess {
  const { path, isSource } = childProgram(name, caller);
  return fork(path, args, { ...options, execArgv: isSource ? execArgv : withoutCompiler(execArgv) });
}

/** Options of Node without those that compile TypeScript. */
function withoutCompiler(execArgv: readonly string[]): string[] {
  return execArgv.filter(
    (option, index) =>
      !/^--import=.*tsx/.test(option) &&
      !(option === '--import' && /tsx/.test(execArgv[index + 1] ?? '')) &&
      !(execArgv[index - 1] === '--import' && /tsx/.test(option)),
  );
}
