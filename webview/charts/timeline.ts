import type { Network } from '../../src/protocol/events.ts';
import type { RunSnapshot, TrainingClock } from '../../src/protocol/snapshot.ts';

/** What the x axis of the charts counts. */
export type XAxis = 'epoch' | 'step' | 'time';

/** How the epochs of networks are counted on an x axis. */
export class Timeline {
  readonly axis: XAxis;
  readonly #clocks: ReadonlyMap<Network, TrainingClock>;
  readonly #told: RunSnapshot['clocks'];
  readonly #first: TrainingClock | undefined;

  /** A run that stored no times is counted in epochs instead. */
  constructor(wanted: XAxis, clocks: RunSnapshot['clocks']) {
    const isKnown = clocks.length > 0 && (wanted !== 'time' || hasTimes(clocks));
    this.axis = isKnown ? wanted : 'epoch';
    this.#clocks = new Map(clocks.map((clock) => [clock.network, clock]));
    [this.#first] = clocks;
    this.#told = clocks;
  }

  /** Where an epoch of a network is: an epoch, a step, or seconds since the training of that network began. */
  at(network: Network, epoch: number): number {
    const clock = this.#clockOf(network);
    if (!clock || this.axis === 'epoch') return epoch;
    return this.axis === 'step' ? epoch * clock.stepsPerEpoch : secondsAt(clock, epoch);
  }

  /** The epoch of a network that is at a place of the axis. */
  epochAt(network: Network, place: number): number {
    const clock = this.#clockOf(network);
    if (!clock || this.axis === 'epoch') return place;
    return this.axis === 'step' ? place / clock.stepsPerEpoch : epochAtSeconds(clock, place);
  }

  /** Whether everything is at the same place. */
  isLike(other: Timeline): boolean {
    return this.axis === other.axis && (this.axis === 'epoch' || this.#told === other.#told);
  }

  #clockOf(network: Network): TrainingClock | undefined {
    return this.#clocks.get(network) ?? this.#first;
  }
}

/** Whether the x axis can be time. */
export function hasTimes(clocks: RunSnapshot['clocks']): boolean {
  return clocks.some(({ seconds }) => seconds.length > 0);
}

/** Between the points that are known, and beyond them, the pace is even. */
function secondsAt({ x, seconds }: TrainingClock, epoch: number): number {
  const after = countBelow(x, epoch);
  const isBeyond = after === x.length;
  const end = isBeyond ? x.length - 1 : after;
  const [startX, startSeconds] = end <= 0 || isBeyond ? [0, 0] : [x[end - 1] ?? 0, seconds[end - 1] ?? 0];
  const [endX, endSeconds] = [x[end] ?? 1, seconds[end] ?? 0];
  return startSeconds + ((epoch - startX) / (endX - startX)) * (endSeconds - startSeconds);
}

/** The epoch at so many seconds: the inverse of `secondsAt`. */
function epochAtSeconds({ x, seconds, ...clock }: TrainingClock, at: number): number {
  return secondsAt({ ...clock, x: seconds, seconds: x }, at);
}

/** How many of the numbers, which rise, are below a value. */
export function countBelow(numbers: readonly number[], value: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? Infinity) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
