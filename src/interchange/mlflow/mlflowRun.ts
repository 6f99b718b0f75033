import { createHash } from 'node:crypto';
import { cp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { makeFolder } from '../../platform/makeFolder.ts';
import { writingError } from '../../platform/writingError.ts';
import type { Report } from '../../report/report.ts';
import { hyperparametersOf } from '../hyperparameters.ts';
import { readCurveEvents, readExperiment, readReport } from '../../runFolder/readRun.ts';
import { runFiles } from '../../runFolder/runFolder.ts';
import { curveMetrics, reportMetrics, type Metric } from './mlflowMetrics.ts';

/** Numbers of MLflow's `RunStatus` and `SourceType`. */
const FINISHED = 3;
const KILLED = 5;
const LOCAL = 4;

/** Files of a run folder that become artifacts, where they are there. */
const artifacts = [
  'student',
  'rawStudent',
  'pruned',
  'static-int8',
  'dynamic-int8',
  'aware-int8',
  'float16',
  'int4',
  'experiment',
  'report',
  'reportHtml',
] as const satisfies readonly (keyof typeof runFiles)[];

/**
 * Adds a run that has ended to a folder of MLflow's file store (`mlruns/`): its experiment's fields as parameters, losses and
 * qualities of every epoch and the figures of the report as metrics, its networks and its report as artifacts. A run that is there
 * already is replaced. Runs of experiments of one name stand together.
 *
 * @returns the folder of the run in the store
 * @throws DistilleryError `FILE_NOT_FOUND` when the run has no report, `BAD_INPUT` when the store cannot be written to
 */
export async function addToMlflow(runFolder: string, store: string): Promise<string> {
  const report = await readReport(runFolder);
  try {
    return await addReport(report, runFolder, store);
  } catch (error) {
    throw writingError(store, error, { code: 'BAD_INPUT', hint: 'Name a folder that can be written to.' });
  }
}

async function addReport(report: Report, runFolder: string, store: string): Promise<string> {
  const endTime = Date.parse(report.createdAt);
  const experimentId = await experimentIn(store, report.name, endTime);
  const runId = createHash('sha256').update(report.id).digest('hex').slice(0, 32);
  const folder = join(store, experimentId, runId);
  await rm(folder, { recursive: true, force: true });
  const metrics = [...curveMetrics(await readCurveEvents(runFolder)), ...reportMetrics(report)];
  const written: readonly (readonly [string, string])[] = [
    ['meta.yaml', yaml(runMeta(report, { folder, experimentId, runId, endTime }))],
    ...[...hyperparametersOf(await readExperiment(runFolder))].map(
      ([name, value]) => [join('params', fileName(name)), String(value)] as const,
    ),
    ...metricFiles(metrics, endTime),
    ...Object.entries({ 'mlflow.runName': report.id, 'mlflow.note.content': report.summary }).map(
      ([name, value]) => [join('tags', name), value] as const,
    ),
  ];
  for (const [path, content] of written) {
    await makeFolder(dirname(join(folder, path)));
    await writeFile(join(folder, path), content);
  }
  await makeFolder(join(folder, 'artifacts'));
  for (const name of artifacts.map((each) => runFiles[each])) {
    const source = join(runFolder, name);
    if (await isThere(source)) await cp(source, join(folder, 'artifacts', name));
  }
  return folder;
}

/** The folder of the experiment of this name, which is made where there is none. */
async function experimentIn(store: string, name: string, time: number): Promise<string> {
  await makeFolder(store);
  for (const entry of await readdir(store, { withFileTypes: true })) {
    if (!entry.isDirectory() || entry.name.startsWith('.')) continue;
    const path = join(store, entry.name, 'meta.yaml');
    const [, stored] = (await isThere(path)) ? (/^name: (.*)$/m.exec(await readFile(path, 'utf8')) ?? []) : [];
    if (stored === name || stored === JSON.stringify(name) || stored === `'${name}'`) return entry.name;
  }
  const digest = createHash('sha256').update(name).digest();
  const id = String(digest.readBigUInt64BE() % 10n ** 18n);
  const folder = join(store, id);
  await makeFolder(folder);
  const meta = {
    artifact_location: pathToFileURL(folder).href,
    creation_time: time,
    experiment_id: id,
    last_update_time: time,
    lifecycle_stage: 'active',
    name,
  };
  await writeFile(join(folder, 'meta.yaml'), yaml(meta));
  return id;
}

function runMeta(
  { id, partial, seconds }: Report,
  {
    folder,
    experimentId,
    runId,
    endTime,
  }: { readonly folder: string; readonly experimentId: string; readonly runId: string; readonly endTime: number },
) {
  return {
    artifact_uri: pathToFileURL(join(folder, 'artifacts')).href,
    end_time: endTime,
    entry_point_name: '',
    experiment_id: experimentId,
    lifecycle_stage: 'active',
    run_id: runId,
    run_name: id,
    run_uuid: runId,
    source_name: '',
    source_type: LOCAL,
    source_version: '',
    start_time: endTime - Math.round(seconds.total * 1000),
    status: partial ? KILLED : FINISHED,
    tags: [],
    user_id: '',
  };
}

/** A file for every metric: a line for every value, its time, the value and the step. */
function metricFiles(metrics: readonly Metric[], time: number): (readonly [string, string])[] {
  const lines = new Map<string, string>();
  for (const { name, value, step } of metrics) {
    const path = join('metrics', ...name.split('/').map(fileName));
    lines.set(path, `${lines.get(path) ?? ''}${time} ${value} ${step}\n`);
  }
  return [...lines];
}

/** A name of the characters that MLflow allows. */
function fileName(name: string): string {
  return name.replace(/[^\w.\- ]/g, '_');
}

/** Every JSON value is YAML. */
function yaml(fields: Readonly<Record<string, unknown>>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`)
    .join('');
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
