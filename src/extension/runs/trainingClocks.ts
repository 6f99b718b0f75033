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

  add(event: StepEvent): void {
    const { network, step, seconds } = event;
    const stepsPerEpoch = stepsPerEpochOf(event);
    const x = step / stepsPerEpoch;
    const clock = this.#clocks.get(network) ?? { stepsPerEpoch: 0, x: [], seconds: [] };
    this.#clocks.set(network, clock);
    clock.stepsPerEpoch = stepsPerEpoch;
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

/** Of older runs it is reckoned from the plan, which is right as long as that is not cut short. */
export function stepsPerEpochOf({ epochs, steps, stepsPerEpoch }: StepEvent): number {
  return stepsPerEpoch ?? steps / epochs;
}

/** When the training began, going back from its first two points; its first steps are told a little after. */
function startOf(x: readonly number[], seconds: readonly number[]): number {
  const [firstX = 0, secondX = 0] = x;
  const [first = 0, second = 0] = seconds;
  return secondX > firstX ? Math.max(0, first - (firstX * (second - first)) / (secondX - firstX)) : first;
}
