import type { Problem } from '../errors.ts';
import type { Report } from './report.ts';

/** A device that can be trained on. */
export type DeviceName = 'cpu' | 'webgpu' | 'cuda' | 'dml' | 'coreml';

/** What a run is doing. */
export type Phase =
  | 'preflight'
  | 'dataset'
  | 'train-teacher'
  | 'teacher-outputs'
  | 'student'
  | 'baseline'
  | 'repeats'
  | 'evaluation'
  | 'report';

/** Which network is being trained. */
export type Network = 'teacher' | 'student' | 'baseline';

/** Where one network's training stands. Loss terms are means over the batch, weighted terms sum to `total`. */
export interface StepEvent {
  readonly kind: 'step';
  readonly network: Network;
  readonly step: number;
  readonly steps: number;
  readonly epoch: number;
  readonly epochs: number;
  /** `total` and every term by the name of its loss, unweighted. */
  readonly losses: Readonly<Record<string, number>>;
  readonly learningRate: number;
  readonly samplesPerSecond: number;
  /** Estimated seconds until this network is trained. */
  readonly secondsLeft: number;
}

/** How well a network does on the validation split. */
export interface Quality {
  /** 0…1; null where the task is not a classification. */
  readonly accuracy: number | null;
  /** Mean cross-entropy, or mean squared error. */
  readonly loss: number;
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
  | { readonly kind: 'device'; readonly device: DeviceName; readonly requested: string; readonly message: string }
  | { readonly kind: 'progress'; readonly phase: Phase; readonly done: number; readonly total: number }
  | { readonly kind: 'teacher'; readonly validation: Quality }
  | StepEvent
  | EpochEvent
  | { readonly kind: 'warning'; readonly problem: Problem }
  | { readonly kind: 'finished'; readonly report: Report }
  | { readonly kind: 'cancelled'; readonly message: string; readonly report?: Report }
  | { readonly kind: 'failed'; readonly problems: readonly Problem[] };

/** Why a training ended: the condition of the experiment that was met, or `stopped` by the person. */
export type EndedBy = 'epochs' | 'maxSteps' | 'maxMinutes' | 'targetAccuracy' | 'patience' | 'stopped';

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
  readonly phase?: Phase;
  /** 0…1 of the whole run. */
  readonly progress: number;
  readonly device?: DeviceName;
  /** Best validation accuracy of the student so far, then its test accuracy. */
  readonly accuracy?: number;
  readonly teacherAccuracy?: number;
  /** The same of the losses, where the task has no accuracy. */
  readonly loss?: number;
  readonly teacherLoss?: number;
  readonly problems?: readonly Problem[];
}
