import type { Problem } from '../errors.ts';
import type { ShownSample } from '../report/quality.ts';

/** What a network is, before anything is trained. */
export interface NetworkFacts {
  /** Dimensions of one sample and of the output for it. */
  readonly takes: readonly number[];
  readonly gives: readonly number[];
  readonly parameters: number;
  /** Multiply-accumulate operations for one sample. */
  readonly macs: number;
  /** Grown from the data, so that its size is known after the training: the figures are those of the smallest of its kind. */
  readonly isGrown?: true | undefined;
}

/** A teacher; several of them together. */
export interface TeacherFacts extends NetworkFacts {
  /** Bytes of its file and the operator set of that; null of a teacher that is trained first. */
  readonly bytes: number | null;
  readonly opset: number | null;
  /** What was found out about it on this data, a sentence each: its quality, what its outputs are taken for. */
  readonly notes: readonly string[];
  /** What a person should check. */
  readonly warnings: readonly string[];
}

/** What was found out about data: what a person should check, or what was assumed. */
export interface DataFinding {
  readonly severity: 'warning' | 'information';
  /** The setting that decides it, as problems write it. */
  readonly where: string;
  readonly sentence: string;
}

/** A training sample, and its label where it has one. */
export interface DataExample {
  readonly shown: ShownSample;
  readonly label: string | null;
}

/** What a column of the training table holds. */
export interface ColumnFacts {
  readonly name: string;
  readonly use: 'target' | 'number' | 'category' | 'date' | 'text' | 'group' | 'left out';
  /** Share of the rows without a value, 0…1. */
  readonly missing: number;
  /** Null of words. */
  readonly range: { readonly least: number; readonly most: number } | null;
  /** The most frequent values. */
  readonly frequent: readonly string[];
}

/** What samples are, as far as it decides which students suit them: pictures and spectrograms, rows, sequences of numbers, texts. */
export type SampleKind = 'images' | 'tables' | 'series' | 'texts';

/** What data are, as they are understood. */
export interface DataFacts {
  /** What was recognised, such as `IDX` or `image folders`. */
  readonly format: string;
  readonly task: string;
  readonly samples: SampleKind;
  readonly training: number;
  readonly validation: number;
  readonly test: number;
  readonly classes: readonly string[];
  /** Training samples of each class; empty where a sample has not one class. */
  readonly counts: readonly number[];
  readonly findings: readonly DataFinding[];
  /** Of a table, in its order; none of other data. */
  readonly columns: readonly ColumnFacts[];
  /** A few training samples, as a person can look at them. */
  readonly examples: readonly DataExample[];
}

/** What an experiment will take, estimated from the size of its networks and data. */
export interface ForeseenCost {
  /** Bytes that the student holds at once to tell of one sample: weights and what it computes in between. */
  readonly memory: number;
  /** How long the run takes; null where that is not known. */
  readonly seconds: { readonly least: number; readonly most: number } | null;
}

/** What an experiment is about, found out while one chooses. */
export interface ExperimentFacts {
  readonly teacher: TeacherFacts | null;
  readonly data: DataFacts;
  /** Null where it cannot be built as it is described. */
  readonly student: NetworkFacts | null;
  /** Null where the student cannot be built. */
  readonly foreseen: ForeseenCost | null;
}

/** What an experiment is about whose student can be built. */
export interface WholeExperimentFacts extends ExperimentFacts {
  readonly student: NetworkFacts;
}

/** A model by its file alone, as it is known before there are data. */
export interface ModelFacts {
  /** Dimensions of one sample of each input, and of each output; a name stands for what the file leaves open. */
  readonly takes: readonly (readonly (string | number)[])[];
  readonly gives: readonly (readonly (string | number)[])[];
  /** Null where the model cannot be understood. */
  readonly parameters: number | null;
  readonly macs: number | null;
  readonly bytes: number;
  readonly opset: number | null;
}

/** What the child process answers when it is asked what an experiment is about. */
export type FactsAnswer =
  | {
      readonly kind: 'found';
      readonly facts: ExperimentFacts;
      /** What is wrong with the teacher, or why the student cannot be built. */
      readonly problems?: readonly Problem[] | undefined;
    }
  /** No data are chosen yet. */
  | { readonly kind: 'teacher'; readonly model: ModelFacts }
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] };
