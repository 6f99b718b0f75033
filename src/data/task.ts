/** What a network is to do with a sample. */
export type Task =
  /** Every sample belongs to one class. */
  | { readonly kind: 'classification'; readonly classes: readonly string[] }
  /** Every sample belongs to any number of classes. */
  | { readonly kind: 'multi-label'; readonly classes: readonly string[] }
  /** Every token of a text belongs to one class. */
  | { readonly kind: 'token-classification'; readonly classes: readonly string[] }
  /** Every sample has numbers that are to be predicted; these are their names. */
  | { readonly kind: 'regression'; readonly targets: readonly string[] }
  /** The output is to equal the sample. */
  | { readonly kind: 'reconstruction' }
  /** There are no labels: the student's output is to equal the teacher's, whatever it is. */
  | { readonly kind: 'matching' };

/** What a sample is made of. */
export type Samples =
  /** Numbers, such as pixels or the columns of a table. */
  | {
      readonly kind: 'values';
      /** The named parts that a sample's values consist of, in their order; left out where they are one tensor without a name. */
      readonly parts?: readonly SamplePart[];
    }
  /** The tokens of a text by their index in a vocabulary, filled up with the padding token. */
  | { readonly kind: 'tokens'; readonly vocabulary: number; readonly padding: number };

/** A part of a sample's values that has a name: a column of a table, or one of several arrays. */
export interface SamplePart {
  readonly name: string;
  /** Dimensions of its values, which lie row by row. */
  readonly shape: readonly number[];
  /** Whether its values stand for categories: one for each, or one alone for two. */
  readonly isCategory?: boolean;
  /** Digits behind the point that its numbers have in the data's own units, where they have few. */
  readonly decimals?: number;
}

/** Names of the classes; none for a task without classes. */
export function classesOf(task: Task): readonly string[] {
  return 'classes' in task ? task.classes : [];
}

/**
 * Dimensions of a network's output for one sample; undefined where only the teacher tells.
 *
 * @param sampleShape dimensions of one sample, the number of tokens for texts
 */
export function outputShapeOf(task: Task, sampleShape: readonly number[]): readonly number[] | undefined {
  switch (task.kind) {
    case 'classification':
    case 'multi-label':
      return [task.classes.length];
    case 'token-classification':
      return [...sampleShape, task.classes.length];
    case 'regression':
      return [task.targets.length];
    case 'reconstruction':
      return sampleShape;
    case 'matching':
      return undefined;
  }
}
