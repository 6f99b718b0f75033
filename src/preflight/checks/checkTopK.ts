import type { Task } from '../../data/task.ts';
import type { Problem } from '../../errors.ts';
import type { ObjectiveTerm } from '../../objectives/objectiveTerm.ts';
import { batchAugmentationOf } from '../batchAugmentationOf.ts';
import type { Experiment } from '../../experiment/schema.ts';

const where = 'cache.topK';

/** What keeps the teacher's outputs from being cut down to the most probable classes. */
export function checkTopK(experiment: Experiment, task: Task, objective: readonly ObjectiveTerm[]): Problem[] {
  const { cache, teacher } = experiment;
  const { topK } = cache;
  if (topK === undefined) return [];
  const hint = 'Leave the field out.';
  if (teacher === null) return [{ where, message: 'There is no teacher whose outputs could be kept.', hint }];
  if (task.kind !== 'classification' && task.kind !== 'token-classification') {
    return [
      { where, message: `Only probabilities of classes can be cut down, not the outputs of ${task.kind}.`, hint },
    ];
  }
  const problems: Problem[] = [];
  const { length } = task.classes;
  if (topK >= length) {
    const message = `There are ${length} classes, and ${topK} of them are to be kept.`;
    problems.push({ where, message, hint: `Choose less than ${length}, or leave the field out.` });
  }
  if (batchAugmentationOf(experiment) && cache.views === undefined) {
    const message = 'With augmentation the teacher is asked at every step, and nothing of what it says is kept.';
    problems.push({ where, message, hint: 'Leave the field out, or add cache.views.' });
  }
  objective.forEach((term, index) => {
    const reason = reasonAgainst(term);
    if (reason === undefined) return;
    problems.push({
      where,
      message: `objective[${index}] (${term.loss}) ${reason}`,
      hint: 'Leave the field out, or choose another loss.',
    });
  });
  return problems;
}

/** Why a term needs what the teacher says of every class; undefined where it does not. */
function reasonAgainst(term: ObjectiveTerm): string | undefined {
  if ('standardize' in term && term.standardize) {
    return 'standardises the logits, which takes those of all classes.';
  }
  if ('target' in term && term.target !== 'soft' && term.target !== 'hard') {
    return "has a target that is made of all of the teacher's outputs.";
  }
  if (term.loss === 'logit-mse') return 'compares the logits themselves; what is kept are probabilities.';
  if (term.loss === 'dist') return 'compares how all classes relate to each other.';
  if (term.loss === 'rkd' && !term.features) return 'compares distances between the outputs for all classes.';
  return undefined;
}
