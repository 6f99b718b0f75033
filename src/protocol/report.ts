/** Milliseconds of one forward pass at batch 1: median and 95th percentile. */
export interface Latency {
  readonly p50: number;
  readonly p95: number;
}

/** Results on a split. Accuracies are 0…1; `loss` is the mean cross-entropy against the labels. */
export interface SplitMetrics {
  readonly samples: number;
  readonly errors: number;
  readonly accuracy: number;
  readonly loss: number;
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
    readonly classes: readonly string[];
    readonly training: number;
    readonly validation: number;
    readonly test: number;
  };
  readonly device: { readonly training: string; readonly latency: string; readonly machine: string };
  readonly teacher: ModelReport | null;
  readonly student: ModelReport & { readonly file: string; readonly bestEpoch: number };
  /** The same student, trained the same way without the teacher; null when it was switched off or not reached. */
  readonly baseline: ModelReport | null;
  /** Share of the test samples on which student and teacher choose the same class. */
  readonly agreement: number | null;
  /** Teacher over student: how many times smaller or faster the student is. */
  readonly ratios: {
    readonly parameters: number;
    readonly macs: number;
    readonly bytes: number;
    readonly latency: number;
  } | null;
  /** Test accuracy gained over the baseline, 0…1. */
  readonly gain: number | null;
  readonly seconds: {
    readonly total: number;
    readonly teacherOutputs: number;
    readonly student: number;
    readonly baseline: number;
  };
}
