import type { CrossFittedTeacher, EpochChoice, ObjectiveChoice } from './choice.ts';
import type { MeasuredLoad, Speed, MemoryUse } from './speed.ts';
import type { TaughtBySites } from './sites.ts';
import type { Advice } from './advice.ts';
import type { Enlargement } from './enlargement.ts';
import type { RateChoice } from './rateChoice.ts';
import type { EndedBy } from './trainingEnd.ts';
import type { Comparison, Decisions, Interval, Quality, TargetQuality } from './quality.ts';

/** What the networks do with a sample. */
export type TaskKind =
  | 'classification'
  | 'multi-label'
  | 'token-classification'
  | 'regression'
  | 'reconstruction'
  | 'matching';

/** How far predicted numbers are off. */
export interface Deviation {
  readonly meanAbsoluteError: number;
  readonly rootMeanSquaredError: number;
  /** Coefficient of determination R²: 1 is perfect, 0 as good as the mean. */
  readonly determination: number;
  /** Standard error of R²: about how far off it may be by chance; undefined in reports from before it was noted. */
  readonly determinationError?: number | undefined;
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

/** One network in the report. Its speed is that on the device that the report names for latency. */
export interface ModelReport extends Speed {
  readonly parameters: number;
  /** Multiply-accumulate operations of one sample. */
  readonly macs: number;
  /** Size of the `.onnx` file (and its external data). */
  readonly bytes: number;
  /** Size of the same, compressed by gzip; null where it was not measured. */
  readonly gzipBytes: number | null;
  /** Speed on the CPU where the report's device is another one; null where it is the CPU. */
  readonly cpuSpeed: Speed | null;
  /** Null where it was not measured. */
  readonly memory: MemoryUse | null;
  readonly test: SplitMetrics;
  /** More about the decisions on the test split; null where nothing is decided. */
  readonly decisions: Decisions | null;
  /** How far each predicted number is off, in its own unit; empty where the task is not a regression. */
  readonly targets: readonly TargetQuality[];
}

/** The student in another number format, or as pruning left it before anything was distilled into it. */
export type VariantKind = 'dynamic-int8' | 'static-int8' | 'aware-int8' | 'float16' | 'int4' | 'pruned';

/**
 * Why int8 weights take 7 bits or 8: the experiment asked for it; a trial on the processor that ran came out exact with 8 bits, or
 * overflowed; or the weights have no sign, which overflow nowhere.
 */
export type WeightBitsReason = 'asked' | 'processor-exact' | 'processor-overflows' | 'unsigned';

/** How many bits of int8 its weights take. */
export interface VariantWeights {
  readonly bits: 7 | 8;
  readonly reason: WeightBitsReason;
}

/** On which samples it was decided whether a form of the student loses too much to be kept. */
export interface KeptOn {
  /** The test split only where the validation split is too small: what is kept by it looks a little better on it than it is. */
  readonly split: 'validation' | 'test';
  readonly samples: number;
  /** The form minus the student there: accuracy, or mean squared error where there is none. */
  readonly difference: number;
}

/** Another form of the student, as a file of its own. */
export interface Variant extends ModelReport {
  readonly kind: VariantKind;
  /** Name of the file in the run folder; null where it was refused and is not kept. */
  readonly file: string | null;
  /** Bytes of its weights. */
  readonly weightBytes: number;
  /** Null where weights are not int8, and in reports from before it was chosen. */
  readonly weights: VariantWeights | null;
  /** How many times faster than the trained student; null where there were too few rounds, and in older reports. */
  readonly speedUp: Interval | null;
  /** Share of the decisions on which it and the teacher agree; null where nothing is decided, or there is no teacher. */
  readonly agreement: number | null;
  /** It minus the student: accuracy, or mean squared error where there is none. */
  readonly difference: Interval;
  /** By what it was decided whether it is kept; null where it is in any case, and in reports from before that was told. */
  readonly keptOn: KeptOn | null;
  /** Why it was refused, as one sentence; null where it was not. */
  readonly refusal: string | null;
}

/** What a further training of the student with another seed came to, on the test split. */
export interface SeedResult {
  readonly seed: number;
  readonly student: TestQuality;
  /** The same seed without the teacher; null where that was not trained. */
  readonly baseline: TestQuality | null;
}

/** What one of several divisions of the data came to, on the samples that it set aside. */
export interface FoldResult {
  /** From 1. */
  readonly fold: number;
  /** Samples that it learned from, and those that it judged on. */
  readonly training: number;
  readonly test: number;
  readonly student: TestQuality;
  /** The same without the teacher; null where that was not trained. */
  readonly baseline: TestQuality | null;
  /** Null where there is none. */
  readonly teacher: TestQuality | null;
}

/** The folds of a run. */
export interface Folds {
  readonly results: readonly FoldResult[];
  /** Mean over the folds of the student minus the baseline, as `gainInterval`, allowing for what folds share; null with fewer than two. */
  readonly gain: Interval | null;
  /** Whether each learned only from what came before it. */
  readonly isInTime: boolean;
  /** Whether the teacher was trained anew in each fold, on what that learns from; null where there is none. */
  readonly isTeacherTrained: boolean | null;
}

/** How a network does on the test split, in short. */
export type TestQuality = Pick<SplitMetrics, 'accuracy' | 'errors' | 'loss'>;

/** One teacher of an ensemble. */
export interface MemberResult extends TestQuality {
  /** Name of its file. */
  readonly name: string;
  /** Its share of what the ensemble says; the shares sum to 1. */
  readonly weight: number;
}

/** A number that was added to the logits of a class. */
export interface Correction {
  readonly class: string;
  readonly offset: number;
}

/** What a report's student was made from, by hashes (SHA-256, in hexadecimal). */
export interface Provenance {
  /** Of the experiment as it was run, in the form of `experiment.json` without spaces. */
  readonly experiment: string;
  /** Name and hash of every teacher's file. */
  readonly teachers: readonly { readonly file: string; readonly sha256: string }[];
  /** Of the samples of every split, as networks get them, with their labels, in their order. */
  readonly data: { readonly training: string; readonly validation: string; readonly test: string };
  /** Of Distillery, ONNX Runtime and Node.js. */
  readonly versions: Readonly<Record<string, string>>;
}

/** How a teacher was matched to the data before the run. */
export interface TeacherMatch {
  /** Name of its file. */
  readonly teacher: string;
  /** What was found out, a sentence each. */
  readonly notes: readonly string[];
  /** What a person should check. */
  readonly warnings: readonly { readonly message: string; readonly hint?: string | undefined }[];
}

/**
 * How far students attend to what the teacher attends to: the mean correlation of what the numbers of test samples contribute to the
 * output, −1…1; null where a network's output depends on none.
 */
export interface Attention {
  /** How contributions were found. */
  readonly method: 'integrated gradients' | 'occlusion';
  /** Test samples on which the student could be compared. */
  readonly samples: number;
  readonly student: Interval | null;
  /** Of the baseline; null without one. */
  readonly baseline: Interval | null;
  /** The student minus the baseline. */
  readonly gain: Interval | null;
}

/** `report.json`. */
export interface Report {
  readonly version: 1;
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  /** True when the run was stopped early: there may be no baseline, and fewer seeds and folds than were asked for. */
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
    /** Samples without labels that the student was taught on as well; left out where there are none. */
    readonly unlabelled?: number | undefined;
  };
  readonly device: {
    readonly training: string;
    /** What the student was to be trained in, and what it was trained in there; null in reports from before it was noted. */
    readonly precision: { readonly wanted: string; readonly used: string } | null;
    readonly latency: string;
    readonly machine: string;
    /** Null in reports from before it was noted. */
    readonly load: MeasuredLoad | null;
  };
  readonly teacher: ModelReport | null;
  readonly student: ModelReport & {
    readonly file: string;
    readonly bestEpoch: number;
    /** What that epoch was chosen on; null where it was the validation split. */
    readonly epochChoice: EpochChoice | null;
    /** What was added to the logits of classes that the transfer set lacked. */
    readonly corrections: readonly Correction[];
    /** Why its training ended. */
    readonly endedBy: EndedBy;
    /** Share of the teacher's channels that it kept, or of each layer's, where it began as its teacher, pruned; null for others. */
    readonly keptChannels: number | readonly number[] | null;
    /** Which channels those are; null for students that did not begin like that. */
    readonly channelImportance: 'l1' | 'taylor' | null;
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
    /** Median over the rounds; in reports without its interval, the ratio of the medians. */
    readonly latency: number;
    /** Null where there were too few rounds, and in reports from before it was noted. */
    readonly latencyInterval: Interval | null;
    /** The same on the CPU where the report's device is another one; null where it is the CPU. */
    readonly cpuLatencyInterval: Interval | null;
  } | null;
  /** Test accuracy gained over the baseline, 0…1; null where there is no accuracy. */
  readonly gain: number | null;
  /** The student minus the baseline: accuracy, or mean squared error where there is none; null without a baseline. */
  readonly gainInterval: Interval | null;
  /** The teachers of an ensemble, each on its own, on the test split; empty where there is one teacher. */
  readonly members: readonly MemberResult[];
  /** Teachers at sites; null for others, of which `teacher` says more. */
  readonly sites: TaughtBySites | null;
  /** The student of every seed, the first of which is `student`; empty where there was one seed. */
  readonly seeds: readonly SeedResult[];
  /** Mean over the seeds of the student minus the baseline, as `gainInterval`; null with fewer than two seeds. */
  readonly gainOverSeeds: Interval | null;
  /** The folds; null where none were asked for. */
  readonly folds: Folds | null;
  /** The student against the teacher, sample by sample; null without a teacher. */
  readonly comparison: Comparison | null;
  /** Null where it was not found out. */
  readonly attention: Attention | null;
  /** The student before distilling, where it was pruned, and in other number formats, as the experiment asked. */
  readonly variants: readonly Variant[];
  /** Bytes of the student's weights as they are trained; null where they were not counted. */
  readonly weightBytes: number | null;
  /**
   * The largest difference between the outputs of the trained network and those of its file, read afresh, on the test split, as a
   * share of the largest output; null where it was not compared.
   */
  readonly exportDifference: number | null;
  /** Null in reports from before it was noted. */
  readonly provenance: Provenance | null;
  /** Of every teacher that existed before the run; empty for others. */
  readonly matching: readonly TeacherMatch[];
  /** How the objective was chosen; null where the experiment named it, and in reports from before it was chosen. */
  readonly choice: ObjectiveChoice | null;
  /** Teachers that say what the student is taught of samples that they have not learned; null where the one teacher says all. */
  readonly crossFittedTeacher: CrossFittedTeacher | null;
  /** Whether the student was taught on more than there is; null where the experiment says it. */
  readonly enlargement: Enlargement | null;
  /** How the learning rate was chosen; null where the experiment says it. */
  readonly rate: RateChoice | null;
  /** How well the networks do on the validation split; null in older reports, and for networks that there are not. */
  readonly validation: { readonly student: Quality; readonly baseline: Quality | null } | null;
  /** The student's on (a part of) the training split, 0…1; null where there is none, and in older reports. */
  readonly trainingAccuracy: number | null;
  /** The student's R² on the same; null where no numbers are predicted, and in older reports. */
  readonly trainingDetermination: number | null;
  /** What to do next, the most important first. */
  readonly advice: readonly Advice[];
  /** Names of what was another when the run went on after an interruption than when it began; usually none. */
  readonly changedInputs: readonly string[];
  /** Peak resident memory, in bytes, of the process that trained; null in reports from before it was noted. */
  readonly trainingMemory: number | null;
  readonly seconds: {
    readonly total: number;
    /** Before the student's training; what is computed in its first epoch counts as its training. */
    readonly teacherOutputs: number;
    readonly student: number;
    readonly baseline: number;
  };
}
