import { Tensor, type InferenceSession } from '../../src/platform/onnxRuntime.ts';
import { dimensionsOf } from '../../src/onnx/graph.ts';
import { openGraph } from '../../src/training/engines/openGraph.ts';
import { closeSession } from '../../src/training/engines/session.ts';
import type { TrainingStep } from '../../src/training/step/trainingStep.ts';

/** Runs a training step on the CPU and lets every part of its state be looked at. */
export class StepSession {
  readonly #step: TrainingStep;
  readonly #session: InferenceSession;
  /** The state vectors by name. */
  state: ReadonlyMap<string, Float32Array>;

  private constructor(step: TrainingStep, session: InferenceSession) {
    this.#step = step;
    this.#session = session;
    this.state = new Map(step.state.map(({ name, initial }) => [name, initial.data]));
  }

  static async open(step: TrainingStep): Promise<StepSession> {
    return new StepSession(step, await openGraph(step.graph, { device: 'cpu' }, { recompute: step.recompute }));
  }

  /** Does one step and returns the total loss. */
  async run(batch: Readonly<Record<string, Float32Array>>, scalars: readonly number[]): Promise<number> {
    const { graph, state, losses } = this.#step;
    const contents = new Map([...Object.entries(batch), ...this.state]);
    this.#step.scalars.forEach((name, index) => contents.set(name, Float32Array.of(scalars[index] ?? NaN)));
    const feeds = graph.inputs.map((input) => [
      input.name,
      new Tensor('float32', contents.get(input.name) ?? new Float32Array(0), dimensionsOf(input)),
    ]);
    const results = await this.#session.run(Object.fromEntries(feeds) as Record<string, Tensor>);
    const read = (name: string): Float32Array => results[name]?.data as Float32Array;
    this.state = new Map(state.map(({ name, next }) => [name, read(next).slice()]));
    return read(losses.get('total') ?? '')[0] ?? NaN;
  }

  /** The scale of the loss. */
  get lossScale(): number {
    return this.state.get('lossScale')?.[0] ?? NaN;
  }

  async dispose(): Promise<void> {
    await closeSession(this.#session);
  }
}
