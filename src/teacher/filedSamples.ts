import type { SampleStream, Split } from '../data/samples/split.ts';
import type { Targets } from '../data/targets.ts';
import type { FiledOutputs } from './fileOutputs.ts';

/** Outputs of a network as samples, such as the features of a split, which are read from their file. */
export class FiledSamples implements Split {
  readonly count: number;
  readonly targets: Targets;
  readonly stream: SampleStream;
  readonly #outputs: FiledOutputs;
  readonly #table: string;

  /** @param table name of the table that holds the samples */
  constructor(outputs: FiledOutputs, table: string, targets: Targets, count: number) {
    this.count = count;
    this.targets = targets;
    this.#outputs = outputs;
    this.#table = table;
    this.stream = {
      announce: (indices) => {
        outputs.announce(Int32Array.from(indices));
      },
    };
  }

  async read(indices: ArrayLike<number>, target: Float32Array): Promise<void> {
    target.set((await this.#outputs.read(indices)).get(this.#table) ?? []);
  }
}
