import type { Problem } from '../errors.ts';
import type { DeviceName, Network, Phase, RunState } from './events.ts';
import type { Report } from './report.ts';
import type { SizedNetwork } from './sizedNetworks.ts';
import type { SoftTreeReport } from './softTreeReport.ts';

/** One line of a chart. `x` counts epochs, with fractions within an epoch; null in `y` is a gap. */
export interface Curve {
  readonly network: Network;
  /** Name of a loss (`total`, `kd`, `labels`…), `accuracy`, or `validation`. */
  readonly term: string;
  readonly x: readonly number[];
  readonly y: readonly (number | null)[];
}

/** Where the training of the current network stands. */
export interface TrainingPosition {
  readonly network: Network;
  readonly step: number;
  readonly steps: number;
  readonly epoch: number;
  readonly epochs: number;
  readonly learningRate: number;
  readonly samplesPerSecond: number;
  readonly secondsLeft: number;
}

/** Everything the panel shows of a run, made from its run folder. */
export interface RunSnapshot {
  readonly id: string;
  readonly name: string;
  /** `starting` until the run folder has a status, `stopping` from a person's stop to the end. */
  readonly state: RunState | 'starting' | 'stopping';
  readonly startedAt?: string;
  readonly endedAt?: string;
  /** 0…1 of the whole run. */
  readonly progress: number;
  readonly phase?: Phase;
  readonly phaseMessage?: string;
  readonly device?: { readonly device: DeviceName; readonly requested: string; readonly message: string };
  readonly position?: TrainingPosition;
  /** The teacher's accuracy (0…1) on the validation split. */
  readonly teacherAccuracy?: number;
  /** The teacher's loss on the validation split. */
  readonly teacherLoss?: number;
  /** Epochs that the network in training, or the last one, was to be trained for. */
  readonly epochs?: number;
  readonly losses: readonly Curve[];
  /** Validation accuracy per epoch, 0…1. */
  readonly accuracies: readonly Curve[];
  /** Validation loss per epoch. */
  readonly validationLosses: readonly Curve[];
  readonly warnings: readonly Problem[];
  readonly problems: readonly Problem[];
  readonly report?: Report;
  /** The networks of the run and of others on the same data, once there is a report. */
  readonly networks?: readonly SizedNetwork[];
  /** Of a student that is a soft decision tree. */
  readonly tree?: SoftTreeReport;
  /** Last lines of `trainer.log`, where the process died without a word. */
  readonly log?: string;
}
