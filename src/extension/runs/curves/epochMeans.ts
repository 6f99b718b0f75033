import type { Points } from '../../../protocol/snapshot.ts';
import { Numbers } from './numbers.ts';

/** More rows than this make a table that nobody reads. */
const MOST_ROWS = 500;

/** Means of a curve over each epoch. */
export class EpochMeans {
  readonly #sum = new Numbers();
  readonly #count = new Numbers();

  /** @param x epochs, with fractions: 2.5 is in the third */
  add(x: number, value: number): void {
    const epoch = Math.ceil(x);
    if (epoch < 1 || !Number.isFinite(value)) return;
    while (this.#sum.length < epoch) {
      this.#sum.push(0);
      this.#count.push(0);
    }
    this.#sum.set(epoch - 1, this.#sum.at(epoch - 1) + value);
    this.#count.set(epoch - 1, this.#count.at(epoch - 1) + 1);
  }

  clear(): void {
    this.#sum.truncate(0);
    this.#count.truncate(0);
  }

  /** The last of every `size` epochs with their mean: of each epoch, unless there are very many. */
  get all(): Points {
    const points = { x: [] as number[], y: [] as number[] };
    const epochs = this.#sum.length;
    const size = Math.ceil(epochs / MOST_ROWS);
    for (let start = 0; start < epochs; start += size) {
      const end = Math.min(epochs, start + size);
      let [sum, count] = [0, 0];
      for (let epoch = start; epoch < end; epoch++) {
        sum += this.#sum.at(epoch);
        count += this.#count.at(epoch);
      }
      if (count === 0) continue;
      points.x.push(end);
      points.y.push(sum / count);
    }
    return points;
  }
}
