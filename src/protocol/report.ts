import type { EndedBy } from './events.ts';

/** Milliseconds of one forward pass at batch 1: median and 95th percentile. */
export interface Latency {
  readonly p50: number;
  readonly p95: number;
}

/** What the networks do with a sample. */
export type TaskKind =
  'classification' | 'multi-label' | 'token-classification' | 'regression' | 'reconstruction' | 'matching';

/** How far predicted numbers are off. */
export interface Deviation {
  readonly meanAbsoluteError: number;
  readonly rootMeanSquaredError: number;
  /** Coefficient of determination R²: 1 is perfect, 0 as good as the mean. */
  readonly determination: number;
}

/** Results on a split. */
export interface SplitMetrics {
  readonly samples: number;
  /** Wrong decisions: samples, tokens, or sample-class pairs; null where the task is not a classification. */
  readonly errors: number | null;
  /** Share of right decisions, 0…1; null where the task is not a classification. */
  readonly accuracy: number | null;
  /** Mean cross-entropy against the labels, or mean squared error. */
  readonly loss: number;
  /** Of a regression or of a student that matches its teacher's output; null for classifications. */
  readonly deviation: Deviation | null;
  /** Recall of every class, in class order; null for a class without samples. */
  readonly perClass: readonly (number | null)[];
}

/** One network in the report. */
export interface ModelReport {
  readonly parameters: number;
  /** Multiply-accumulate operations of one sample. */
  readonly macs: number;
  /** Size of the `.onnx` file (and its external data). */
  readonly bytes: number;
  readonly latencyMs: Latency;
  readonly test: SplitMetrics;
}

/** A number that was added to the logits of a class. */
export interface Correction {
  readonly class: string;
  readonly offset: number;
}

/** `report.json`. */
export interface Report {
  readonly version: 1;
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  /** True when the run was stopped early: the student is the best so far. */
  readonly partial: boolean;
  /** The result in one sentence. */
  readonly summary: string;
  readonly dataset: {
    readonly path: string;
    readonly task: TaskKind;
    readonly classes: readonly string[];
    readonly training: number;
    readonly validation: number;
    readonly test: number;
  };
  readonly device: { readonly training: string; readonly latency: string; readonly machine: string };
  readonly teacher: ModelReport | null;
  readonly student: ModelReport & {
    readonly file: string;
    readonly bestEpoch: number;
    /** What was added to the logits of classes that the transfer set lacked. */
    readonly corrections: readonly Correction[];
    /** Why its training ended. */
    readonly endedBy: EndedBy;
  };
  /** The same student, trained the same way without the teacher; null when it was switched off or not reached. */
  readonly baseline: ModelReport | null;
  /** Share of the test samples (tokens, sample-class pairs) on which student and teacher decide alike; null where nothing is decided. */
  readonly agreement: number | null;
  /** Teacher over student: how many times smaller or faster the student is. */
  readonly ratios: {
    readonly parameters: number;
    readonly macs: number;
    readonly bytes: number;
    readonly latency: number;
  } | null;
  /** Test accuracy gained over the baseline, 0…1; null where there is no accuracy. */
  readonly gain: number | null;
  readonly seconds: {
    readonly total: number;
    readonly teacherOutputs: number;
    readonly student: number;
    readonly baseline: number;
  };
}
