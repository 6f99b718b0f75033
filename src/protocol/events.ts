import type { Quality } from '../report/quality.ts';
import type { Problem } from '../errors.ts';
import type { Report } from '../report/report.ts';

/** A device that can be trained on. */
export type DeviceName = 'cpu' | 'webgpu' | 'cuda' | 'dml' | 'coreml';

/** What a run is doing. */
export type Phase =
  | 'preflight'
  | 'dataset'
  | 'train-teacher'
  | 'first-steps'
  | 'teacher-outputs'
  | 'trials'
  | 'student'
  | 'baseline'
  | 'repeats'
  | 'folds'
  | 'evaluation'
  | 'report';

/** Which network is being trained. */
export type Network = 'teacher' | 'student' | 'baseline';

/** Where one network's training stands. Loss terms are means over the batch, terms times their weights sum to `total`. */
export interface StepEvent {
  readonly kind: 'step';
  readonly network: Network;
  readonly step: number;
  readonly steps: number;
  readonly epoch: number;
  /** As it is planned now; a plan may be cut short. */
  readonly epochs: number;
  /** Runs of older versions, and what is fitted at once, do not tell. */
  readonly stepsPerEpoch?: number;
  /** `total` and every term by the name of its loss, unweighted. */
  readonly losses: Readonly<Record<string, number>>;
  /** What each term counts in the sum at this step; runs of older versions do not tell. */
  readonly weights?: Readonly<Record<string, number>>;
  readonly learningRate: number;
  readonly samplesPerSecond: number;
  /** Estimated seconds until this network is trained. */
  readonly secondsLeft: number;
  /** Seconds that the run had taken by then; only in run folders, and not of older versions. */
  readonly seconds?: number;
}

/** End of an epoch: mean training losses, and the network's quality on the validation split. */
export interface EpochEvent {
  readonly kind: 'epoch';
  readonly network: Network;
  readonly epoch: number;
  readonly epochs: number;
  readonly step: number;
  readonly losses: Readonly<Record<string, number>>;
  readonly validation: Quality;
  readonly best: boolean;
}

/** Everything that a run tells while it goes, in the order in which it happens; also the lines of `metrics.jsonl`. */
export type RunEvent =
  | {
      readonly kind: 'started';
      readonly id: string;
      readonly name: string;
      readonly folder: string;
      readonly startedAt: string;
    }
  | { readonly kind: 'phase'; readonly phase: Phase; readonly message: string }
  /** What is told beside the phase that the run is in. */
  | { readonly kind: 'note'; readonly message: string }
  | { readonly kind: 'device'; readonly device: DeviceName; readonly requested: string; readonly message: string }
  | { readonly kind: 'progress'; readonly phase: Phase; readonly done: number; readonly total: number }
  | { readonly kind: 'teacher'; readonly validation: Quality }
  | StepEvent
  | EpochEvent
  | { readonly kind: 'warning'; readonly problem: Problem }
  | { readonly kind: 'finished'; readonly report: Report }
  | { readonly kind: 'cancelled'; readonly message: string; readonly report?: Report }
  | { readonly kind: 'failed'; readonly problems: readonly Problem[] };

/** State of a run, as `status.json` has it. */
export type RunState = 'running' | 'finished' | 'cancelled' | 'failed' | 'interrupted';

/** `status.json`: what the views need without reading anything else. */
export interface RunStatus {
  readonly id: string;
  readonly name: string;
  readonly state: RunState;
  readonly startedAt: string;
  /** When the process that is at it took it up, where that was not the one that started it. */
  readonly resumedAt?: string;
  readonly endedAt?: string;
  readonly processId?: number;
  /** Folder that relative paths of the experiment start from; not of older versions. */
  readonly baseDirectory?: string;
  /** Models that the experiment begins with, as it names them; not of older versions. */
  readonly models?: readonly string[];
  /** Whether a person has it wait; the training goes on from where it is. */
  readonly paused?: true | undefined;
  readonly phase?: Phase;
  /** 0…1 of the whole run. */
  readonly progress: number;
  /** Estimated seconds until the whole run ends, as far as one can be made. */
  readonly secondsLeft?: number;
  readonly device?: DeviceName;
  /** Best validation accuracy of the student so far, then its test accuracy. */
  readonly accuracy?: number;
  readonly teacherAccuracy?: number;
  /** The same of the losses, where the task has no accuracy. */
  readonly loss?: number;
  readonly teacherLoss?: number;
  /** How many times smaller the student's file is than the teacher's; once the run has finished, and not of older versions. */
  readonly sizeRatio?: number;
  readonly problems?: readonly Problem[];
  /** Why it was stopped, where no person asked for it. */
  readonly reason?: string;
  /** While it waits for its turn on a cluster: what the cluster says of it. */
  readonly queue?: QueuedJob;
}

/** A run that a batch system has, and that no process is at. */
export interface QueuedJob {
  readonly engine: 'slurm';
  readonly job: string;
  /** In the words of the batch system, such as `PENDING`. */
  readonly state: string;
  /** Why it waits, in its words, such as `Resources`. */
  readonly reason?: string;
}
