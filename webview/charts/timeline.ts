import type { Network } from '../../src/protocol/events.ts';
import type { RunSnapshot, TrainingClock } from '../../src/protocol/snapshot.ts';

/** What the x axis of the charts counts. */
export type XAxis = 'epoch' | 'step' | 'time';

/** How the epochs of networks are counted on an x axis. */
export class Timeline {
  readonly axis: XAxis;
  readonly #clocks: ReadonlyMap<Network, TrainingClock>;

  /** A run that stored no times is counted in epochs instead. */
  constructor(wanted: XAxis, clocks: RunSnapshot['clocks']) {
    const isKnown = clocks.length > 0 && (wanted !== 'time' || hasTimes(clocks));
    this.axis = isKnown ? wanted : 'epoch';
    this.#clocks = new Map(clocks.map((clock) => [clock.network, clock]));
  }

  /** Where an epoch of a network is: an epoch, a step, or seconds since the training of that network began. */
  at(network: Network, epoch: number): number {
    const clock = this.#clocks.get(network) ?? [...this.#clocks.values()][0];
    if (!clock || this.axis === 'epoch') return epoch;
    return this.axis === 'step' ? epoch * clock.stepsPerEpoch : secondsAt(clock, epoch);
  }
}

/** Whether the x axis can be time. */
export function hasTimes(clocks: RunSnapshot['clocks']): boolean {
  return clocks.some(({ seconds }) => seconds.length > 0);
}

/** Between the points that are known, and beyond them, the pace is even. */
function secondsAt({ x, seconds }: TrainingClock, epoch: number): number {
  const after = x.findIndex((value) => value >= epoch);
  const end = after === -1 ? x.length - 1 : after;
  const [startX, startSeconds] = end <= 0 || after === -1 ? [0, 0] : [x[end - 1] ?? 0, seconds[end - 1] ?? 0];
  const [endX, endSeconds] = [x[end] ?? 1, seconds[end] ?? 0];
  return startSeconds + ((epoch - startX) / (endX - startX)) * (endSeconds - startSeconds);
}
