import { stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, resolve } from 'node:path';
import * as z from 'zod';
import { BadInputError, problemsOfError, type Problem } from '../errors.ts';
import { mapPaths } from '../experiment/pathFields.ts';
import { readExperimentFile } from '../experiment/readExperimentFile.ts';
import type { Workspace } from './workspace.ts';

/** Files that may name images beside them, as text. */
const TABLE = /\.(csv|tsv|jsonl)$/i;
/** Files that may do so packed, or in a form of their own: which ones they name is not seen without reading them. */
const PACKED_TABLE =
  /\.(parquet|arrow|arrows|feather|ipc|gz|tgz|zip|tar|json|arff|xlsx|xlsm|ods|sqlite3?|db3?|mat|h5|hdf5)$/i;

/** How tools take an experiment. */
export const experimentFields = {
  file: z.string().min(1).optional().describe('Path of an experiment file, *.distill.json.'),
  experiment: z
    .record(z.string(), z.unknown())
    .optional()
    .describe(
      'Or its contents, such as {"teacher": {"model": "teacher.onnx"}, "dataset": {"path": "data"}, "student": {"architecture": "mlp", ' +
        '"hidden": [32]}}. Paths start from the workspace folder.',
    ),
};

/** What `experimentFields` are given as. */
export interface GivenFields {
  readonly file?: string | undefined;
  readonly experiment?: Readonly<Record<string, unknown>> | undefined;
}

/** An experiment that names nothing outside of the workspace. */
export interface GivenExperiment {
  /** Its contents, not checked yet, with a name and with paths from the workspace folder on. */
  readonly experiment: Readonly<Record<string, unknown>>;
  readonly name: string;
}

/**
 * The experiment that a tool was given, by its file or its contents. Its paths are rewritten to start from the workspace folder, as those
 * of every run below its `.distillery` do.
 *
 * @throws BadInputError when it is neither or both, is no JSON object, or names anything outside of the workspace
 */
export async function readGiven({ file, experiment }: GivenFields, workspace: Workspace): Promise<GivenExperiment> {
  if ((file === undefined) === (experiment === undefined)) {
    const message = `${file === undefined ? 'Neither' : 'Both'} 'file' ${file === undefined ? 'nor' : 'and'} 'experiment' was given`;
    throw new BadInputError([{ where: 'experiment', message, hint: 'Give one of them.' }]);
  }
  const path = file === undefined ? undefined : workspace.existing(file);
  const content: unknown = path === undefined ? experiment : await readExperimentFile(path);
  const from = path === undefined ? workspace.folder : dirname(path);
  const parsed = z.record(z.string(), z.unknown()).safeParse(await refuseOutside(content, from, workspace));
  if (!parsed.success) throw new BadInputError([{ where: file ?? 'experiment', message: 'is no JSON object' }]);
  const { name: named } = parsed.data;
  const name = typeof named === 'string' && named !== '' ? named : nameOf(parsed.data, path);
  return { experiment: { ...parsed.data, name }, name };
}

/**
 * The experiment with its paths from the workspace folder on.
 *
 * @param from folder that they start from so far
 * @throws BadInputError with every path, and every link below one, that leads outside of the workspace
 */
export async function refuseOutside(experiment: unknown, from: string, workspace: Workspace): Promise<unknown> {
  const problems: Problem[] = [];
  const named: { readonly where: string; readonly path: string }[] = [];
  const rewritten = mapPaths(experiment, (path, where) => {
    const absolute = resolve(from, path);
    named.push({ where, path: absolute });
    return from === workspace.folder && !isAbsolute(path) ? path : workspace.name(absolute);
  });
  for (const { where, path } of named) {
    try {
      const real = workspace.toWrite(path);
      const found = await stat(real).catch(() => undefined);
      if (found?.isDirectory()) await workspace.refuseLinksOut(real);
      else if (found && TABLE.test(real)) await workspace.refuseNamedLinks(real);
      else if (found && PACKED_TABLE.test(real)) await workspace.refuseLinksOut(dirname(real));
    } catch (error) {
      problems.push(...problemsOfError(error, where));
    }
  }
  if (problems.length > 0) throw new BadInputError(problems);
  return rewritten;
}

/** After its file, its teacher or its data. */
function nameOf(experiment: Readonly<Record<string, unknown>>, file: string | undefined): string {
  if (file !== undefined) return basename(file).replace(/(\.distill)?\.jsonc?$/, '');
  const paths: string[] = [];
  mapPaths(experiment, (path) => {
    paths.push(path);
    return path;
  });
  const [first = 'experiment'] = paths;
  return basename(first).replace(/\.\w+$/, '') || 'experiment';
}
