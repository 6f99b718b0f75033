import { classesOf } from '../../../data/task.ts';
import { estimatorOf } from '../../../experiment/networkToTrain.ts';
import { checkTerms } from '../../../objectives/checkTerms.ts';
import type { ObjectiveTerm } from '../../../objectives/objectiveTerm.ts';
import { portfolioFor } from '../../../objectives/portfolio.ts';
import { checkTopK } from '../../../preflight/checks/checkTopK.ts';
import { missingLosses } from '../../../training/engines/tensorflow/losses.ts';
import { fittingProblems } from '../../../training/fitting/fittedTerms.ts';
import type { Run } from '../../run.ts';

/** The objectives among which a run chooses. */
export interface Candidates {
  /** What is usual. */
  readonly safe: readonly ObjectiveTerm[];
  /** The labels alone; undefined where the student is to learn from its teacher. */
  readonly alone: readonly ObjectiveTerm[] | undefined;
  /** These two and others, the safe one first. */
  readonly all: readonly (readonly ObjectiveTerm[])[];
}

/** The objectives that this experiment can be trained with. */
export function candidatesOf({ experiment, prepared }: Run): Candidates {
  const { dataset, objective } = prepared;
  const portfolio = portfolioFor(dataset.task.kind);
  const student = experiment.student;
  const fitted = estimatorOf(student);
  const suits = (terms: readonly ObjectiveTerm[]): boolean =>
    terms.length > 0 &&
    // A fit is to one target for each sample, which most objectives do not have.
    (!fitted || fittingProblems(fitted.architecture, 'student', terms, dataset.task.kind).length === 0) &&
    checkTerms(terms, {
      task: dataset.task.kind,
      classes: classesOf(dataset.task).length || undefined,
      batchSize: experiment.training.batchSize,
      teachers: 1,
      softTree: 'architecture' in student && student.architecture === 'soft-tree',
    }).length === 0 &&
    checkTopK(experiment, dataset.task, terms).length === 0 &&
    (experiment.engine !== 'tensorflow' || missingLosses(terms).length === 0);
  // Samples without labels that somebody names are there to be learned from the teacher.
  const { unlabelled, synthesize } = experiment.dataset;
  const mayBeAlone = unlabelled === undefined && synthesize === undefined && suits(portfolio.alone);
  const alone = mayBeAlone ? portfolio.alone : undefined;
  // The usual objective was checked before the run.
  return {
    safe: objective,
    alone,
    all: [objective, ...(alone ? [alone] : []), ...portfolio.others.filter(suits)],
  };
}
