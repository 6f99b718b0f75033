import type { Problem } from '../../errors.ts';
import type { AimName, SearchOptions } from '../../experiment/schema/search.ts';

/** What a trial is to do, as it is handed to whatever process does it. */
export interface TrialWork {
  /** Its run folder; a run in it goes on. */
  readonly folder: string;
  /** The experiment's contents. */
  readonly experiment: unknown;
  readonly baseDirectory: string;
  readonly cacheFolder: string | undefined;
  /** Of its report, as VS Code names languages; English by default. */
  readonly language?: string | undefined;
  /** Epochs of the student after which it pauses; null trains to the end. */
  readonly epochs: number | null;
  readonly limits: SearchOptions['limits'];
}

/** The student after an epoch, on the validation split. */
export interface TrialEpoch {
  readonly epoch: number;
  readonly accuracy: number | null;
  readonly loss: number;
  /** Whether no epoch before was better. */
  readonly best: boolean;
}

/** What a search can look for that does not depend on the training. */
export interface TrialFigures {
  readonly parameters: number;
  readonly macs: number;
  /** Of the `.onnx` file. */
  readonly bytes: number;
  /** Median of a forward pass at batch 1; null where it was not measured. */
  readonly latencyMs: number | null;
}

/** What came of it. */
export type TrialResult =
  | {
      readonly state: 'finished' | 'paused';
      readonly epochs: readonly TrialEpoch[];
      /** Null while it is paused and has no limits to keep. */
      readonly figures: TrialFigures | null;
    }
  /** `refused`: not trained, or of no use: it is no possible experiment, or breaks a limit. `failed`: its training broke off. */
  | {
      readonly state: 'refused' | 'failed';
      readonly problems: readonly Problem[];
      readonly figures: TrialFigures | null;
    }
  | { readonly state: 'stopped' };

/** What of a finished or paused trial an aim is about; NaN where that is not known. */
export function figureOf(aim: AimName, epochs: readonly TrialEpoch[], figures: TrialFigures | null): number {
  const best = epochs.findLast((epoch) => epoch.best);
  switch (aim) {
    case 'accuracy':
      return best?.accuracy ?? NaN;
    case 'loss':
      // The epoch whose network is kept is the best by accuracy, where there is one.
      return best?.loss ?? NaN;
    case 'parameters':
    case 'macs':
    case 'bytes':
    case 'latencyMs':
      return figures?.[aim] ?? NaN;
  }
}
