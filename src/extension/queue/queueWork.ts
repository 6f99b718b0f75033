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
import { searchLog } from '../../launching/launchSearch.ts';
import type { Searches } from '../search/searches.ts';

/** How often it is looked whether other runs have ended, which had the device first. */
const BUSY_MS = 2000;

export interface QueueWorkOptions {
  readonly workspaceFolder: string;
  readonly runs: Runs;
  readonly searches: Pick<Searches, 'all' | 'newFolder' | 'refresh' | 'resume' | 'start' | 'whenOver'>;
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
    const { workspaceFolder, runs, searches } = this.#options;
    const folder = queueFolder(workspaceFolder);
    const queue = await readQueue(folder);
    if (!queue.isOn || !nextEntry(queue) || holderOf(folder) !== undefined) return;
    await runQueue(folder, {
      chooseFolder: ({ name, search }) => (search ? searches : runs).newFolder(workspaceFolder, name),
      goesOn: ({ isOn, entries }) => !this.#isDisposed && (isOn || entries.some(({ state }) => state === 'running')),
      run: (entry) => (entry.search ? this.#search(entry, entry.search) : this.#run(entry)),
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

  async #search(
    { run: folder, name, experiment, baseDirectory }: QueueEntry & { readonly run: string },
    { atOnce }: NonNullable<QueueEntry['search']>,
  ): Promise<EntryOutcome> {
    const { searches, workspaceFolder } = this.#options;
    await searches.refresh();
    const before = searches.all.find((search) => search.folder === folder);
    if (before?.state !== 'running') {
      await this.#whenFree();
      if (this.#isDisposed) return { kind: 'interrupted' };
      const asked = { experiment: experiment as Readonly<Record<string, unknown>>, name, baseDirectory };
      try {
        if (!before) await searches.start({ ...asked, workspaceFolder, atOnce, folder });
        else if (before.state === 'interrupted') await searches.resume(folder);
        else return { kind: 'ended' };
      } catch (error) {
        return { kind: 'refused', problem: messageOf(error) };
      }
    }
    const over = await searches.whenOver(folder);
    return over ? { kind: 'ended' } : { kind: 'refused', problem: `Its log is '${searchLog(folder)}'.` };
  }

  /** Waits until no other run or search of the open folders has the device. */
  async #whenFree(): Promise<void> {
    const { runs, searches } = this.#options;
    const isBusy = (): boolean =>
      runs.all.some(({ status }) => status.state === 'running') ||
      searches.all.some(({ state }) => state === 'running');
    while (!this.#isDisposed && isBusy()) {
      await wait(BUSY_MS);
    }
  }
}
