import type { Network, StepEvent } from '../../protocol/events.ts';
import type { TrainingClock } from '../../protocol/snapshot.ts';

/** Between two of these points the pace is taken to be even. */
const MAXIMUM_POINTS = 200;

interface Clock {
  stepsPerEpoch: number;
  readonly x: number[];
  readonly seconds: number[];
}

/** Learns from the events of a run how the epochs of each network go with its steps and with time. */
export class TrainingClocks {
  readonly #clocks = new Map<Network, Clock>();

  clear(): void {
    this.#clocks.clear();
  }

  add({ network, epochs, step, steps, seconds }: StepEvent): void {
    const x = (step / steps) * epochs;
    const clock = this.#clocks.get(network) ?? { stepsPerEpoch: 0, x: [], seconds: [] };
    this.#clocks.set(network, clock);
    clock.stepsPerEpoch = steps / epochs;
    if (seconds === undefined || x <= (clock.x.at(-1) ?? 0)) return;
    clock.x.push(x);
    clock.seconds.push(seconds);
  }

  get all(): readonly TrainingClock[] {
    return [...this.#clocks].map(([network, { stepsPerEpoch, x, seconds }]) => {
      const size = Math.ceil(x.length / MAXIMUM_POINTS);
      const isKept = (_value: number, index: number): boolean => index % size === 0 || index === x.length - 1;
      const began = startOf(x, seconds);
      return {
        network,
        stepsPerEpoch,
        x: x.filter(isKept),
        seconds: seconds.filter(isKept).map((value) => value - began),
      };
    });
  }
}

/** When the training began, going back from its first two points; its first steps are told a little after. */
function startOf(x: readonly number[], seconds: readonly number[]): number {
  const [firstX = 0, secondX = 0] = x;
  const [first = 0, second = 0] = seconds;
  return secondX > firstX ? Math.max(0, first - (firstX * (second - first)) / (secondX - firstX)) : first;
}
