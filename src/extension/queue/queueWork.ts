import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { messageOf } from '../../errors.ts';
import type { Problem } from '../../errors.ts';
import { nextEntry, type QueueEntry } from '../../queue/queue.ts';
import { holderOf, queueFolder, readQueue } from '../../queue/queueFile.ts';
import { runQueue, type EntryOutcome } from '../../queue/runQueue.ts';
import { runFiles } from '../../runFolder/runFolder.ts';
import type { Runs } from '../runs/runSupervisor.ts';

/** How often it is looked whether other runs have ended, which had the device first. */
const BUSY_MS = 2000;

export interface QueueWorkOptions {
  readonly workspaceFolder: string;
  readonly runs: Runs;
  /** Whether runs may be started at all: in a folder that is trusted. */
  readonly mayRun: () => boolean;
  readonly onError: (error: unknown) => void;
}

/** Works the queue of a workspace folder off while it is on and this window is open; another window or terminal that does goes first. */
export class QueueWork {
  readonly #options: QueueWorkOptions;
  /** Why runs were refused that this started, by their folder. */
  readonly #refusals = new Map<string, readonly Problem[]>();
  #isWorking = false;
  #isDisposed = false;

  constructor(options: QueueWorkOptions) {
    this.#options = options;
  }

  /** Looks at the queue, and begins to work it off if there is something to do and nobody else does. */
  wake(): void {
    if (this.#isWorking || this.#isDisposed || !this.#options.mayRun()) return;
    this.#isWorking = true;
    this.#work()
      .catch(this.#options.onError)
      .finally(() => {
        this.#isWorking = false;
      });
  }

  /** A run was refused. */
  refuse(folder: string, problems: readonly Problem[]): void {
    this.#refusals.set(folder, problems);
  }

  /** A run that this window started goes on; the next window goes on with the queue. */
  dispose(): void {
    this.#isDisposed = true;
  }

  async #work(): Promise<void> {
    const { workspaceFolder, runs } = this.#options;
    const folder = queueFolder(workspaceFolder);
    const queue = await readQueue(folder);
    if (!queue.isOn || !nextEntry(queue) || holderOf(folder) !== undefined) return;
    await runQueue(folder, {
      chooseFolder: ({ name }) => runs.newFolder(workspaceFolder, name),
      goesOn: ({ isOn, entries }) => !this.#isDisposed && (isOn || entries.some(({ state }) => state === 'running')),
      run: (entry) => this.#run(entry),
    });
  }

  async #run(entry: QueueEntry & { readonly run: string }): Promise<EntryOutcome> {
    const { runs, workspaceFolder } = this.#options;
    const { run: folder, name, experiment, baseDirectory } = entry;
    await runs.refreshRun(folder);
    const before = runs.get(folder);
    if (before?.status.state !== 'running') {
      await this.#whenFree();
      if (this.#isDisposed) return { kind: 'interrupted' };
      try {
        if (!before) await runs.start({ experiment, name, baseDirectory, workspaceFolder, folder });
        else if (before.status.state === 'interrupted' && before.details.isResumable) await runs.resume(folder);
        else return { kind: 'ended' };
      } catch (error) {
        return { kind: 'refused', problem: messageOf(error) };
      }
    }
    const over = await runs.whenOver(folder);
    if (over ?? existsSync(join(folder, runFiles.status))) return { kind: 'ended' };
    const problems = this.#refusals.get(folder) ?? [];
    return { kind: 'refused', problem: problems.map(({ where, message }) => `${where}: ${message}`).join(' ') };
  }

  /** Waits until no other run of the open folders has the device. */
  async #whenFree(): Promise<void> {
    while (!this.#isDisposed && this.#options.runs.all.some(({ status }) => status.state === 'running')) {
      await wait(BUSY_MS);
    }
  }
}
