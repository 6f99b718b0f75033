import type { Random } from '../../data/random.ts';
import type { Point } from '../space/parameter.ts';

/** A trial as a strategy sees it. */
export interface SeenTrial {
  readonly number: number;
  readonly point: Point;
  /**
   * `paused`: it could be trained on; `refused`: it was not trained, since it breaks a limit or is not possible; `failed`: its
   * training broke off.
   */
  readonly state: 'running' | 'paused' | 'finished' | 'refused' | 'failed';
  /** What is to be made small, an aim each; empty unless it is paused or finished. */
  readonly values: readonly number[];
  /** Epochs of its training so far, with what each rung had found when it was reached, by epochs. */
  readonly rungs: ReadonlyMap<number, number>;
}

/** What is to be done next: a new trial, or a paused one trained on; to so many epochs, or (null) to its end. */
export type Proposal =
  | { readonly kind: 'begin'; readonly point: Point; readonly epochs: number | null }
  | { readonly kind: 'continue'; readonly trial: number; readonly epochs: number | null };

export interface Asked {
  /** Whether there may be a new trial. */
  readonly canBegin: boolean;
  /** Chance, the same whenever the same is asked. */
  readonly random: Random;
}

/**
 * Chooses trials. It remembers nothing: what it proposes follows from what it sees.
 *
 * @returns undefined where there is nothing to do before something that runs has ended; nothing at all, when nothing runs
 */
export type Strategy = (seen: readonly SeenTrial[], asked: Asked) => Proposal | undefined;
