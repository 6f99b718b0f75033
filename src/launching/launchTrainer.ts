import { spawn } from 'node:child_process';
import { mkdir, open, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DistilleryError, messageOf } from '../../errors.ts';
import { controlEndpoint } from '../../protocol/endpoint.ts';
import type { RunRequest } from '../../protocol/trainer.ts';
import { readLogTail, TRAINER_LOG } from './readRuns.ts';
import { TrainerConnection } from './trainerConnection.ts';

/** Starting Node and loading ONNX Runtime takes seconds on a slow disk. */
const START_MS = 30_000;

export interface LaunchedTrainer {
  readonly connection: TrainerConnection;
  readonly processId: number;
}

/**
 * Starts the process that trains and asks it to run. It is detached from this one and goes on while the window
 * reloads; see docs/architecture-extension.md.
 *
 * @param program path of the bundled trainer
 * @throws DistilleryError when the process does not come up, with the end of its log as the hint
 */
export async function launchTrainer(program: string, request: RunRequest): Promise<LaunchedTrainer> {
  const { folder } = request;
  const endpoint = controlEndpoint(folder);
  await mkdir(folder, { recursive: true });
  await keepOutOfGit(dirname(dirname(folder)));
  const log = await open(join(folder, TRAINER_LOG), 'a');
  try {
    const child = spawn(process.execPath, [program, endpoint], {
      cwd: dirname(program),
      detached: true,
      windowsHide: true,
      stdio: ['ignore', log.fd, log.fd],
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: undefined },
    });
    const died = new Promise<Error>((resolve) => {
      child.once('error', resolve);
      child.once('exit', (code, signal) => {
        resolve(new Error(`it ended with ${signal ?? `code ${String(code)}`}`));
      });
    });
    child.unref();
    const connection = await Promise.race([TrainerConnection.await(endpoint, AbortSignal.timeout(START_MS)), died]);
    if (!(connection instanceof TrainerConnection) || child.pid === undefined) {
      throw await startFailure(folder, connection instanceof Error ? connection : new Error('it does not answer'));
    }
    connection.send(request);
    return { connection, processId: child.pid };
  } finally {
    await log.close();
  }
}

async function startFailure(folder: string, cause: Error): Promise<DistilleryError> {
  const log = await readLogTail(folder);
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  const message = `The process that trains did not start: ${messageOf(cause)}.`;
  return new DistilleryError('INTERNAL', message, { cause, ...(log === undefined ? {} : { hint: log }) });
}

/** Runs are large and made again at will, so version control passes over them. */
async function keepOutOfGit(directory: string): Promise<void> {
  try {
    await writeFile(join(directory, '.gitignore'), '*\n', { flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}
