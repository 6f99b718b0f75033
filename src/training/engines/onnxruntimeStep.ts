import type { InferenceSession, Tensor as RuntimeTensor } from 'onnxruntime-node';
import { DistilleryError } from '../../errors.ts';
import { dimensionsOf, type Value } from '../../onnx/graph.ts';
import { elementCount } from '../../onnx/tensor.ts';
import type { DeviceName } from '../../protocol/events.ts';
import type { TrainingStep } from '../trainingStep.ts';
import { openGraph } from './openGraph.ts';
import { closeSession, runtimeTensor } from './session.ts';

/** What changes from step to step. */
export interface StepInput {
  /** By input name: `samples`, `labels` and, with a teacher, `teacher`. */
  readonly batch: Readonly<Record<string, Float32Array>>;
  /** One number per scalar of the training step, in its order. */
  readonly scalars: readonly number[];
}

/**
 * A training step in ONNX Runtime. On the CPU the state lives in two sets of tensors that take turns as input and
 * output, so that nothing is copied; on a GPU it never leaves the device until it is asked for.
 */
export class OnnxRuntimeStep {
  readonly #session: InferenceSession;
  readonly #step: TrainingStep;
  readonly #onDevice: boolean;
  readonly #shapes: ReadonlyMap<string, readonly number[]>;
  /** Current state by input name. */
  #state: Map<string, RuntimeTensor>;
  /** CPU only: tensors that the next step writes into, by output name. */
  #spare: Map<string, RuntimeTensor>;
  #losses = new Map<string, RuntimeTensor>();

  private constructor(session: InferenceSession, step: TrainingStep, onDevice: boolean) {
    this.#session = session;
    this.#step = step;
    this.#onDevice = onDevice;
    this.#shapes = new Map(step.graph.inputs.map((input: Value) => [input.name, dimensionsOf(input)]));
    this.#state = new Map(
      step.state.map(({ name, initial }) => [name, runtimeTensor(initial.data.slice(), initial.shape)]),
    );
    this.#spare = new Map(
      onDevice
        ? []
        : step.state.map(({ next, initial }) => [
            next,
            runtimeTensor(new Float32Array(initial.data.length), initial.shape),
          ]),
    );
  }

  /** Compiles the step for a device. The caller disposes of it. */
  static async create(step: TrainingStep, device: DeviceName): Promise<OnnxRuntimeStep> {
    const onDevice = device === 'webgpu';
    const keepOnDevice = onDevice ? [...step.state.map(({ next }) => next), ...step.losses.values()] : [];
    const session = await openGraph(step.graph, { device, keepOnDevice });
    return new OnnxRuntimeStep(session, step, onDevice);
  }

  /** Does one optimisation step. */
  async run({ batch, scalars }: StepInput): Promise<void> {
    const feeds: Record<string, RuntimeTensor> = Object.fromEntries(this.#state);
    for (const [name, data] of Object.entries(batch)) feeds[name] = runtimeTensor(data, this.#shapeOf(name, data));
    this.#step.scalars.forEach((name, index) => {
      feeds[name] = runtimeTensor(Float32Array.of(scalars[index] ?? NaN), [1]);
    });
    const fetches: Record<string, RuntimeTensor | null> = Object.fromEntries(this.#spare);
    for (const name of this.#step.losses.values()) fetches[name] = null;
    const results = await (this.#onDevice ? this.#session.run(feeds) : this.#session.run(feeds, fetches));

    const previous = this.#state;
    this.#state = new Map(this.#step.state.map(({ name, next }) => [name, tensorOf(results, next)]));
    if (this.#onDevice) {
      for (const tensor of [...previous.values(), ...this.#losses.values()]) tensor.dispose();
    } else {
      this.#spare = renamed(previous, this.#step);
    }
    this.#losses = new Map([...this.#step.losses].map(([name, output]) => [name, tensorOf(results, output)]));
  }

  /** The losses of the last step: `total` and every term. */
  async losses(): Promise<Record<string, number>> {
    const entries = [...this.#losses].map(async ([name, tensor]) => {
      const [value = NaN] = (await tensor.getData()) as Float32Array;
      return [name, value] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  }

  /** The present state vectors by name. On the CPU they are views that the step after the next overwrites. */
  async readState(): Promise<Map<string, Float32Array>> {
    const entries = [...this.#state].map(
      async ([name, tensor]) => [name, (await tensor.getData()) as Float32Array] as const,
    );
    return new Map(await Promise.all(entries));
  }

  /** Weights and statistics as ONNX Runtime holds them, to feed to a forward pass on the same device without copying. */
  get weightTensors(): ReadonlyMap<string, RuntimeTensor> {
    return new Map([...this.#state].filter(([name]) => this.#step.forwardState.includes(name)));
  }

  async dispose(): Promise<void> {
    for (const tensor of [...this.#state.values(), ...this.#losses.values()]) tensor.dispose();
    await closeSession(this.#session);
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

/** The tensors that held the state before, under the names of the outputs that may overwrite them now. */
function renamed(previous: ReadonlyMap<string, RuntimeTensor>, step: TrainingStep): Map<string, RuntimeTensor> {
  const nextOf = new Map(step.state.map(({ name, next }) => [name, next]));
  return new Map([...previous].map(([name, tensor]) => [nextOf.get(name) ?? name, tensor]));
}
