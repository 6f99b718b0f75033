import type { InferenceSession, Tensor as RuntimeTensor } from 'onnxruntime-node';
import { DistilleryError } from '../../errors.ts';
import { dimensionsOf } from '../../onnx/graph.ts';
import { elementCount, type Dimensions, type FloatTensor } from '../../onnx/tensor.ts';
import { releaseArrays } from '../../platform/releaseArrays.ts';
import type { DeviceName } from '../../protocol/events.ts';
import type { TrainingStep } from '../step/trainingStep.ts';
import type { Losses } from './engine.ts';
import { DeviceReader } from './devices/deviceReader.ts';
import { PlacementProfile } from './devices/placementProfile.ts';
import { openGraph } from './openGraph.ts';
import { repeatedName } from './repeatSteps.ts';
import { MOST_STEPS, mostStepsPerRun } from './stepsPerRun.ts';
import { closeSession, runtimeTensor } from './session.ts';
import type { SessionShelf } from './sessionShelf.ts';

/** What changes from step to step. */
export interface StepInput {
  /** By input name: `samples`, `labels` and, for each teacher, `teacher.0` …. */
  readonly batch: Readonly<Record<string, Float32Array>>;
  /** One number per scalar of the training step, in its order. */
  readonly scalars: readonly number[];
}

/** What reads tensors that stay on a device, through sessions of its own. */
interface DeviceReaders {
  readonly state: DeviceReader;
  readonly losses: DeviceReader;
}

/** What belongs to a step beside its session. */
interface StepParts {
  readonly readers?: DeviceReaders;
  /** Of its first run, on a device. */
  readonly placement?: PlacementProfile;
  readonly mostSteps: number;
  readonly close: () => Promise<void>;
}

/**
 * A training step in ONNX Runtime. The outputs of a run are fed to the next; on a GPU the state never leaves the device
 * until it is asked for. On the CPU ONNX Runtime for Node.js (1.30) copies every output into a new array, also when it is given
 * one to write into; so one run can do several steps there, and the state is copied once for all of them.
 */
export class OnnxRuntimeStep {
  /** Steps that a run can do. */
  readonly mostSteps: number;
  readonly #session: InferenceSession;
  readonly #scalars: readonly string[];
  /** Outputs by the names of their terms. */
  readonly #lossOutputs: ReadonlyMap<string, string>;
  readonly #forwardState: ReadonlyMap<string, string>;
  /** Without what they begin with, which is not needed once it was fed. */
  readonly #vectors: readonly { readonly name: string; readonly next: string; readonly shape: Dimensions }[];
  readonly #readers: DeviceReaders | undefined;
  readonly #close: () => Promise<void>;
  /** Until the first run. */
  #placement: PlacementProfile | undefined;
  #onCpu: readonly string[] = [];
  readonly #shapes: ReadonlyMap<string, readonly number[]>;
  /** What several steps are fed, by the input's name: [steps, …]. */
  readonly #stacks = new Map<string, Float32Array>();
  /** Current state by input name. */
  #state: Map<string, RuntimeTensor>;
  /** Whether nobody else reads the state: what it begins with may be the network's own weights. */
  #ownsState = false;
  /** Losses of the last run by output name; [steps] on the CPU. */
  #losses = new Map<string, RuntimeTensor>();

  private constructor(
    session: InferenceSession,
    step: TrainingStep,
    { readers, placement, mostSteps, close }: StepParts,
  ) {
    this.mostSteps = mostSteps;
    this.#session = session;
    this.#close = close;
    this.#placement = placement;
    this.#scalars = step.scalars;
    this.#lossOutputs = step.losses;
    this.#forwardState = step.forwardState;
    this.#vectors = step.state.map(({ name, next, initial }) => ({ name, next, shape: initial.shape }));
    this.#readers = readers;
    this.#shapes = new Map(step.graph.inputs.map((input) => [input.name, dimensionsOf(input)]));
    this.#state = new Map(step.state.map(({ name, initial }) => [name, runtimeTensor(initial.data, initial.shape)]));
  }

  /** Compiles the step for a device, or takes it from the shelf. What its state begins with is the new step's from then on. The caller disposes of it. */
  static async create(step: TrainingStep, device: DeviceName, shelf?: SessionShelf): Promise<OnnxRuntimeStep> {
    const { recompute, state: carried, multipliesInBfloat16 } = step;
    const loss = step.losses.get('total');
    if (device === 'cpu') {
      const mostSteps = mostStepsPerRun(step);
      const form = { recompute, carried: mostSteps > 1 ? carried : undefined, loss };
      const session = await openGraph(step.graph, { device, multipliesInBfloat16 }, form, shelf);
      return new OnnxRuntimeStep(session, step, {
        mostSteps,
        close: () => (shelf ? shelf.giveBack(session) : closeSession(session)),
      });
    }
    const losses = [...step.losses.values()];
    const placement = new PlacementProfile();
    const isKept = device === 'webgpu';
    const keepOnDevice = isKept ? [...step.state.map(({ next }) => next), ...losses] : [];
    const options = { device, keepOnDevice, profilePrefix: placement.prefix };
    const form = isKept ? { recompute } : { recompute, carried, loss };
    const session = await openGraph(step.graph, options, form).catch((error: unknown) => {
      placement.dispose();
      throw error;
    });
    const close = (): Promise<void> => closeSession(session);
    if (!isKept) return new OnnxRuntimeStep(session, step, { placement, mostSteps: MOST_STEPS, close });
    const state = step.state.map(({ name, initial }) => ({ name, shape: initial.shape }));
    const stateReader = await DeviceReader.create(state, device);
    const lossReader = await DeviceReader.create(
      losses.map((name) => ({ name, shape: [] })),
      device,
    );
    return new OnnxRuntimeStep(session, step, {
      readers: { state: stateReader, losses: lossReader },
      placement,
      mostSteps: 1,
      close,
    });
  }

  /** Whether the graph is one of repeated steps. */
  get #repeats(): boolean {
    return this.mostSteps > 1;
  }

  /** Operators of the step that the CPU computes though it runs on a device, each once; known after the first run. */
  get operatorsOnCpu(): readonly string[] {
    return this.#onCpu;
  }

  /** Does optimisation steps one after another; one only, unless it repeats them. */
  async run(inputs: readonly StepInput[]): Promise<void> {
    const named = (name: string): string => (this.#repeats ? repeatedName(name) : name);
    const feeds: Record<string, RuntimeTensor> = {};
    for (const [name, tensor] of this.#state) feeds[named(name)] = tensor;
    for (const name of Object.keys(inputs[0]?.batch ?? {})) {
      feeds[named(name)] = this.#feed(
        name,
        inputs.map(({ batch }) => batch[name] ?? new Float32Array(0)),
      );
    }
    this.#scalars.forEach((name, index) => {
      feeds[named(name)] = this.#feed(
        name,
        inputs.map(({ scalars }) => Float32Array.of(scalars[index] ?? NaN)),
      );
    });
    const results = await this.#session.run(feeds);
    this.#onCpu = this.#placement?.read(this.#session) ?? this.#onCpu;
    this.#placement = undefined;

    const [previous, losses] = [this.#state, this.#losses];
    this.#state = new Map(this.#vectors.map(({ name, next }) => [name, tensorOf(results, named(next))]));
    this.#losses = new Map([...this.#lossOutputs.values()].map((name) => [name, tensorOf(results, named(name))]));
    if (this.#readers) {
      for (const tensor of [...previous.values(), ...losses.values()]) tensor.dispose();
    } else if (this.#ownsState) {
      await releaseArrays([...previous.values()].map(({ data }) => data as Float32Array));
    }
    this.#ownsState = true;
  }

  /** The losses of each step of the last run: `total` and every term. On a GPU this waits for the run. */
  async losses(): Promise<Losses[]> {
    const read = this.#readers ? await this.#readers.losses.read(this.#losses) : dataOf(this.#losses);
    const [total] = read.values();
    return Array.from({ length: total?.length ?? 0 }, (_, step) =>
      Object.fromEntries([...this.#lossOutputs].map(([name, output]) => [name, read.get(output)?.[step] ?? NaN])),
    );
  }

  /** Weights and statistics by the name of the forward pass's input. */
  async readForwardState(): Promise<Map<string, Float32Array>> {
    const vectors = await this.readState();
    return new Map([...this.#forwardState].map(([input, name]) => [input, vectors.get(name) ?? new Float32Array(0)]));
  }

  /**
   * Replaces the state vectors, before the first step.
   * @throws DistilleryError `BAD_INPUT` when they are not those of this training step
   */
  writeState(state: ReadonlyMap<string, FloatTensor>): void {
    const written = this.#vectors.map(({ name, shape }) => {
      const tensor = state.get(name);
      if (!tensor || tensor.data.length !== elementCount(shape) || state.size !== this.#vectors.length) {
        throw new DistilleryError('BAD_INPUT', 'The training that was stored is of another network or optimizer.', {
          hint: 'Start the experiment anew.',
        });
      }
      return [name, runtimeTensor(tensor.data.slice(), shape)] as const;
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
      [...this.#forwardState].flatMap(([input, name]) => {
        const tensor = this.#state.get(name);
        return tensor ? [[input, tensor] as const] : [];
      }),
    );
  }

  async dispose(): Promise<void> {
    for (const tensor of [...this.#state.values(), ...this.#losses.values()]) tensor.dispose();
    this.#placement?.dispose();
    await this.#close();
    await this.#readers?.state.dispose();
    await this.#readers?.losses.dispose();
  }

  /** What one step, or each of several, is fed for an input. */
  #feed(name: string, parts: readonly Float32Array[]): RuntimeTensor {
    const shape = this.#shapes.get(name);
    const length = shape && elementCount(shape);
    const other = parts.find((part) => part.length !== length);
    if (!shape || length === undefined || other) {
      throw new DistilleryError('INTERNAL', `The training step takes no '${name}' of ${other?.length ?? 0} elements.`);
    }
    const [only] = parts;
    if (only && parts.length === 1) return runtimeTensor(only, this.#repeats ? [1, ...shape] : shape);
    const stack = this.#stackOf(name, parts.length * length);
    parts.forEach((part, index) => {
      stack.set(part, index * length);
    });
    return runtimeTensor(stack, [parts.length, ...shape]);
  }

  #stackOf(name: string, length: number): Float32Array {
    const existing = this.#stacks.get(name);
    if (existing && existing.length >= length) return existing.subarray(0, length);
    if (existing) void releaseArrays([existing]);
    const stack = new Float32Array(length);
    this.#stacks.set(name, stack);
    return stack;
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
