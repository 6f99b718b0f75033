import { rmSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newTemporaryFolder } from '../../platform/newTemporaryFolder.ts';
import { isProcessAlive } from '../../platform/processes/isProcessAlive.ts';

const NAME = /^distillery-unpacked-(\d+)-/;
/** A folder of another machine's process may lie here as well; it is not taken for one that a dead process left within a day. */
const LEFT_MS = 24 * 60 * 60 * 1000;

const open = new Set<string>();

process.once('exit', () => {
  for (const folder of open) rmSync(folder, { recursive: true, force: true });
});

/** Makes a folder for unpacked files among the system's temporary ones; it goes with the process at the latest. */
export async function makeTemporaryFolder(): Promise<string> {
  const folder = await newTemporaryFolder(`unpacked-${process.pid}`);
  open.add(folder);
  await removeLeftBehind();
  return folder;
}

/** Removes a folder that `makeTemporaryFolder` made. */
export async function removeTemporaryFolder(folder: string): Promise<void> {
  open.delete(folder);
  await rm(folder, { recursive: true, force: true });
}

/** Removes what processes left that were killed. */
async function removeLeftBehind(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const owner = NAME.exec(name)?.[1];
    if (owner === undefined || isProcessAlive(Number(owner))) continue;
    const folder = join(tmpdir(), name);
    const found = await stat(folder).catch(() => undefined);
    if (found && Date.now() - found.mtimeMs > LEFT_MS) await rm(folder, { recursive: true, force: true });
  }
}
