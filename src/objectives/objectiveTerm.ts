import type { Scheduled } from './scheduledNumber.ts';

/**
 * What a term imitates.
 * - `soft`: the teacher's softened distribution, of several teachers the weighted mean;
 * - `hard`: the most probable class alone;
 * - `rank-weighted`: a distribution made of the gaps between the teacher's sorted outputs;
 * - `clusters`: the centre of the cluster that the teacher's output vector belongs to.
 *
 * The last two are computed before training (src/teacher/targets/) and fed in place of the teacher's logits.
 */
export type Target = 'soft' | 'hard' | PreparedTarget;

/** A target that is a table of its own, computed from the teacher's outputs. */
export type PreparedTarget = 'rank-weighted' | { readonly clusters: number };

/** A feature of the student and the one of the teacher that it is compared with, by the name of their ONNX value. */
export interface FeaturePair {
  readonly student: string;
  readonly teacher: string;
}

/**
 * Logits that are softened to distributions: z-scored row by row when `standardize`, then divided by the temperature.
 */
interface Softened {
  readonly temperature: Scheduled;
  readonly standardize: boolean;
}

/** What each class counts: all alike, by how rare it is in the training split, or as given. */
export type ClassWeights = 'none' | 'balanced' | { readonly each: readonly number[] };

/** Which samples and classes a loss on labels attends to. */
interface Emphasis {
  /** γ of the focal loss; 0 when left out. */
  readonly focal?: number | undefined;
  /** `none` when left out. */
  readonly classWeights?: ClassWeights | undefined;
}

/** Whether the student's feature passes through a learned map first; it does not when left out. */
interface Projected {
  readonly project?: boolean | undefined;
}

/** Which divergence from the teacher's distribution; see `losses/divergence.ts`. */
export type DivergenceKind = 'forward' | 'reverse' | 'jensen-shannon';

/** The terms on outputs; each one's file says what it computes. */
type OutputTerm =
  | ({
      readonly loss: 'kd';
      readonly weight: Scheduled;
      readonly target: Target;
      /** `forward` when left out. */
      readonly divergence?: DivergenceKind | undefined;
      /** Share of the teacher in the mixture of `jensen-shannon`, 0…1; 0.5 when left out. */
      readonly beta?: number | undefined;
    } & Softened)
  | ({ readonly loss: 'soft-cross-entropy'; readonly weight: Scheduled; readonly target: Target } & Softened)
  | { readonly loss: 'logit-mse'; readonly weight: Scheduled }
  | { readonly loss: 'probability-mse'; readonly weight: Scheduled }
  | { readonly loss: 'hard-teacher-labels'; readonly weight: Scheduled }
  | ({ readonly loss: 'labels'; readonly weight: Scheduled; readonly smoothing: number } & Emphasis)
  | ({
      readonly loss: 'dkd';
      readonly weight: Scheduled;
      readonly alpha: Scheduled;
      readonly beta: Scheduled;
    } & Softened)
  | {
      readonly loss: 'dist';
      readonly weight: Scheduled;
      readonly beta: Scheduled;
      readonly gamma: Scheduled;
      readonly temperature: Scheduled;
    }
  | ({ readonly loss: 'binary-labels'; readonly weight: Scheduled } & Emphasis)
  | { readonly loss: 'binary-kd'; readonly weight: Scheduled; readonly temperature: Scheduled }
  | { readonly loss: 'mse'; readonly weight: Scheduled }
  | {
      readonly loss: 'teacher-mse';
      readonly weight: Scheduled;
      /** Follow the teacher only where the student's error plus the margin exceeds the teacher's. */
      readonly bounded?: { readonly margin: number } | undefined;
    };

/** The terms on values inside the networks. */
type FeatureTerm =
  | ({ readonly loss: 'hint'; readonly weight: Scheduled } & FeaturePair)
  | ({ readonly loss: 'cosine'; readonly weight: Scheduled } & Projected & FeaturePair)
  | ({
      readonly loss: 'channel-wise';
      readonly weight: Scheduled;
      readonly temperature: Scheduled;
    } & Projected &
      FeaturePair)
  | ({
      readonly loss: 'contrastive';
      readonly weight: Scheduled;
      readonly temperature: Scheduled;
      /** How many of the teacher's features of earlier batches are negatives, too; none when left out. */
      readonly queue?: number | undefined;
    } & FeaturePair)
  | ({
      readonly loss: 'queue-similarity';
      readonly weight: Scheduled;
      /** How many of the teacher's features of earlier batches are compared with. */
      readonly queue: number;
      /** Of the teacher's similarities. */
      readonly temperature: Scheduled;
      /** Of the student's. */
      readonly studentTemperature: Scheduled;
    } & FeaturePair)
  | {
      readonly loss: 'attention-transfer';
      readonly weight: Scheduled;
      readonly pairs: readonly FeaturePair[];
      /** Exponent of the activations, at least 1. */
      readonly power: number;
    }
  | {
      readonly loss: 'rkd';
      readonly weight: Scheduled;
      /** Factors of the two parts; 0 leaves a part out. */
      readonly distance: Scheduled;
      readonly angle: Scheduled;
      /** Which features; the outputs when left out. */
      readonly features?: FeaturePair | undefined;
    };

/** One term of the objective, with every default filled in. */
export type ObjectiveTerm = OutputTerm | FeatureTerm;

/** Whether a term compares the student with a teacher. */
export function needsTeacher({ loss }: ObjectiveTerm): boolean {
  return loss !== 'labels' && loss !== 'binary-labels' && loss !== 'mse';
}

/** The name of every term: its loss, numbered from the second of its kind on (`kd`, `kd-2`). */
export function termNames(terms: readonly ObjectiveTerm[]): string[] {
  const counts = new Map<string, number>();
  return terms.map(({ loss }) => {
    const count = (counts.get(loss) ?? 0) + 1;
    counts.set(loss, count);
    return count === 1 ? loss : `${loss}-${count}`;
  });
}

/** The pairs of features that a term compares, each with its path below the term (`.pairs[0]`). */
export function featurePairsOf(term: ObjectiveTerm): readonly { readonly path: string; readonly pair: FeaturePair }[] {
  if ('pairs' in term) return term.pairs.map((pair, index) => ({ path: `.pairs[${index}]`, pair }));
  if ('student' in term) return [{ path: '', pair: { student: term.student, teacher: term.teacher } }];
  return term.loss === 'rkd' && term.features ? [{ path: '.features', pair: term.features }] : [];
}

/** The name under which a prepared target is fed: `rank-weighted`, `clusters-50`. */
export function targetName(target: PreparedTarget): string {
  return target === 'rank-weighted' ? target : `clusters-${target.clusters}`;
}

/** The tables that have to be prepared from the teacher's outputs, by name. */
export function preparedTargetsOf(terms: readonly ObjectiveTerm[]): ReadonlyMap<string, PreparedTarget> {
  const targets = new Map<string, PreparedTarget>();
  for (const term of terms) {
    if (!('target' in term) || term.target === 'soft' || term.target === 'hard') continue;
    targets.set(targetName(term.target), term.target);
  }
  return targets;
}
