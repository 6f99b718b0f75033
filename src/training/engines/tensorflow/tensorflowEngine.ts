import { setImmediate as nextTurn } from 'node:timers/promises';
import { sequentialBatches } from '../../../data/batches.ts';
import type { Split } from '../../../data/samples/split.ts';
import { DistilleryError } from '../../../errors.ts';
import { termNames, type ObjectiveTerm } from '../../../objectives/objectiveTerm.ts';
import { elementCount, floatData, floatTensor, type FloatTensor } from '../../../onnx/tensor.ts';
import { teacherInput } from '../../trainingTask.ts';
import { DropoutFactors } from '../../step/dropout.ts';
import { completeOptimizer } from '../../optimizers/chooseOptimizer.ts';
import { describeState, type Slot } from '../../step/parameters.ts';
import { averageRateAt } from '../../step/weightAverage.ts';
import type { EngineOptions, EngineStep, Losses, TrainingEngine } from '../engine.ts';
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
  readonly mostSteps = 1;
  /** It trains on the CPU. */
  readonly operatorsOnCpu = [];
  readonly #tf: TensorFlow;
  readonly #options: EngineOptions;
  readonly #update: Update;
  readonly #trainingPass: ForwardPass;
  readonly #predictionPass: ForwardPass;
  readonly #trained: readonly Trained[];
  /** Weights and running statistics by name. */
  readonly #variables: ReadonlyMap<string, Variable>;
  /** Their averages by the same names; none unless averages are asked for. */
  readonly #averages: ReadonlyMap<string, Variable>;
  readonly #statistics: ReadonlySet<string>;
  readonly #dropout: DropoutFactors;
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
    this.#trainingPass = new ForwardPass(graph, batchSize, options, 'training');
    this.#predictionPass = new ForwardPass(graph, predictionBatch, options);
    this.#trained = state.trained.flatMap(({ slots, decays }) => slots.map(train(decays)));
    state.statistics.slots.forEach(declare);
    this.#statistics = new Set(state.statistics.slots.map(({ name }) => name));
    this.#variables = variables;
    this.#averages = new Map(
      options.averageDecay === undefined
        ? []
        : [...variables].map(([name, variable]) => [name, tf.variable(variable, false)] as const),
    );
    this.#dropout = new DropoutFactors(this.#trainingPass.dropouts, options.seed);
  }

  async run(steps: readonly EngineStep[]): Promise<void> {
    for (const step of steps) await this.#runOne(step);
  }

  async losses(): Promise<Losses[]> {
    const read = [...this.#losses].map(async ([name, loss]) => [name, (await loss.data())[0] ?? NaN] as const);
    return [Object.fromEntries(await Promise.all(read))];
  }

  async #runOne(step: EngineStep): Promise<void> {
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
    this.#moveAverages(step.step);
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
      const logits = this.#tf.tidy(() => this.#predictionPass.compute(this.#tf, samples, this.#forwardVariables));
      const values = await logits.data<'float32'>();
      logits.dispose();
      outputs.set(values.subarray(0, count * width), done * width);
      done += count;
    }
    return outputs;
  }

  async readWeights(): Promise<ReadonlyMap<string, FloatTensor>> {
    return readVariables(this.#forwardVariables);
  }

  async readState(): Promise<ReadonlyMap<string, FloatTensor>> {
    return readVariables(this.#stateVariables());
  }

  writeState(state: ReadonlyMap<string, FloatTensor>): void {
    const variables = this.#stateVariables();
    for (const [name, variable] of variables) {
      const tensor = state.get(name);
      if (!tensor || tensor.shape.join() !== variable.shape.join() || state.size !== variables.size) {
        throw new DistilleryError('BAD_INPUT', 'The training that was stored is of another network or optimizer.', {
          hint: 'Start the experiment anew.',
        });
      }
      this.#tf.tidy(() => {
        variable.assign(this.#tf.tensor(tensor.data.slice(), variable.shape, 'float32'));
      });
    }
  }

  dispose(): Promise<void> {
    this.#tf.dispose([...this.#stateVariables().values(), ...this.#losses.values()]);
    return Promise.resolve();
  }

  /** What predictions are made with. */
  get #forwardVariables(): ReadonlyMap<string, Variable> {
    return this.#averages.size > 0 ? this.#averages : this.#variables;
  }

  /** Everything that changes from step to step. */
  #stateVariables(): ReadonlyMap<string, Variable> {
    const nameOf = new Map([...this.#variables].map(([name, variable]) => [variable, name]));
    return new Map([
      ...this.#variables,
      ...this.#trained.flatMap(({ variable, slots }) =>
        slots.map((slot, index) => [`slot ${index}:${nameOf.get(variable) ?? ''}`, slot] as const),
      ),
      ...[...this.#averages].map(([name, average]) => [`average:${name}`, average] as const),
    ]);
  }

  #moveAverages(step: number): void {
    const { averageDecay } = this.#options;
    if (averageDecay === undefined) return;
    const remaining = 1 - averageRateAt(averageDecay, step);
    this.#tf.tidy(() => {
      for (const [name, average] of this.#averages) {
        const weight = this.#variables.get(name) ?? average;
        average.assign(this.#tf.add(this.#tf.mul(remaining, average), this.#tf.mul(1 - remaining, weight)));
      }
    });
  }

  /** TensorFlow's gradients of the total loss, by the variables' names; notes the losses. */
  #computeGradients({ batch, step }: EngineStep, moved: Map<string, Tensor>): Readonly<Record<string, Tensor>> {
    const tf = this.#tf;
    const { batchSize, outputShape, objective, clipNorm } = this.#options;
    const matrix = (name: string): Tensor | undefined => {
      const data = batch[name];
      return data && tf.tensor(data.slice(), [batchSize, ...outputShape], 'float32');
    };
    const labels = matrix('labels');
    const { samples } = batch;
    if (!samples || !labels) throw new DistilleryError('INTERNAL', 'A batch has samples and labels.');
    const teacher = matrix(teacherInput(0));
    tf.dispose([...this.#losses.values()]);
    this.#dropout.forgetBefore(step);
    const training = { factors: this.#dropout.at(step), moving: this.#statistics, moved };
    const { grads } = tf.variableGrads(
      () => {
        const student = this.#trainingPass.compute(tf, samples, this.#variables, training);
        this.#losses = computeLosses(tf, objective, { student, labels, ...(teacher && { teacher }) });
        for (const loss of this.#losses.values()) tf.keep(loss);
        return this.#losses.get('total') ?? tf.scalar(NaN);
      },
      this.#trained.map(({ variable }) => variable),
    );
    return clipNorm === undefined ? grads : clipped(tf, grads, clipNorm);
  }

  /** Moves a weight; one that the loss does not depend on has no gradient and counts as one of zeros. */
  #apply({ variable, slots, decays }: Trained, gradient: Tensor | undefined, { learningRate, step }: EngineStep): void {
    const tf = this.#tf;
    const { weightDecay } = completeOptimizer(this.#options.optimizer);
    const updated = this.#update.apply(tf, {
      weight: variable,
      decays,
      weightDecay: decays ? weightDecay : 0,
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

/** Gradients brought down to a norm of all together. */
function clipped(
  tf: TensorFlow,
  gradients: Readonly<Record<string, Tensor>>,
  clipNorm: number,
): Readonly<Record<string, Tensor>> {
  const squares = Object.values(gradients).map((gradient) => tf.sum(tf.square(gradient)));
  const norm = tf.sqrt(tf.addN(squares));
  const factor = tf.minimum(tf.div(clipNorm, tf.add(norm, 1e-6)), 1);
  return Object.fromEntries(Object.entries(gradients).map(([name, gradient]) => [name, tf.mul(gradient, factor)]));
}

async function readVariables(variables: ReadonlyMap<string, Variable>): Promise<Map<string, FloatTensor>> {
  const read = [...variables].map(async ([name, variable]) => {
    const values = await variable.data<'float32'>();
    return [name, floatTensor(values.slice(), variable.shape)] as const;
  });
  return new Map(await Promise.all(read));
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
