import type { Tensor as RuntimeTensor } from 'onnxruntime-node';
import { sequentialBatches, type SequentialBatch } from '../../data/batches.ts';
import type { Split } from '../../data/samples/split.ts';
import type { Samples } from '../../data/task.ts';
import { DistilleryError, messageOf } from '../../errors.ts';
import { elementCount } from '../../onnx/tensor.ts';
import { inputContents, type NetworkInput } from '../networkInputs.ts';
import type { OpenedNetwork } from './openedNetwork.ts';
import { inputTensor } from './session.ts';

export interface PredictorOptions {
  readonly network: OpenedNetwork;
  readonly inputs: readonly NetworkInput[];
  readonly samples: Samples;
  /** Dimensions of the samples as the network takes them, batch first. */
  readonly inputShape: readonly number[];
  /** Names of the outputs that are wanted, the most important first. */
  readonly outputs: readonly string[];
  /** Path of the network's file, where it has one: what ONNX Runtime cannot compute is its fault. */
  readonly path?: string | undefined;
}

export interface PredictOptions {
  readonly signal?: AbortSignal;
  /** Other inputs, such as the weights of a running training. */
  readonly feeds?: ReadonlyMap<string, RuntimeTensor>;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Runs a model over whole splits in batches of a fixed size. Owns its network. */
export class Predictor {
  readonly #options: PredictorOptions;
  /** A batch of zeros, made once it is asked for: memory that is new for every run would be timed with it. */
  #zeros: Float32Array | undefined;

  constructor(options: PredictorOptions) {
    this.#options = options;
  }

  /** The first output for every sample of a split; see `predictAll`. */
  async predict(split: Split, options: PredictOptions = {}): Promise<Float32Array> {
    const [first = ''] = this.#options.outputs;
    return (await this.predictAll(split, options)).get(first) ?? new Float32Array(0);
  }

  /**
   * The model's outputs for every sample of a split, in the split's order: [count, …] by output name, row-major. The next
   * batch is read while the present one runs.
   * @throws DistilleryError `CANCELLED` when the signal aborts
   */
  async predictAll(
    split: Split,
    { signal, feeds, onProgress }: PredictOptions = {},
  ): Promise<Map<string, Float32Array>> {
    const { inputShape } = this.#options;
    const [batchSize = 1] = inputShape;
    const buffers = [new Float32Array(elementCount(inputShape)), new Float32Array(elementCount(inputShape))] as const;
    const batches = [...sequentialBatches(split.count, batchSize)];
    split.stream?.announce(Int32Array.from({ length: split.count }, (_, index) => index));
    const read = (batch: SequentialBatch | undefined, buffer: Float32Array): Promise<Float32Array> => {
      const reading = Promise.resolve(batch && split.read(batch.indices, buffer)).then(() => buffer);
      // It is waited for after the batch that runs meanwhile, which may be stopped.
      reading.catch(() => undefined);
      return reading;
    };

    const outputs = new Map<string, Float32Array>();
    let done = 0;
    let pending = read(batches[0], buffers[0]);
    for (const [number, { count }] of batches.entries()) {
      if (signal?.aborted) throw new DistilleryError('CANCELLED', 'Stopped.');
      const running = this.run(await pending, feeds);
      pending = read(batches[number + 1], buffers[number % 2 === 0 ? 1 : 0]);
      for (const [name, values] of await running) {
        const width = values.length / batchSize;
        const all = outputs.get(name) ?? new Float32Array(split.count * width);
        all.set(values.subarray(0, count * width), done * width);
        outputs.set(name, all);
      }
      done += count;
      onProgress?.(done, split.count);
    }
    return outputs;
  }

  /**
   * The outputs of one batch by name.
   * @param samples [batch, …] as float32, of the predictor's batch size
   */
  async run(samples: Float32Array, feeds?: ReadonlyMap<string, RuntimeTensor>): Promise<Map<string, Float32Array>> {
    const { network, inputs, inputShape, outputs, path } = this.#options;
    const [batch = 1, ...sampleShape] = inputShape;
    const fed = inputs.map((input) => {
      const contents = inputContents(input, samples, this.#options.samples, sampleShape);
      const dimensions = input.taken?.shape ?? sampleShape;
      return [input.name, inputTensor(input.type, contents, [batch, ...dimensions])] as const;
    });
    const results = await network
      .run(Object.fromEntries([...(feeds ?? []), ...fed]), outputs)
      .catch((error: unknown) => {
        throw path === undefined || error instanceof DistilleryError ? error : failedRun(error, path, batch);
      });
    const read = outputs.map(async (name) => {
      const result = results[name];
      if (!result) throw new DistilleryError('BAD_FILE', `The model has no output '${name}'.`);
      // Of a batch of one, a network that squeezes its output leaves no dimension.
      if (path !== undefined && (result.dims[0] ?? 1) !== batch && name === outputs[0]) {
        throw otherShape(path, name, { batch, dims: result.dims });
      }
      return [name, asFloats(await result.getData(), name)] as const;
    });
    return new Map(await Promise.all(read));
  }

  /**
   * The outputs for as many samples as there are, [count, …] by name. The last batch is filled up with zeros.
   * @param samples [count, …] as float32
   */
  async predictRows(samples: Float32Array): Promise<Map<string, Float32Array>> {
    const { inputShape } = this.#options;
    const size = elementCount(inputShape);
    if (samples.length === size) return this.run(samples);
    const [batchSize = 1] = inputShape;
    const count = samples.length / (size / batchSize);
    const outputs = new Map<string, Float32Array>();
    for (let start = 0; start < count; start += batchSize) {
      const batch = new Float32Array(size);
      batch.set(samples.subarray((start / batchSize) * size, (start / batchSize + 1) * size));
      for (const [name, values] of await this.run(batch)) {
        const width = values.length / batchSize;
        const all = outputs.get(name) ?? new Float32Array(count * width);
        all.set(values.subarray(0, Math.min(batchSize, count - start) * width), start * width);
        outputs.set(name, all);
      }
    }
    return outputs;
  }

  /** Runs one batch of zeros and waits for the result: what a latency measurement repeats. */
  async runOnce(): Promise<void> {
    this.#zeros ??= new Float32Array(elementCount(this.#options.inputShape));
    await this.run(this.#zeros);
  }

  async dispose(): Promise<void> {
    await this.#options.network.release();
  }
}

/** The first sentence of what ONNX Runtime says when it cannot run a network: without codes and places in its sources. */
function failedRun(cause: unknown, path: string, batch: number): DistilleryError {
  const [line = ''] = messageOf(cause).split('\n');
  const reason = line
    .replace(/^.*Status Message: */, '')
    .replace(/^\/\S+:\d+ [^)]*\) */, '')
    .replace(/^(Non-zero status code[^.]*\.)? */, '');
  return new DistilleryError(
    'BAD_FILE',
    `ONNX Runtime cannot compute '${path}' for ${batch === 1 ? 'one sample' : `${batch} samples at once`}: ${reason.replace(/\.*\s*$/, '')}.`,
    { cause, hint: 'Export the network again with a batch of any size, or choose another.' },
  );
}

function otherShape(
  path: string,
  name: string,
  { batch, dims }: { readonly batch: number; readonly dims: readonly number[] },
): DistilleryError {
  return new DistilleryError(
    'BAD_FILE',
    `The output '${name}' of '${path}' has shape [${dims.join(', ')}] for ${batch === 1 ? 'one sample' : `${batch} samples`}: ` +
      'its first dimension must be the samples.',
    { hint: 'Export the network again with the batch as the first dimension of inputs and outputs.' },
  );
}

/** Numbers of other types as float32. @throws DistilleryError for texts */
function asFloats(values: RuntimeTensor['data'], name: string): Float32Array {
  if (values instanceof Float32Array) return values;
  if (Array.isArray(values))
    throw new DistilleryError('BAD_FILE', `The output '${name}' of the model is text, not numbers.`);
  return Float32Array.from(values as ArrayLike<number | bigint>, Number);
}
