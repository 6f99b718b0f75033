import { copyAtomically } from '../../platform/copyAtomically.ts';
import { mkdir, readFile } from 'node:fs/promises';
import { basename, join, parse } from 'node:path';
import { writeAtomically } from '../../platform/writeAtomically.ts';
import { runFiles } from '../../runFolder/runFolder.ts';
import { finishedSchema, readStoredProgress } from '../../runFolder/checkpointFolder.ts';
import type { Run } from '../run.ts';

/**
 * Leaves the trainings of repeats that a process did as its part of a run where the process that does the rest finds them.
 * @param folder of the part
 * @param shared see `SharedRun.folder`
 */
export async function leaveTrainings(folder: string, shared: string): Promise<void> {
  const { progress } = await readStoredProgress(folder);
  const there = join(shared, runFiles.repeats);
  await mkdir(there, { recursive: true });
  for (const [name, { file }] of Object.entries(progress.written)) {
    const finished = progress.finished[name];
    if (!finished || !file.startsWith(runFiles.repeats)) continue;
    await copyAtomically(join(folder, file), join(there, basename(file)));
    // What says that it is there comes last.
    await writeAtomically(join(there, `${name}.json`), JSON.stringify(finished));
  }
}

/** Takes a training for its own that another process did as its part of the run, where one did. @param file of its network */
export async function adoptTraining({ shared, journal }: Run, file: string): Promise<void> {
  const { name, base } = parse(file);
  if (!shared || journal.finished(name)) return;
  const there = join(shared.folder, runFiles.repeats);
  const text = await readFile(join(there, `${name}.json`), 'utf8').catch(() => undefined);
  if (text === undefined) return;
  await copyAtomically(join(there, base), file);
  await journal.finish(name, finishedSchema.parse(JSON.parse(text)), file);
}
