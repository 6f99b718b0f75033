import type { InferenceSession, Tensor as RuntimeTensor } from 'onnxruntime-node';
import { DistilleryError } from '../../errors.ts';
import { dimensionsOf } from '../../onnx/graph.ts';
import { elementCount, type FloatTensor } from '../../onnx/tensor.ts';
import type { DeviceName } from '../../protocol/events.ts';
import type { TrainingStep } from '../trainingStep.ts';
import { DeviceReader } from './deviceReader.ts';
import { openGraph } from './openGraph.ts';
import { closeSession, runtimeTensor } from './session.ts';

/** What changes from step to step. */
export interface StepInput {
  /** By input name: `samples`, `labels` and, with a teacher, `teacher`. */
  readonly batch: Readonly<Record<string, Float32Array>>;
  /** One number per scalar of the training step, in its order. */
  readonly scalars: readonly number[];
}

/** What reads tensors that stay on a device, through sessions of its own. */
interface DeviceReaders {
  readonly state: DeviceReader;
  readonly losses: DeviceReader;
}

/**
 * A training step in ONNX Runtime. The outputs of a step are fed to the next; on a GPU the state never leaves the device
 * until it is asked for. On the CPU ONNX Runtime for Node.js (1.30) copies every output into a new array, also when it is given
 * one to write into, so it is given none.
 */
export class OnnxRuntimeStep {
  readonly #session: InferenceSession;
  readonly #step: TrainingStep;
  readonly #readers: DeviceReaders | undefined;
  readonly #shapes: ReadonlyMap<string, readonly number[]>;
  /** Current state by input name. */
  #state: Map<string, RuntimeTensor>;
  /** Losses of the last step by output name. */
  #losses = new Map<string, RuntimeTensor>();

  private constructor(session: InferenceSession, step: TrainingStep, readers?: DeviceReaders) {
    this.#session = session;
    this.#step = step;
    this.#readers = readers;
    this.#shapes = new Map(step.graph.inputs.map((input) => [input.name, dimensionsOf(input)]));
    this.#state = new Map(
      step.state.map(({ name, initial }) => [name, runtimeTensor(initial.data.slice(), initial.shape)]),
    );
  }

  /** Compiles the step for a device. The caller disposes of it. */
  static async create(step: TrainingStep, device: DeviceName): Promise<OnnxRuntimeStep> {
    if (device !== 'webgpu') return new OnnxRuntimeStep(await openGraph(step.graph, { device }, step.recompute), step);
    const losses = [...step.losses.values()];
    const keepOnDevice = [...step.state.map(({ next }) => next), ...losses];
    const session = await openGraph(step.graph, { device, keepOnDevice }, step.recompute);
    const state = step.state.map(({ name, initial }) => ({ name, shape: initial.shape }));
    const stateReader = await DeviceReader.create(state, device);
    const lossReader = await DeviceReader.create(
      losses.map((name) => ({ name, shape: [] })),
      device,
    );
    return new OnnxRuntimeStep(session, step, { state: stateReader, losses: lossReader });
  }

  /** Does one optimisation step. */
  async run({ batch, scalars }: StepInput): Promise<void> {
    const feeds: Record<string, RuntimeTensor> = Object.fromEntries(this.#state);
    for (const [name, data] of Object.entries(batch)) feeds[name] = runtimeTensor(data, this.#shapeOf(name, data));
    this.#step.scalars.forEach((name, index) => {
      feeds[name] = runtimeTensor(Float32Array.of(scalars[index] ?? NaN), [1]);
    });
    const results = await this.#session.run(feeds);

    const previous = this.#state;
    this.#state = new Map(this.#step.state.map(({ name, next }) => [name, tensorOf(results, next)]));
    if (this.#readers) {
      for (const tensor of [...previous.values(), ...this.#losses.values()]) tensor.dispose();
    }
    this.#losses = new Map([...this.#step.losses.values()].map((name) => [name, tensorOf(results, name)]));
  }

  /** The losses of the last step: `total` and every term. On a GPU this waits for the step. */
  async losses(): Promise<Record<string, number>> {
    const { losses } = this.#step;
    const read = this.#readers ? await this.#readers.losses.read(this.#losses) : dataOf(this.#losses);
    return Object.fromEntries([...losses].map(([name, output]) => [name, read.get(output)?.[0] ?? NaN]));
  }

  /** Weights and statistics by the name of the forward pass's input. */
  async readForwardState(): Promise<Map<string, Float32Array>> {
    const vectors = await this.readState();
    return new Map(
      [...this.#step.forwardState].map(([input, name]) => [input, vectors.get(name) ?? new Float32Array(0)]),
    );
  }

  /**
   * Replaces the state vectors, before the first step.
   * @throws DistilleryError `BAD_INPUT` when they are not those of this training step
   */
  writeState(state: ReadonlyMap<string, FloatTensor>): void {
    const written = this.#step.state.map(({ name, initial }) => {
      const tensor = state.get(name);
      if (!tensor || tensor.data.length !== initial.data.length || state.size !== this.#step.state.length) {
        throw new DistilleryError('BAD_INPUT', 'The training that was stored is of another network or optimizer.', {
          hint: 'Start the experiment anew.',
        });
      }
      return [name, runtimeTensor(tensor.data.slice(), initial.shape)] as const;
    });
    this.#state = new Map(written);
  }

  /** The present state vectors by name. */
  async readState(): Promise<Map<string, Float32Array>> {
    return this.#readers && this.#losses.size > 0 ? this.#readers.state.read(this.#state) : dataOf(this.#state);
  }

  /** Weights and statistics as ONNX Runtime holds them, to feed to a forward pass on the same device without copying. */
  get weightTensors(): ReadonlyMap<string, RuntimeTensor> {
    return new Map(
      [...this.#step.forwardState].flatMap(([input, name]) => {
        const tensor = this.#state.get(name);
        return tensor ? [[input, tensor] as const] : [];
      }),
    );
  }

  async dispose(): Promise<void> {
    for (const tensor of [...this.#state.values(), ...this.#losses.values()]) tensor.dispose();
    await closeSession(this.#session);
    await this.#readers?.state.dispose();
    await this.#readers?.losses.dispose();
  }

  #shapeOf(name: string, data: Float32Array): readonly number[] {
    const shape = this.#shapes.get(name);
    if (shape && elementCount(shape) === data.length) return shape;
    throw new DistilleryError('INTERNAL', `The training step takes no '${name}' of ${data.length} elements.`);
  }
}

function tensorOf(tensors: InferenceSession.OnnxValueMapType, name: string): RuntimeTensor {
  const tensor = tensors[name];
  if (!tensor) throw new DistilleryError('INTERNAL', `ONNX Runtime returned no '${name}'.`);
  return tensor;
}

function dataOf(tensors: ReadonlyMap<string, RuntimeTensor>): Map<string, Float32Array> {
  return new Map([...tensors].map(([name, tensor]) => [name, tensor.data as Float32Array]));
}
