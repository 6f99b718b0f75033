import type { Problem } from '../errors.ts';
import type { DeviceName, Network, Phase, RunState } from './events.ts';
import type { Report } from '../report/report.ts';
import type { SizedNetwork } from '../report/sizedNetworks.ts';
import type { TreeReport } from '../report/trees/treeReport.ts';

/** Points of a line. `x` counts epochs, with fractions within an epoch, and rises; null in `y` is a gap. */
export interface Points {
  readonly x: readonly number[];
  readonly y: readonly (number | null)[];
}

/** One line of a chart: every value that was told, or, of very many, the least and the greatest of neighbours in their order. */
export interface Curve extends Points {
  readonly network: Network;
  /** Name of a loss (`total`, `kd`, `labels`…), `accuracy`, `validation`, `learning rate` or `samples/s`. */
  readonly term: string;
  /** The means of the neighbours, where they were put together. */
  readonly means?: Points;
  /** Means over epochs, each at the last of its epochs, where points no longer tell them; not for a range. */
  readonly perEpoch?: Points;
}

/** What is drawn of a run over its epochs. */
export interface RunCurves {
  /** Training losses: the total, and every term as its part of it, where the run told the weights. */
  readonly losses: readonly Curve[];
  /** Validation accuracy per epoch, 0…1. */
  readonly accuracies: readonly Curve[];
  /** Validation loss per epoch. */
  readonly validationLosses: readonly Curve[];
  /** Learning rates and samples per second of every network, per epoch. */
  readonly learningRates: readonly Curve[];
  readonly speeds: readonly Curve[];
}

export type CurveKind = keyof RunCurves;

/** The epochs of a network that are looked at closely. */
export interface NetworkRange {
  readonly network: Network;
  readonly from: number;
  readonly to: number;
}

/** The curves of the networks that are named, each within its range and a little beyond. */
export interface Closeup {
  readonly ranges: readonly NetworkRange[];
  readonly curves: RunCurves;
}

/** How the epochs of a network's training go with its steps and with time. */
export interface TrainingClock {
  readonly network: Network;
  readonly stepsPerEpoch: number;
  /** Epochs, with fractions, in rising order. */
  readonly x: readonly number[];
  /** Seconds since the training of this network began, at each `x`; none where the run did not store them. */
  readonly seconds: readonly number[];
}

/** A part of a run, and how far it is. */
export interface RunStage {
  readonly phase: Phase;
  readonly state: 'done' | 'now' | 'to come';
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
export interface RunSnapshot extends RunCurves {
  readonly id: string;
  readonly name: string;
  /** `starting` until the run folder has a status, `stopping` from a person's stop to the end. */
  readonly state: RunState | 'starting' | 'stopping';
  /** Whether a person has it wait, or asked for that, which takes effect at the next step. */
  readonly pause?: 'asked' | 'held' | undefined;
  /** Whether its process has given no sign of life for a minute. */
  readonly isSilent?: true;
  /** Why it was stopped, where no person asked for it. */
  readonly reason?: string;
  readonly startedAt?: string;
  readonly endedAt?: string;
  /** 0…1 of the whole run. */
  readonly progress: number;
  /** Estimated seconds until the whole run ends. */
  readonly secondsLeft?: number;
  readonly stages: readonly RunStage[];
  readonly phase?: Phase;
  readonly phaseMessage?: string;
  /** What the run said that it does and found out, in order; of very much the end. */
  readonly said: readonly string[];
  readonly device?: { readonly device: DeviceName; readonly requested: string; readonly message: string };
  readonly position?: TrainingPosition;
  /** The teacher's accuracy (0…1) on the validation split. */
  readonly teacherAccuracy?: number;
  /** The teacher's loss on the validation split. */
  readonly teacherLoss?: number;
  /** Epochs that the network in training, or the last one, was to be trained for. */
  readonly epochs?: number;
  /** Whether the run did not tell the weights of its terms, so that the terms are drawn without them. */
  readonly lacksWeights?: boolean;
  readonly clocks: readonly TrainingClock[];
  readonly warnings: readonly Problem[];
  readonly problems: readonly Problem[];
  /** Whether it is over and has left a student, with a report or without one. */
  readonly hasStudent?: true;
  /** Whether it is over and can go on from where it was. */
  readonly hasCheckpoint?: true;
  readonly report?: Report;
  /** The networks of the run and of others on the same data, once there is a report. */
  readonly networks?: readonly SizedNetwork[];
  /** Of a student that is a decision tree, soft or not. */
  readonly tree?: TreeReport;
  /** Last lines of `trainer.log`, where the process died without a word. */
  readonly log?: string;
}
