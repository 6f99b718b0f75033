import type { Dataset } from '../../data/dataset.ts';
import { BadInputError, type Problem } from '../../errors.ts';
import { teachersAtSites } from '../../experiment/networkToTrain.ts';
import type { Experiment } from '../../experiment/schema.ts';
import { featurePairsOf, needsTeacher, type ObjectiveTerm } from '../../objectives/objectiveTerm.ts';
import type { Prepared } from '../prepared.ts';
import { prepareSite } from './prepareSite.ts';

export interface SitesCheck {
  /** Undefined where the public dataset could not be opened. */
  readonly whole: Dataset | undefined;
  /** Checks an experiment of its own: what a site does. */
  readonly check: (experiment: Experiment) => Promise<Prepared>;
  /** Whether a site's data lie here, counted from 0; what lies elsewhere is checked there. */
  readonly isHere: (site: number) => boolean;
}

/** What keeps sites from teaching: the parts of the experiment that need more than outputs, and what is wrong at each site. */
export async function checkSites(experiment: Experiment, options: SitesCheck): Promise<readonly Problem[]> {
  const teacher = teachersAtSites(experiment);
  if (!teacher) return [];
  const problems: Problem[] = [...needsMoreThanOutputs(experiment), ...namesTwice(teacher.sites)];
  const { whole } = options;
  if (whole && whole.task.kind !== 'classification') {
    problems.push({
      where: 'teacher.sites',
      message: `Sites teach classification: their classes are matched by name. The dataset is for ${whole.task.kind}.`,
      hint: 'Name one teacher, or a dataset of classes.',
    });
  }
  if (!whole || problems.some(({ where }) => where === 'teacher.sites')) return problems;
  for (const site of teacher.sites.keys()) {
    if (!options.isHere(site)) continue;
    try {
      const { prepared } = await prepareSite(experiment, site, { ...options, whole });
      await prepared.dataset.dispose();
    } catch (error) {
      if (!(error instanceof BadInputError)) throw error;
      problems.push(...error.problems);
    }
  }
  return problems;
}

function needsMoreThanOutputs(experiment: Experiment): readonly Problem[] {
  const { student, augmentation, folds, rounds, search, objective } = experiment;
  const terms: readonly ObjectiveTerm[] = Array.isArray(objective) ? objective : [];
  const elsewhere = 'its network stays at its site';
  const found: readonly (Problem | false)[] = [
    'shrink' in student && {
      where: 'student.shrink',
      message: `The student is to be the teacher with narrower layers, but ${elsewhere}.`,
      hint: 'Choose a student that Distillery builds, or a file.',
    },
    'architecture' in student &&
      student.architecture === 'transformer' &&
      student.teacherLayers !== undefined && {
        where: 'student.teacherLayers',
        message: `The student is to begin with layers of its teacher, but ${elsewhere}.`,
        hint: 'Leave the field out.',
      },
    augmentation !== undefined && {
      where: 'augmentation',
      message: 'Sites label the samples as they are, once; changed ones would have to be asked about anew.',
      hint: "Leave 'augmentation' out; more public samples (dataset.unlabelled) do the same.",
    },
    folds !== undefined && {
      where: 'folds',
      message: 'Every fold divides the public samples anew, which the sites would have to label anew.',
      hint: "Leave 'folds' out; 'repeats' trains with several seeds.",
    },
    rounds?.sites !== undefined && {
      where: 'rounds.sites',
      message: 'Sites that teach by their outputs say nothing of the samples of sites that train by rounds.',
      hint: 'Choose one of both.',
    },
    search !== undefined && {
      where: 'search',
      message: 'Every trial would have all sites train and label anew.',
      hint: "Run the experiment once without 'search', and search with a teacher that is here.",
    },
    ...terms.flatMap((term, index) =>
      featurePairsOf(term).length > 0
        ? [
            {
              where: `objective[${index}]`,
              message: `'${term.loss}' compares values inside the teacher, but ${elsewhere}.`,
              hint: "Choose losses on outputs, such as 'kd'.",
            },
          ]
        : [],
    ),
    terms.length > 0 &&
      !terms.some(needsTeacher) && {
        where: 'objective',
        message: 'No term looks at what the sites say.',
        hint: "Add a term such as 'kd', or set the teacher to null.",
      },
  ];
  return found.filter((problem) => problem !== false);
}

function namesTwice(sites: readonly { readonly name?: string | undefined }[]): readonly Problem[] {
  const names = sites.map(({ name }) => name);
  return names.flatMap((name, site) =>
    name !== undefined && names.indexOf(name) < site
      ? [
          {
            where: `teacher.sites[${site}].name`,
            message: `'${name}' is the name of another site, too.`,
            hint: 'Give each its own name, or none.',
          },
        ]
      : [],
  );
}
