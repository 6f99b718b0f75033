import type { Problem } from '../errors.ts';
import type { Attention } from './report.ts';

/** A name, and a figure of teacher and student each, written out. */
export interface FiguresOfBoth {
  readonly name: string;
  readonly teacher: string;
  readonly student: string;
}

/** Why teacher and student say what they do of one test sample, as it is shown. */
export interface ShownExplanation {
  /** Its index in the test split. */
  readonly sample: number;
  /** What it is labelled with: classes, or numbers in their own units; null where there are no labels. */
  readonly truth: readonly string[] | null;
  /** What is explained, such as the name of a class. */
  readonly explained: string;
  /** Of the contributions in teacher and student; null where one has none. */
  readonly correlation: number | null;
  readonly method: Attention['method'];
  /** What the networks say of the sample. */
  readonly says: { readonly kind: 'probabilities' | 'numbers'; readonly rows: readonly FiguresOfBoth[] };
  /** Where the samples are images: the sample, and what its parts contribute, as data URIs. */
  readonly pictures: { readonly sample: string; readonly teacher: string; readonly student: string } | null;
  /** The numbers that contribute most; none where there are pictures. */
  readonly strongest: readonly FiguresOfBoth[];
}

/** What the child process answers when it is asked for an explanation. */
export type ExplanationAnswer =
  | { readonly kind: 'explained'; readonly explanation: ShownExplanation }
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] };
