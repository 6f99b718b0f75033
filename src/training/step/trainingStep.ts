import { DistilleryError } from '../../errors.ts';
import { gradients } from '../../autodiff/gradients.ts';
import { buildObjective } from '../../objectives/buildObjective.ts';
import { bindInputs } from '../../onnx/importing/bindInputs.ts';
import { copyGraph } from '../../onnx/copy.ts';
import { Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import type { DropoutInput } from './dropout.ts';
import { buildAccumulation, UPDATE_SCALAR, type Accumulation } from './accumulation.ts';
import { buildGradientFactor } from './gradientFactor.ts';
import type { TrainingTask } from '../trainingTask.ts';
import { bindSamples, networkInputs } from '../networkInputs.ts';
import { objectiveInputs } from './objectiveInputs.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import { cutGroup, joinGroup, packGroup, type FlatGroup, type NetworkState } from './parameters.ts';
import { floatTensor, type FloatTensor } from '../../onnx/tensor.ts';
import { castTo } from '../precision/castTo.ts';
import { HalfForward } from '../precision/halfForward.ts';
import { LossScale, type LossScaleOptions } from '../precision/lossScale.ts';
import type { RecomputeOptions } from '../recompute/recomputeActivations.ts';
import { TrainedForm } from './trainedForm.ts';
import { buildWeightAverage } from './weightAverage.ts';

/** What one step is built from. */
export interface TrainingStepOptions extends TrainingTask {
  /** Forward graph with a symbolic batch; its first output is what is trained. */
  readonly student: Graph;
  readonly state: NetworkState;
  readonly optimizer: Optimizer;
  /** Norm that all gradients together are brought down to; by default they are left alone. */
  readonly clipNorm?: number | undefined;
  /** Whether an exponential average of the weights is kept, which is what a forward pass then takes. */
  readonly averages?: boolean | undefined;
  readonly batchSize: number;
  /** Steps whose gradients are averaged for one update; 1 by default, and always in half precision. */
  readonly accumulate?: number | undefined;
  /**
   * Computes the network and its gradients in float16, with weights, losses and updates in float32, under this scale of the
   * loss; by default everything is float32.
   */
  readonly halfPrecision?: LossScaleOptions | undefined;
  /** Whether products of matrices, in the network and its gradients, round their factors to bfloat16; by default everything is float32. */
  readonly multipliesInBfloat16?: boolean | undefined;
  /** Segments of the forward pass whose activations are computed again for the backward pass; by default all are kept. */
  readonly recomputeSegments?: number | undefined;
  /** Whether normalisations are computed together with the convolutions before them, which is faster on the CPU; not in half precision. */
  readonly joinsNormalizations?: boolean | undefined;
}

/** A state vector: fed as `name`, its successor fetched as `next`. */
export interface StateVector {
  readonly name: string;
  readonly next: string;
  readonly initial: FloatTensor;
}

/** The graph of one optimisation step and how to feed it. */
export interface TrainingStep {
  readonly graph: Graph;
  readonly batchSize: number;
  readonly state: readonly StateVector[];
  /** The state vectors that a forward pass takes for weights and statistics, by the names of its inputs. */
  readonly forwardState: ReadonlyMap<string, string>;
  /** Scalars [1] fed at every step: the optimizer's, then `average.rate` when weights are averaged, then `UPDATE_SCALAR` when gradients are. */
  readonly scalars: readonly string[];
  /** Factors fed at every step. */
  readonly dropouts: readonly DropoutInput[];
  /** Scalar outputs: `loss.total` and one per term. */
  readonly losses: ReadonlyMap<string, string>;
  /** How activations are forgotten and computed again; undefined when all are kept. */
  readonly recompute: RecomputeOptions | undefined;
  /** Whether it is to be executed with products in bfloat16. */
  readonly multipliesInBfloat16: boolean;
}

/**
 * Builds one ONNX graph that does a whole optimisation step: student forward, losses, gradients, optimizer update.
 * Weights and optimizer state are inputs and outputs, so that they can stay on the device between steps.
 */
export function buildTrainingStep(options: TrainingStepOptions): TrainingStep {
  const { state, batchSize, optimizer, halfPrecision } = options;
  const graph = new Graph();
  const samples = graph.input('samples', 'float32', [batchSize, ...options.sampleShape]);

  const groups = [...state.trained, state.statistics].filter((group) => group.length > 0);
  const vectors = new Map(groups.map((group) => [group.name, graph.input(group.name, 'float32', [group.length])]));
  const bindings = bindSamples(graph, networkInputs(options.student.inputs, options.samples), samples, options.samples);
  const student = bindInputs(options.student, bindings);
  const half = halfPrecision && new HalfForward(graph, [...bindings.values()]);
  for (const group of groups) {
    for (const [name, value] of cutGroup(graph, group, valueOf(vectors, group.name))) bindings.set(name, value);
  }

  const prefix = 'student.';
  const form = new TrainedForm(graph, student, state.statistics, options.joinsNormalizations === true && !half);
  const copies = copyGraph(graph, student, {
    bindings,
    prefix,
    rewrite: half ? half.rewrite(form.rewrite, prefix) : form.rewrite,
  });
  const logits = castTo(graph, valueOf(copies, firstOf(student.outputs, 'output').name), 'float32');
  const inputs = objectiveInputs(graph, options, { samples, logits, studentValues: copies });
  const objective = buildObjective(graph, options.objective, inputs);

  const weights = state.trained.flatMap((group) => group.slots.map((slot) => valueOf(bindings, slot.name)));
  const lossScale = halfPrecision && new LossScale(graph, halfPrecision);
  const differentiated = lossScale ? lossScale.scaled(objective.total) : objective.total;
  const weightGradients = gradients(graph, differentiated, weights, form.composites);
  const scalars = optimizer.scalars.map((name) => graph.input(name, 'float32', [1]));
  const averageRate = options.averages ? graph.input('average.rate', 'float32', [1]) : undefined;
  const { accumulate = 1 } = options;
  const accumulation = accumulate > 1 ? buildAccumulation(graph, accumulate) : undefined;
  const sums = accumulation && accumulateGroups(graph, accumulation, state.trained, weightGradients);
  const averaged = sums?.map(({ mean }) => mean);
  const { factor, isGood } = buildGradientFactor(graph, averaged ?? weightGradients, {
    clipNorm: options.clipNorm,
    lossScale,
  });
  const isTaken = isGood ?? accumulation?.isUpdate;

  const next: StateVector[] = (sums ?? []).map(({ name, next: value, length }) => ({
    name,
    next: graph.output(value, `${name}.next`).name,
    initial: floatTensor(new Float32Array(length)),
  }));
  /** Declares what the state vector of a name becomes where a condition, if there is one, holds; it stays as it is elsewhere. */
  const declare = (name: string, value: Value, initial: FloatTensor, condition: Value | undefined): void => {
    const kept = condition ? graph.op('Where', [condition, value, graph.value(name)]) : value;
    next.push({ name, next: graph.output(kept, `${name}.next`).name, initial });
  };
  const forwardState = new Map<string, string>();
  /** Declares what a group's vector becomes in this step, and its average. */
  const declareGroup = (group: FlatGroup, value: Value, condition: Value | undefined): void => {
    const initial = packGroup(group, options.student.initializers);
    declare(group.name, value, initial, condition);
    forwardState.set(group.name, group.name);
    if (!averageRate) return;
    const name = `average:${group.name}`;
    const average = graph.input(name, 'float32', [group.length]);
    declare(name, buildWeightAverage(graph, average, value, averageRate), initial, isTaken);
    forwardState.set(group.name, name);
  };
  let taken = 0;
  for (const [index, group] of state.trained.entries()) {
    const joined = averaged?.[index] ?? joinGroup(graph, weightGradients.slice(taken, taken + group.slots.length));
    taken += group.slots.length;
    const slotNames = optimizer.slots.map((slot) => `${slot}:${group.name}`);
    const slotShape = optimizer.slotShape?.(group.length) ?? [group.length];
    const updated = optimizer.build(graph, {
      parameters: valueOf(vectors, group.name),
      gradient: factor ? graph.op('Mul', [joined, factor]) : joined,
      shapes: group.slots.map(({ shape }) => shape),
      slots: slotNames.map((name) => graph.input(name, 'float32', slotShape)),
      scalars,
      decays: group.decays,
    });
    declareGroup(group, updated.parameters, isTaken);
    updated.slots.forEach((value, index) => {
      declare(slotNames[index] ?? '', value, floatTensor(new Float32Array(group.length), slotShape), isTaken);
    });
  }
  const { statistics } = state;
  if (statistics.length > 0) {
    const moved = statistics.slots.map((slot) => valueOf(form.successors, slot.name));
    // Statistics move with every batch, whether or not weights do.
    declareGroup(statistics, joinGroup(graph, moved), isGood);
  }
  // So does what the objective keeps.
  for (const kept of objective.states) declare(kept.name, kept.next, kept.initial, isGood);

  for (const { name, next: value, initial } of (isGood && lossScale?.states(isGood)) ?? []) {
    next.push({ name, next: graph.output(value, `${name}.next`).name, initial });
  }

  const losses = new Map<string, string>();
  for (const [name, value] of [['total', objective.total] as const, ...objective.terms]) {
    losses.set(name, graph.output(value, `loss.${name}`).name);
  }
  return {
    graph,
    batchSize,
    state: next,
    forwardState,
    scalars: [...optimizer.scalars, ...(averageRate ? ['average.rate'] : []), ...(accumulation ? [UPDATE_SCALAR] : [])],
    dropouts: form.dropouts,
    losses,
    multipliesInBfloat16: options.multipliesInBfloat16 === true,
    recompute:
      options.recomputeSegments === undefined
        ? undefined
        : {
            samples: samples.name,
            loss: losses.get('total') ?? '',
            weightGradients: weightGradients.map(({ name }) => name),
            segments: options.recomputeSegments,
          },
  };
}

/** The mean gradients of every group so far, and the state that they are kept in. */
function accumulateGroups(
  graph: Graph,
  accumulation: Accumulation,
  groups: readonly FlatGroup[],
  weightGradients: readonly Value[],
): readonly { readonly name: string; readonly length: number; readonly mean: Value; readonly next: Value }[] {
  let taken = 0;
  return groups.map((group) => {
    const joined = joinGroup(graph, weightGradients.slice(taken, taken + group.slots.length));
    taken += group.slots.length;
    const name = `accumulated:${group.name}`;
    const sofar = graph.input(name, 'float32', [group.length]);
    return { name, length: group.length, ...accumulation.add(sofar, joined) };
  });
}

/**
 * Builds the forward pass with the weights as inputs, so that the weights of a running training can be evaluated
 * without making a model of them.
 */
export function buildForwardPass(
  student: Graph,
  state: NetworkState,
  batchSize: number,
  { samples, sampleShape }: Pick<TrainingStepOptions, 'samples' | 'sampleShape'>,
): Graph {
  const graph = new Graph();
  const fed = graph.input('samples', 'float32', [batchSize, ...sampleShape]);
  const bindings = bindSamples(graph, networkInputs(student.inputs, samples), fed, samples);
  for (const group of [...state.trained, state.statistics]) {
    if (group.length === 0) continue;
    const vector = graph.input(group.name, 'float32', [group.length]);
    for (const [name, value] of cutGroup(graph, group, vector)) bindings.set(name, value);
  }
  const copies = copyGraph(graph, bindInputs(student, bindings), { bindings, prefix: 'student.' });
  graph.output(valueOf(copies, firstOf(student.outputs, 'output').name), 'logits');
  return graph;
}

function firstOf(values: readonly Value[], what: string): Value {
  const [value] = values;
  if (!value) throw new DistilleryError('BAD_FILE', `The student has no ${what}.`);
  return value;
}

function valueOf(values: ReadonlyMap<string, Value>, name: string): Value {
  const value = values.get(name);
  if (!value) throw new DistilleryError('INTERNAL', `No value stands for '${name}'.`);
  return value;
}
