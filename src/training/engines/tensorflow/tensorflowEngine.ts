import { setImmediate as nextTurn } from 'node:timers/promises';
import { sequentialBatches } from '../../../data/batches.ts';
import type { Split } from '../../../data/dataset.ts';
import { DistilleryError } from '../../../errors.ts';
import { termNames, type ObjectiveTerm } from '../../../objectives/objectiveTerm.ts';
import { elementCount, floatData, floatTensor, type FloatTensor } from '../../../onnx/tensor.ts';
import { teacherInput } from '../../lesson.ts';
import { describeState, type Slot } from '../../parameters.ts';
import type { EngineOptions, EngineStep, TrainingEngine } from '../engine.ts';
import { ForwardPass } from './forwardPass.ts';
import { computeLoss, tensorflowTerm, type LossInputs } from './losses.ts';
import type { Scalar, Tensor, TensorFlow, Variable } from './tensorflow.ts';
import { chooseUpdate, type Update } from './updates.ts';

/** A weight that is trained, and what the optimizer remembers of it. */
interface Trained {
  readonly variable: Variable;
  readonly slots: readonly Variable[];
  readonly decays: boolean;
}

/**
 * The second engine: interprets the student's graph with TensorFlow's operators and takes TensorFlow's gradients. Losses
 * and updates are written anew, so that nothing of the first engine's arithmetic is shared.
 */
export class TensorflowEngine implements TrainingEngine {
  readonly #tf: TensorFlow;
  readonly #options: EngineOptions;
  readonly #update: Update;
  readonly #trainingPass: ForwardPass;
  readonly #predictionPass: ForwardPass;
  readonly #trained: readonly Trained[];
  /** Weights and running statistics by name. */
  readonly #variables: ReadonlyMap<string, Variable>;
  readonly #statistics: ReadonlySet<string>;
  #losses = new Map<string, Scalar>();

  /** @param tf TensorFlow.js with a backend that is ready */
  constructor(tf: TensorFlow, options: EngineOptions) {
    const { graph, batchSize, predictionBatch } = options;
    const state = describeState(graph, options.trainable);
    const update = chooseUpdate(options.optimizer);
    const variables = new Map<string, Variable>();
    const declare = ({ name, shape }: Slot): Variable => {
      const initial = graph.initializers.get(name);
      if (!initial) throw new DistilleryError('INTERNAL', `The network has no weight '${name}'.`);
      const variable = tf.tidy(() => tf.variable(tf.tensor(floatData(initial).slice(), [...shape], 'float32')));
      variables.set(name, variable);
      return variable;
    };
    const train =
      (decays: boolean) =>
      (slot: Slot): Trained => ({
        variable: declare(slot),
        slots: Array.from({ length: update.slotCount }, () =>
          tf.tidy(() => tf.variable(tf.zeros([...slot.shape]), false)),
        ),
        decays,
      });
    this.#tf = tf;
    this.#options = options;
    this.#update = update;
    this.#trainingPass = new ForwardPass(graph, batchSize, options);
    this.#predictionPass = new ForwardPass(graph, predictionBatch, options);
    this.#trained = [...state.decayed.slots.map(train(true)), ...state.undecayed.slots.map(train(false))];
    state.statistics.slots.forEach(declare);
    this.#statistics = new Set(state.statistics.slots.map(({ name }) => name));
    this.#variables = variables;
  }

  async run(step: EngineStep): Promise<void> {
    // TensorFlow.js computes at once: without a turn in between, nobody could stop the training.
    await nextTurn();
    const moved = new Map<string, Tensor>();
    this.#tf.tidy(() => {
      const gradients = this.#computeGradients(step, moved);
      for (const trained of this.#trained) this.#apply(trained, gradients[trained.variable.name], step);
    });
    for (const [name, tensor] of moved) {
      this.#variables.get(name)?.assign(tensor);
      tensor.dispose();
    }
  }

  async losses(): Promise<Record<string, number>> {
    const read = [...this.#losses].map(async ([name, loss]) => [name, (await loss.data())[0] ?? NaN] as const);
    return Object.fromEntries(await Promise.all(read));
  }

  async predict(split: Split, signal: AbortSignal): Promise<Float32Array> {
    const { predictionBatch, sampleShape, outputShape } = this.#options;
    const samples = new Float32Array(predictionBatch * elementCount(sampleShape));
    const width = elementCount(outputShape);
    const outputs = new Float32Array(split.count * width);
    let done = 0;
    for (const { indices, count } of sequentialBatches(split.count, predictionBatch)) {
      await nextTurn();
      if (signal.aborted) throw new DistilleryError('CANCELLED', 'Stopped.');
      await split.read(indices, samples);
      const logits = this.#tf.tidy(() => this.#predictionPass.compute(this.#tf, samples, this.#variables));
      const values = await logits.data<'float32'>();
      logits.dispose();
      outputs.set(values.subarray(0, count * width), done * width);
      done += count;
    }
    return outputs;
  }

  async readWeights(): Promise<ReadonlyMap<string, FloatTensor>> {
    const read = [...this.#variables].map(async ([name, variable]) => {
      const values = await variable.data<'float32'>();
      return [name, floatTensor(values.slice(), variable.shape)] as const;
    });
    return new Map(await Promise.all(read));
  }

  dispose(): Promise<void> {
    const slots = this.#trained.flatMap((trained) => trained.slots);
    this.#tf.dispose([...this.#variables.values(), ...slots, ...this.#losses.values()]);
    return Promise.resolve();
  }

  /** TensorFlow's gradients of the total loss, by the variables' names; notes the losses. */
  #computeGradients({ batch }: EngineStep, moved: Map<string, Tensor>): Readonly<Record<string, Tensor>> {
    const tf = this.#tf;
    const { batchSize, outputShape, objective } = this.#options;
    const matrix = (name: string): Tensor | undefined => {
      const data = batch[name];
      return data && tf.tensor(data.slice(), [batchSize, ...outputShape], 'float32');
    };
    const labels = matrix('labels');
    const { samples } = batch;
    if (!samples || !labels) throw new DistilleryError('INTERNAL', 'A batch has samples and labels.');
    const teacher = matrix(teacherInput(0));
    tf.dispose([...this.#losses.values()]);
    const training = { moving: this.#statistics, moved };
    const { grads } = tf.variableGrads(
      () => {
        const student = this.#trainingPass.compute(tf, samples, this.#variables, training);
        this.#losses = computeLosses(tf, objective, { student, labels, ...(teacher && { teacher }) });
        for (const loss of this.#losses.values()) tf.keep(loss);
        return this.#losses.get('total') ?? tf.scalar(NaN);
      },
      this.#trained.map(({ variable }) => variable),
    );
    return grads;
  }

  /** Moves a weight; one that the loss does not depend on has no gradient and counts as one of zeros. */
  #apply({ variable, slots, decays }: Trained, gradient: Tensor | undefined, { learningRate, step }: EngineStep): void {
    const tf = this.#tf;
    const { weightDecay } = this.#options;
    const updated = this.#update.apply(tf, {
      weight: decays && weightDecay > 0 ? tf.mul(variable, 1 - learningRate * weightDecay) : variable,
      gradient: gradient ?? tf.zerosLike(variable),
      slots,
      learningRate,
      step,
    });
    variable.assign(updated.weight);
    slots.forEach((slot, index) => {
      const next = updated.slots[index];
      if (next) slot.assign(next);
    });
  }
}

/** Every term and, as `total`, their weighted sum. A second term of one kind is numbered. */
function computeLosses(tf: TensorFlow, objective: readonly ObjectiveTerm[], inputs: LossInputs): Map<string, Scalar> {
  const names = termNames(objective);
  const terms = new Map<string, Scalar>();
  let total = tf.scalar(0);
  objective.forEach((described, index) => {
    const term = tensorflowTerm(described);
    if (!term) throw new DistilleryError('UNSUPPORTED', `TensorFlow does not have this form of '${described.loss}'.`);
    const value = computeLoss(tf, term, inputs);
    terms.set(names[index] ?? '', value);
    total = tf.add(total, tf.mul(value, term.weight));
  });
  return new Map([['total', total], ...terms]);
}
