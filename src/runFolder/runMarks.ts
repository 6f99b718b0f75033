import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { writeAtomically } from '../platform/writeAtomically.ts';
import { runFiles } from './runFolder.ts';

/** What a person wrote on a run: `marks.json` in its folder, so that it goes with the run to other windows and machines. */
export interface RunMarks {
  /** What the run is called instead of its experiment's name and its time. */
  readonly name?: string;
  readonly starred?: boolean;
  /** Free text. */
  readonly note?: string;
}

export const runMarksSchema = z.object({
  name: z.string().exactOptional(),
  starred: z.boolean().exactOptional(),
  note: z.string().exactOptional(),
}) satisfies z.ZodType<RunMarks>;

/** The marks of the run in `folder`; none where nobody made any, or where the file is damaged. */
export async function readMarks(folder: string): Promise<RunMarks> {
  try {
    return runMarksSchema.safeParse(JSON.parse(await readFile(join(folder, runFiles.marks), 'utf8'))).data ?? {};
  } catch {
    return {};
  }
}

/** Changes marks of a run; a mark that is undefined, empty or false is taken away. Returns those that it has then. */
export async function changeMarks(
  folder: string,
  change: { readonly [Name in keyof RunMarks]: RunMarks[Name] | undefined },
): Promise<RunMarks> {
  const { name, starred, note } = { ...(await readMarks(folder)), ...change };
  const marks: RunMarks = {
    ...(name !== undefined && name.trim() !== '' && { name: name.trim() }),
    ...(starred === true && { starred }),
    ...(note !== undefined && note.trim() !== '' && { note: note.trim() }),
  };
  const file = join(folder, runFiles.marks);
  if (Object.keys(marks).length === 0) await rm(file, { force: true });
  else await writeAtomically(file, `${JSON.stringify(marks, null, 2)}\n`);
  return marks;
}
