import type { Problem } from '../../errors.ts';
import type { Task } from '../../data/task.ts';
import { targetName, type ObjectiveTerm } from '../../objectives/objectiveTerm.ts';

/** What a term of the objective becomes for a model that is fitted at once: a target for every sample, and its share. */
export interface FittedTerm {
  readonly weight: number;
  readonly target:
    /** The labels, with ε of label smoothing; a sample counts by the weights of its classes. */
    | { readonly from: 'labels'; readonly smoothing: number; readonly classWeights: readonly number[] | undefined }
    /** What the teachers say: their probabilities, the likeliest class alone, or their numbers. */
    | { readonly from: 'teacher'; readonly as: 'probabilities' | 'class' | 'numbers' }
    /** A table that was prepared of what the teachers say, by its name. */
    | { readonly from: 'prepared'; readonly name: string };
}

/** Why a term is not one of these, and what would be right. */
type Refusal = Pick<Problem, 'message' | 'hint'>;

/** The terms as a fit takes them, those of weight 0 left out. Terms that `fittingProblems` refuses are left out, too. */
export function fittedTerms(objective: readonly ObjectiveTerm[]): readonly FittedTerm[] {
  return objective.flatMap((term) => {
    const fitted = fittedTerm(term);
    return 'message' in fitted || fitted.weight === 0 ? [] : [fitted];
  });
}

/**
 * What keeps an objective from being learned by a model that is fitted at once, to one target for each sample.
 * @param name of the architecture
 * @param role the part of the experiment that names it
 */
export function fittingProblems(
  name: string,
  role: 'student' | 'teacher',
  objective: readonly ObjectiveTerm[],
  task: Task['kind'],
): Problem[] {
  if (task === 'multi-label' || task === 'token-classification' || task === 'reconstruction') {
    return [
      {
        where: `${role}.architecture`,
        message: `A ${name} learns one class for a sample, or numbers; the task is ${task}.`,
        hint: "Choose another architecture, such as 'mlp'.",
      },
    ];
  }
  return objective.flatMap((term, index) => {
    const fitted = fittedTerm(term);
    return 'message' in fitted ? [{ where: `objective[${index}]`, ...withName(name, fitted) }] : [];
  });
}

function withName(name: string, { message, hint }: Refusal): Refusal {
  return { message: message.replace('{name}', name), ...(hint !== undefined && { hint }) };
}

function fittedTerm(term: ObjectiveTerm): FittedTerm | Refusal {
  const { weight } = term;
  if (typeof weight !== 'number') {
    return {
      message: 'A {name} is fitted at once: no weight changes meanwhile.',
      hint: 'Give the weight as a number.',
    };
  }
  switch (term.loss) {
    case 'labels': {
      if (term.focal) return { message: 'A {name} does not have the focal loss.', hint: "Leave 'focal' out." };
      const { classWeights } = term;
      const each = typeof classWeights === 'object' ? classWeights.each : undefined;
      return { weight, target: { from: 'labels', smoothing: term.smoothing, classWeights: each } };
    }
    case 'kd':
    case 'soft-cross-entropy':
      if (term.temperature !== 1 || term.standardize) {
        return {
          message:
            "A {name} is fitted to the teacher's probabilities as they are, at temperature 1 and without standardising.",
          hint: "Set 'temperature' to 1 and leave 'standardize' out.",
        };
      }
      if ('divergence' in term && term.divergence !== undefined && term.divergence !== 'forward') {
        return { message: 'A {name} has the forward divergence only.', hint: "Leave 'divergence' out." };
      }
      if (term.target === 'soft' || term.target === 'hard') {
        return { weight, target: { from: 'teacher', as: term.target === 'soft' ? 'probabilities' : 'class' } };
      }
      return { weight, target: { from: 'prepared', name: targetName(term.target) } };
    case 'probability-mse':
      return { weight, target: { from: 'teacher', as: 'probabilities' } };
    case 'hard-teacher-labels':
      return { weight, target: { from: 'teacher', as: 'class' } };
    case 'mse':
      return { weight, target: { from: 'labels', smoothing: 0, classWeights: undefined } };
    case 'teacher-mse':
      if (term.bounded) return { message: 'A {name} does not have the bounded form.', hint: "Leave 'bounded' out." };
      return { weight, target: { from: 'teacher', as: 'numbers' } };
    case 'attention-transfer':
    case 'binary-kd':
    case 'binary-labels':
    case 'channel-wise':
    case 'contrastive':
    case 'cosine':
    case 'dist':
    case 'dkd':
    case 'hint':
    case 'logit-mse':
    case 'queue-similarity':
    case 'rkd':
      return {
        message: `A {name} is fitted to one target for each sample, which '${term.loss}' is not.`,
        hint: "Use 'kd' at temperature 1, 'hard-teacher-labels' or 'probability-mse' beside 'labels'; for numbers 'teacher-mse' beside 'mse'.",
      };
  }
}
