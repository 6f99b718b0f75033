import { isDeepStrictEqual } from 'node:util';
import { BadInputError, DistilleryError, type Problem } from '../../../errors.ts';
import type { Dataset } from '../../../data/dataset.ts';
import type { Split } from '../../../data/samples/split.ts';
import { transferSet } from '../../../data/unlabelled/transferSet.ts';
import { classesOf } from '../../../data/task.ts';
import { measureOutputs } from '../../../evaluation/measureOutputs.ts';
import { teachersAtSites, type TeacherAtSites } from '../../../experiment/networkToTrain.ts';
import { siteName } from '../../../preflight/sites/prepareSite.ts';
import type { DeviceName } from '../../../protocol/events.ts';
import type { TaughtBySites } from '../../../report/sites.ts';
import { combineSites, type SiteVoice, type SiteWeighting } from '../../../teacher/sites/combineSites.ts';
import {
  digestsOf,
  findSiteOutputs,
  publicSplits,
  type PublicSplit,
  type SiteOutputs,
} from '../../../teacher/sites/siteOutputs.ts';
import type { Teachers } from '../../../teacher/teach.ts';
import type { Run } from '../../run.ts';
import { siteOutputsFile, teachAtSite } from './teachAtSite.ts';

/**
 * What the sites of `teacher.sites` say together. Those whose outputs are not there yet do their part here, one after the other, unless
 * the run is shared among processes, where each did it at its site.
 *
 * @throws BadInputError naming every site whose outputs are missing, of other samples or of other classes
 */
export async function gatherSites(run: Run, device: DeviceName): Promise<Teachers> {
  const teacher = teachersAtSites(run.experiment);
  if (!teacher) throw new DistilleryError('INTERNAL', 'The experiment has no sites that teach.');
  const whole = transferSet(run.prepared.dataset);
  const outputs: SiteOutputs[] = [];
  for (const site of teacher.sites.keys()) {
    if (!run.shared) outputs.push(await teachAtSite(run, device, site));
  }
  if (run.shared) outputs.push(...(await readOutputs(run, teacher, whole)));
  const combined = combineAll(teacher.weighting, outputs, whole);
  return { members: [], said: { ...combined, report: describe(run, teacher, { outputs, combined, whole }) } };
}

async function readOutputs(run: Run, teacher: TeacherAtSites, whole: Dataset): Promise<readonly SiteOutputs[]> {
  const samples = await digestsOf(whole, run.signal);
  const outputs: SiteOutputs[] = [];
  const problems: Problem[] = [];
  const classes = classesOf(whole.task);
  for (const site of teacher.sites.keys()) {
    const where = `teacher.sites[${site}]`;
    const file = siteOutputsFile(run, site);
    const name = siteName(run.written, site);
    const found = await findSiteOutputs(file);
    const unknown = found?.classes.filter((each) => !classes.includes(each)) ?? [];
    if (!found) {
      const message = `What ${name} says is not there: '${file}' is missing.`;
      problems.push({
        where,
        message,
        hint: `At the site, 'distillery task FOLDER --do site --index ${site}' writes it.`,
      });
    } else if (!isDeepStrictEqual(found.samples, samples)) {
      const other = publicSplits.filter((split) => found.samples[split] !== samples[split]);
      const message = `${name} labelled other public samples than are here (${other.join(', ')} split), so that its rows belong to none of these.`;
      problems.push({ where, message, hint: 'The folder that dataset.path names must be the same at every site.' });
    } else if (unknown.length > 0) {
      problems.push({ where, message: `${name} has classes that 'dataset' lacks: ${unknown.join(', ')}.` });
    } else if (teacher.weighting === 'familiarity' && !found.said.training.familiarity) {
      const message = `${name} did not say how familiar the samples are to it.`;
      problems.push({ where, message, hint: "Have it do its task again, or choose another 'weighting'." });
    } else {
      outputs.push(found);
    }
  }
  if (problems.length > 0) throw new BadInputError(problems);
  return outputs;
}

type Combined = Readonly<Record<PublicSplit, Float32Array>>;

function combineAll(weighting: SiteWeighting, outputs: readonly SiteOutputs[], whole: Dataset): Combined {
  const all = classesOf(whole.task);
  const ofSplit = (split: PublicSplit): Float32Array => {
    const voices = outputs.map(({ classes, counts, said }): SiteVoice => ({
      said: said[split],
      classes: classes.map((name) => all.indexOf(name)),
      counts,
    }));
    return combineSites(voices, { weighting, classes: all.length, count: whole[split].count });
  };
  return { training: ofSplit('training'), validation: ofSplit('validation'), test: ofSplit('test') };
}

/** For the report: who taught, with what, and how well. */
function describe(
  run: Run,
  { weighting }: TeacherAtSites,
  {
    outputs,
    combined,
    whole,
  }: { readonly outputs: readonly SiteOutputs[]; readonly combined: Combined; readonly whole: Dataset },
): TaughtBySites {
  const quality = (split: Split, logits: Float32Array) => {
    const { accuracy, loss } = measureOutputs(whole.task, logits, split.targets, { outputs: 'logits' });
    return { accuracy, loss };
  };
  const alone = (each: SiteOutputs) => {
    const logits = combineAll('mean', [each], whole).validation;
    return { validation: quality(whole.validation, logits), ownAccuracy: accuracyOnOwn(each, whole, logits) };
  };
  return {
    weighting,
    validation: quality(whole.validation, combined.validation),
    test: quality(whole.test, combined.test),
    sites: outputs.map((each, site) => ({
      name: siteName(run.written, site),
      classes: each.classes.map((name, own) => ({ name, samples: each.counts[own] ?? 0 })),
      ...alone(each),
    })),
  };
}

/** Share of the validation samples of the site's classes that it gets right. @param logits [count, classes of all] */
function accuracyOnOwn(
  { classes, counts }: SiteOutputs,
  { task, validation }: Dataset,
  logits: Float32Array,
): number | null {
  const { targets } = validation;
  if (targets.kind !== 'classes') return null;
  const all = classesOf(task);
  const had = new Set(classes.filter((_, own) => (counts[own] ?? 0) > 0).map((name) => all.indexOf(name)));
  const rows = [...targets.labels.keys()].filter((row) => had.has(targets.labels[row] ?? -1));
  const right = rows.filter((row) => {
    const said = logits.subarray(row * all.length, (row + 1) * all.length);
    return said.indexOf(Math.max(...said)) === targets.labels[row];
  });
  return rows.length === 0 ? null : right.length / rows.length;
}
