import { existsSync } from 'node:fs';
import { transferSet } from '../../data/unlabelled/transferSet.ts';
import { preparedTargetsOf } from '../../objectives/objectiveTerm.ts';
import type { OutputSizes } from '../../protocol/outputForecast.ts';
import { requestFor } from '../../teacher/askTeacher.ts';
import { OutputCache } from '../../teacher/cache/outputCache.ts';
import type { Asking, Held } from '../../teacher/openSource.ts';
import { whenAsked, type OutputFile } from '../../teacher/planOutputs.ts';
import type { Teachers } from '../../teacher/teach.ts';
import { topTables } from '../../teacher/topClasses.ts';
import { chooseDevice } from '../../training/engines/devices/chooseDevice.ts';
import { outputFolderOf } from './cacheOfRun.ts';
import { heldOutputBytes, storedOutputs, type Planned } from './outputBytes.ts';
import type { Prepared } from '../prepared.ts';
import { outputLimits } from './outputLimits.ts';
import { planAsking } from './planAsking.ts';

/** What a run will take of memory and disk for the outputs of its teachers. */
export interface ForecastOutputs {
  /** When the teachers will be asked about the training split. */
  readonly asked: Asking['kind'];
  /** Where what is asked once is while it is trained with; undefined where nothing is. */
  readonly held: Held | undefined;
  /** The bytes of that. */
  readonly heldBytes: number;
  /** Where they are kept on the disk; undefined where they are not. */
  readonly folder: string | undefined;
  /** What is kept; nothing where there is no folder. */
  readonly files: readonly ForeseenFile[];
}

/** A file of the cache. */
export interface ForeseenFile {
  /** Path of the teacher's file. */
  readonly teacher: string;
  readonly split: 'training' | 'validation';
  /** Which of the altered views of its samples, counted from 0; undefined where they are as they were. */
  readonly view: number | undefined;
  /** Of its numbers, headers aside. */
  readonly bytes: number;
  /** Whether an earlier run has left it. */
  readonly isThere: boolean;
}

/** What outputs take, all together. */
export function sizesOf({ files, held, heldBytes }: ForecastOutputs): OutputSizes {
  const bytesOf = (some: readonly ForeseenFile[]): number => some.reduce((sum, { bytes }) => sum + bytes, 0);
  return {
    stored: bytesOf(files),
    there: bytesOf(files.filter(({ isThere }) => isThere)),
    held: held === undefined ? null : { where: held, bytes: heldBytes },
  };
}

export interface ForeseeOptions {
  readonly baseDirectory: string;
  /** Folder for outputs of teachers, unless the experiment names one. */
  readonly cacheFolder: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * What a run will keep of its teachers' outputs, with the same sizes that it tells when it starts, and which of it is there already;
 * undefined where the run trains its teacher first, of which nothing is kept.
 *
 * @throws DistilleryError `CANCELLED` when the signal aborts
 */
export async function forecastOutputs(
  planned: Planned & { readonly prepared: Pick<Prepared, 'teachers'> },
  options: ForeseeOptions,
): Promise<ForecastOutputs | undefined> {
  const { teachers } = planned.prepared;
  if (!teachers) return undefined;
  const folder = outputFolderOf({ ...planned, ...options });
  const asking = planAsking(planned, teachers, await outputLimits(folder));
  const stored = folder === undefined ? [] : storedOutputs(planned, teachers, asking);
  const isThere = await lookUp(folder, { ...planned, teachers }, options.signal);
  const files: ForeseenFile[] = [];
  for (const file of stored) {
    const { split, view, bytes } = file;
    const teacher = teachers.members[file.teacher]?.model.file.path ?? '';
    files.push({ teacher, split, view: view?.number, bytes, isThere: await isThere(file) });
  }
  return {
    asked: whenAsked(asking, preparedTargetsOf(planned.prepared.objective)).kind,
    held: asking.kind === 'every-step' ? undefined : asking.held,
    heldBytes: asking.kind === 'every-step' ? 0 : heldOutputBytes(planned, teachers),
    folder,
    files,
  };
}

/** Finds out whether files are in a folder. Nothing is tried and hashed where there is no folder. */
async function lookUp(
  folder: string | undefined,
  { experiment, prepared, teachers }: Planned & { readonly teachers: Teachers },
  signal: AbortSignal,
): Promise<(file: OutputFile) => Promise<boolean>> {
  if (folder === undefined || !existsSync(folder)) return () => Promise.resolve(false);
  const device = experiment.engine === 'tensorflow' ? 'cpu' : (await chooseDevice(experiment.device)).device;
  // What is not whole is only found out, and told, by the run that reads it.
  const outputs = new OutputCache({ folder, precision: experiment.cache.precision, onEvent: () => undefined });
  const cache = { outputs, datasetPath: experiment.dataset.path };
  return async ({ teacher, split, features, topK, view }) => {
    const model = teachers.members[teacher]?.model;
    if (!model) return false;
    const top = topK === undefined ? undefined : topTables({ output: model.output, kept: topK });
    const circumstances = { dataset: transferSet(prepared.dataset), device, signal, cache };
    return outputs.has({ ...(await requestFor(model, { split, features, top }, circumstances)), view });
  };
}
