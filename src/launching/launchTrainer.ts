import { spawn } from 'node:child_process';
import { open, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DistilleryError, messageOf } from '../errors.ts';
import { keepOutOfGit } from '../platform/keepOutOfGit.ts';
import { makeFolder } from '../platform/makeFolder.ts';
import { sharedFolder } from '../platform/sharedFolder.ts';
import { writingError } from '../platform/writingError.ts';
import { identityOf, type ProcessIdentity } from '../platform/processes/processIdentity.ts';
import { controlEndpoint } from '../protocol/endpoint.ts';
import type { RunRequest } from '../protocol/trainer.ts';
import { readLogTail, removeUnlessBegun, TRAINER_LOG } from './readRuns.ts';
import type { ProcessExit } from './whyItEnded.ts';
import { TrainerConnection } from './trainerConnection.ts';

/** Starting Node and loading ONNX Runtime takes seconds on a slow disk. */
const START_MS = 30_000;

export interface LaunchedTrainer {
  readonly connection: TrainerConnection;
  readonly process: ProcessIdentity;
  /** How the process ended; left out where another window started it. */
  readonly exit?: Promise<ProcessExit>;
}

/**
 * Starts the process that trains and asks it to run. It is detached from this one and goes on while the window
 * reloads; see docs/architecture-extension.md.
 *
 * @param program path of the bundled trainer, or what Node.js is given to run it from its sources
 * @param orphanMinutes how long the run goes on when no window is connected; `Infinity` where none is meant to be
 * @throws DistilleryError when its folder cannot be written, or when the process does not come up, with the end of its log as the hint
 */
export async function launchTrainer(
  program: string | readonly string[],
  request: RunRequest,
  orphanMinutes: number,
): Promise<LaunchedTrainer> {
  const { folder } = request;
  const programArguments = [program].flat();
  const endpoint = controlEndpoint(folder);
  const log = await openLog(folder);
  try {
    const child = spawn(process.execPath, [...programArguments, endpoint, String(orphanMinutes)], {
      cwd: dirname(programArguments.at(-1) ?? ''),
      detached: true,
      windowsHide: true,
      stdio: ['ignore', log.fd, log.fd],
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: undefined },
    });
    const exit = new Promise<ProcessExit>((resolve) => {
      child.once('exit', (code, signal) => {
        resolve({ code, signal });
      });
    });
    const died = Promise.race([
      new Promise<Error>((resolve) => child.on('error', resolve)),
      exit.then(({ code, signal }) => new Error(`it ended with ${signal ?? `code ${String(code)}`}`)),
    ]);
    child.unref();
    const connection = await Promise.race([TrainerConnection.await(endpoint, AbortSignal.timeout(START_MS)), died]);
    if (!(connection instanceof TrainerConnection) || child.pid === undefined) {
      throw await startFailure(folder, connection instanceof Error ? connection : new Error('it does not answer'));
    }
    connection.send(request);
    return { connection, process: identityOf(child.pid), exit };
  } finally {
    await log.close();
  }
}

/** Makes the run folder, unless there is one, and opens the log in it. */
async function openLog(folder: string): Promise<FileHandle> {
  try {
    await makeFolder(folder);
    await keepOutOfGit(sharedFolder(folder));
    return await open(join(folder, TRAINER_LOG), 'a');
  } catch (error) {
    await removeUnlessBegun(folder).catch(() => undefined);
    throw writingError(folder, error, {
      code: 'BAD_INPUT',
      hint: "See to it that it can be written, or have runs written elsewhere, such as by the editor's setting 'distillery.runFolder'.",
    });
  }
}

async function startFailure(folder: string, cause: Error): Promise<DistilleryError> {
  const log = await readLogTail(folder);
  // One that was to go on has everything in it that it had before.
  await removeUnlessBegun(folder);
  const message = `The process that trains did not start: ${messageOf(cause)}.`;
  return new DistilleryError('INTERNAL', message, { cause, ...(log === undefined ? {} : { hint: log }) });
}
