import type { Problem } from '../errors.ts';

/** A value inside a network that a loss on features can name. */
export interface FeatureChoice {
  readonly name: string;
  /** Dimensions; a text is one that is open, such as the batch. */
  readonly shape: readonly (number | string)[];
  /** Which values belong together: `8×8` for maps of that size, `pooled maps`, `tokens`, `vectors`. */
  readonly stage: string;
  readonly lastOfStage: boolean;
}

/** Values that belong together: the last ones of a stage that both networks have. */
export interface PairChoice {
  readonly student: string;
  readonly teacher: string;
  readonly stage: string;
}

/** What an experiment's losses on features can compare. */
export interface FeatureChoices {
  readonly student: readonly FeatureChoice[];
  readonly teacher: readonly FeatureChoice[];
  /** Pairs to begin with, in the order of the student's layers. */
  readonly pairs: readonly PairChoice[];
}

/** What the child process answers when it is asked for the features of an experiment. */
export type FeaturesAnswer =
  | { readonly kind: 'listed'; readonly choices: FeatureChoices }
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] };

/** The proposed pairs that a loss can compare: attention transfer wants maps, the cosine features of the same shape. */
export function pairsFor(loss: string, { student, teacher, pairs }: FeatureChoices): readonly PairChoice[] {
  const shapeOf = (among: readonly FeatureChoice[], name: string): FeatureChoice['shape'] =>
    among.find((choice) => choice.name === name)?.shape ?? [];
  return pairs.filter((pair) => {
    const [ofStudent, ofTeacher] = [shapeOf(student, pair.student), shapeOf(teacher, pair.teacher)];
    if (loss === 'attention-transfer') return ofStudent.length === 4 && ofTeacher.length === 4;
    if (loss === 'cosine') return ofStudent.slice(1).join() === ofTeacher.slice(1).join();
    return true;
  });
}
