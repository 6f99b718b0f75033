import { isDeepStrictEqual } from 'node:util';
import { join } from 'node:path';
import type { Dataset } from '../../../data/dataset.ts';
import { transferSet } from '../../../data/unlabelled/transferSet.ts';
import { classesOf } from '../../../data/task.ts';
import { teachersAtSites, teacherToTrain } from '../../../experiment/networkToTrain.ts';
import { settleExperiment } from '../../../experiment/settleExperiment.ts';
import { makeFolder } from '../../../platform/makeFolder.ts';
import { preflight } from '../../../preflight/preflight.ts';
import { prepareSite, siteName, type PreparedSite } from '../../../preflight/sites/prepareSite.ts';
import type { DeviceName, RunEvent } from '../../../protocol/events.ts';
import { runFiles } from '../../../runFolder/runFolder.ts';
import { asLogits, outputKind } from '../../../teacher/outputKind.ts';
import {
  digestsOf,
  findSiteOutputs,
  publicSplits,
  writeSiteOutputs,
  type PublicSplit,
  type SiteOutputs,
} from '../../../teacher/sites/siteOutputs.ts';
import { refuseUnusable } from '../../../teacher/unusableOutputs.ts';
import { openNetwork, type NetworkFile } from '../../../training/engines/networkFile.ts';
import type { Run } from '../../run.ts';
import { trainTeacher } from '../trainTeacher.ts';
import { familiarityOf, networkOfFamiliarity, siteOrPublic } from './familiarity.ts';

/** Name of the file that leaves a site. */
export function siteFileName(site: number): string {
  return `site-${site}.safetensors`;
}

/** The file that leaves a site. */
export function siteOutputsFile({ folder, shared }: Pick<Run, 'folder' | 'shared'>, site: number): string {
  const place = shared ? join(shared.folder, runFiles.sites) : join(folder.file('sites'), 'outputs');
  return join(place, siteFileName(site));
}

/**
 * Does what a site of `teacher.sites` does: trains its teacher on its own data, unless it is a file that lies there, has it label the public
 * samples, and writes what leaves the site. What it wrote before of the same samples is not written anew.
 *
 * @param site counted from 0
 * @throws BadInputError when the site's data or teacher do not go with the public data, `CANCELLED` when the run is stopped
 */
export async function teachAtSite(run: Run, device: DeviceName, site: number): Promise<SiteOutputs> {
  const file = siteOutputsFile(run, site);
  const whole = transferSet(run.prepared.dataset);
  const samples = await digestsOf(whole, run.signal);
  const wanted = teachersAtSites(run.experiment)?.weighting === 'familiarity';
  const before = await findSiteOutputs(file);
  const isSame = before && isDeepStrictEqual(before.samples, samples);
  if (isSame && (!wanted || before.said.training.familiarity)) return before;
  const { baseDirectory, signal } = run;
  const prepared = await prepareSite(run.written, site, {
    whole: run.prepared.dataset,
    check: (experiment) => preflight(experiment, { baseDirectory, signal, onProgress: () => undefined }),
  });
  try {
    await makeFolder(run.folder.file('sites'));
    const logits = await labelPublic(run, device, { site, prepared, whole });
    const familiar = wanted ? await findFamiliar(run, device, { site, prepared, whole }) : undefined;
    const outputs: SiteOutputs = {
      classes: classesOf(prepared.prepared.dataset.task),
      counts: prepared.counts,
      samples,
      said: ofSplits((split) => ({ logits: logits[split], familiarity: familiar?.[split] })),
    };
    await writeSiteOutputs(file, outputs);
    return outputs;
  } finally {
    await prepared.prepared.dataset.dispose();
  }
}

interface AtSite {
  readonly site: number;
  readonly prepared: PreparedSite;
  readonly whole: Dataset;
}

/** What the site's teacher says of the public samples, as logits of the site's classes. */
async function labelPublic(run: Run, device: DeviceName, at: AtSite): Promise<Record<PublicSplit, Float32Array>> {
  const { site, prepared, whole } = at;
  const { written, prepared: own } = prepared;
  const { task } = own.dataset;
  const name = siteName(run.written, site);
  const tell = (message: string): void => {
    run.onEvent({ kind: 'phase', phase: 'train-teacher', message });
  };
  const teacher = teacherToTrain(written);
  let model = own.teachers?.members[0]?.model;
  if (teacher) {
    tell(`Trains the teacher of ${name}`);
    const file = join(run.folder.file('sites'), `teacher-site-${site}.onnx`);
    model = await trainTeacher(trainingAtSite(run, at, 0), device, { teacher, dataset: own.dataset, file });
  }
  if (!model) throw new TypeError(`${name} has no teacher.`);
  tell(`The teacher of ${name} labels the public samples`);
  const said = await ask(run, device, { model, whole });
  const kind = outputKind(task, said.validation);
  for (const split of publicSplits) refuseUnusable(task, said[split], whole[split].count, `${split} samples`);
  return ofSplits((split) => asLogits(task, said[split], kind));
}

/** How familiar the public samples are to the site; see `siteOrPublic`. */
async function findFamiliar(run: Run, device: DeviceName, at: AtSite): Promise<Record<PublicSplit, Float32Array>> {
  const { site, prepared, whole } = at;
  const message = `Learns to tell samples of ${siteName(run.written, site)} from public ones`;
  run.onEvent({ kind: 'phase', phase: 'train-teacher', message });
  const dataset = siteOrPublic(prepared.prepared.dataset, whole);
  const file = join(run.folder.file('sites'), `familiarity-site-${site}.onnx`);
  const during = trainingAtSite(run, at, 1);
  const model = await trainTeacher(
    { ...during, prepared: { ...during.prepared, outputShape: [2], teacherModel: undefined } },
    device,
    { teacher: networkOfFamiliarity(dataset), dataset, file },
  );
  const said = await ask(run, device, { model, whole });
  return ofSplits((split) => familiarityOf(said[split]));
}

/** The run as the trainings of a site see it: with the site's data, and telling how far all sites are. */
function trainingAtSite(run: Run, { site, prepared: { prepared, written } }: AtSite, done: number): Run {
  const { sites = [], weighting } = teachersAtSites(run.experiment) ?? {};
  const trainings = weighting === 'familiarity' ? 2 : 1;
  const isOneAlone = run.shared?.part?.kind === 'site';
  const [before, total] = isOneAlone ? [done, trainings] : [site * trainings + done, sites.length * trainings];
  const onEvent = (event: RunEvent): void => {
    if (event.kind === 'warning') run.onEvent(event);
    if (event.kind === 'step') {
      run.onEvent({ kind: 'progress', phase: 'train-teacher', done: before + event.step / event.steps, total });
    }
  };
  return { ...run, experiment: settleExperiment(written, prepared.dataset), written, prepared, onEvent };
}

async function ask(
  { signal }: Run,
  device: DeviceName,
  { model, whole }: { readonly model: NetworkFile; readonly whole: Dataset },
): Promise<Record<PublicSplit, Float32Array>> {
  const predictor = await openNetwork(model, { ...whole, device });
  try {
    return {
      training: await predictor.predict(whole.training, { signal }),
      validation: await predictor.predict(whole.validation, { signal }),
      test: await predictor.predict(whole.test, { signal }),
    };
  } finally {
    await predictor.dispose();
  }
}

function ofSplits<Value>(make: (split: PublicSplit) => Value): Record<PublicSplit, Value> {
  return { training: make('training'), validation: make('validation'), test: make('test') };
}
