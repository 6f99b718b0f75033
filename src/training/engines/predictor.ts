import type { InferenceSession, Tensor as RuntimeTensor } from 'onnxruntime-node';
import { sequentialBatches, type SequentialBatch } from '../../data/batches.ts';
import type { Split } from '../../data/dataset.ts';
import { DistilleryError } from '../../errors.ts';
import { closeSession, runtimeTensor } from './session.ts';

export interface PredictorOptions {
  readonly session: InferenceSession;
  /** Name of the input that takes the samples, and of the output that is wanted. */
  readonly input: string;
  readonly output: string;
  /** Dimensions of the input, batch first. */
  readonly inputShape: readonly number[];
}

export interface PredictOptions {
  readonly signal?: AbortSignal;
  /** Other inputs, such as the weights of a running training. */
  readonly feeds?: ReadonlyMap<string, RuntimeTensor>;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Runs a model over whole splits in batches of a fixed size. Owns its session. */
export class Predictor {
  readonly #options: PredictorOptions;

  constructor(options: PredictorOptions) {
    this.#options = options;
  }

  /**
   * The model's outputs for every sample of a split, in the split's order: [count, …], row-major. The next batch is
   * read while the present one runs.
   * @throws DistilleryError `CANCELLED` when the signal aborts
   */
  async predict(split: Split, { signal, feeds, onProgress }: PredictOptions = {}): Promise<Float32Array> {
    const { session, input, output, inputShape } = this.#options;
    const [batchSize = 1, ...sampleShape] = inputShape;
    const sampleLength = sampleShape.reduce((product, dimension) => product * dimension, 1);
    const buffers = [new Float32Array(batchSize * sampleLength), new Float32Array(batchSize * sampleLength)] as const;
    const batches = [...sequentialBatches(split.count, batchSize)];
    const read = async (batch: SequentialBatch | undefined, buffer: Float32Array): Promise<Float32Array> => {
      if (batch) await split.read(batch.indices, buffer);
      return buffer;
    };

    let outputs = new Float32Array(0);
    let done = 0;
    let pending = read(batches[0], buffers[0]);
    for (const [number, { count }] of batches.entries()) {
      if (signal?.aborted) throw new DistilleryError('CANCELLED', 'Stopped.');
      const samples = await pending;
      const running = session.run({ ...Object.fromEntries(feeds ?? []), [input]: runtimeTensor(samples, inputShape) }, [
        output,
      ]);
      pending = read(batches[number + 1], buffers[number % 2 === 0 ? 1 : 0]);
      const result = (await running)[output];
      const values = (await result?.getData()) as Float32Array | undefined;
      if (!values) throw new DistilleryError('BAD_FILE', `The model has no output '${output}'.`);
      const width = values.length / batchSize;
      if (number === 0) outputs = new Float32Array(split.count * width);
      outputs.set(values.subarray(0, count * width), done * width);
      done += count;
      onProgress?.(done, split.count);
    }
    return outputs;
  }

  /** Runs one batch of zeros and waits for the result: what a latency measurement repeats. */
  async runOnce(): Promise<void> {
    const { session, input, output, inputShape } = this.#options;
    const length = inputShape.reduce((product, dimension) => product * dimension, 1);
    const result = await session.run({ [input]: runtimeTensor(new Float32Array(length), inputShape) }, [output]);
    await result[output]?.getData();
  }

  async dispose(): Promise<void> {
    await closeSession(this.#options.session);
  }
}
