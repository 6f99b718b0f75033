import { DistilleryError } from '../../../errors.ts';
import type { QuantizationOptions } from '../../../experiment/schema/quantization.ts';
import type { SettledExperiment } from '../../../experiment/schema.ts';
import { usualObjective } from '../../../objectives/chooseObjective.ts';
import { featurePairsOf, needsTeacher, type ObjectiveTerm } from '../../../objectives/objectiveTerm.ts';
import { loadModel, saveModel } from '../../../onnx/file.ts';
import type { ModelProto } from '../../../onnx/onnx_pb.ts';
import { replaceInitializers } from '../../../onnx/replaceInitializers.ts';
import type { FloatTensor } from '../../../onnx/tensor.ts';
import { networkFormOf } from '../../../preflight/networks/networkFormOf.ts';
import type { DeviceName, RunEvent } from '../../../protocol/events.ts';
import { formatPercent } from '../../../report/format.ts';
import { withFakeQuantization } from '../../../quantization/awareGraph.ts';
import { quantizeStatically, type Range } from '../../../quantization/staticInt8.ts';
import { importNetwork } from '../../../students/importNetwork.ts';
import { withEnding, type InitialNetwork } from '../../../students/initialNetwork.ts';
import { openDimensions } from '../../../training/engines/networkFile.ts';
import { verifyRounded } from '../../../training/engines/verifyRounded.ts';
import type { TrainingOptions } from '../../../training/trainNetworkOptions.ts';
import type { Run } from '../../run.ts';
import { studentAlteration, studentTrainingTask } from '../studentStage.ts';
import type { Taught } from '../teacherStage.ts';
import { commonStage, trainStage } from '../trainStage.ts';
import type { ChosenWeightBits } from './weightBits.ts';

/** The student that is trained on as it computes in int8. */
export interface AwareOptions {
  readonly device: DeviceName;
  readonly taught: Taught | undefined;
  /** The trained student's model, with batch normalisations folded. */
  readonly folded: ModelProto;
  /** Of its values, to begin with. */
  readonly ranges: ReadonlyMap<string, Range>;
  readonly chosen: ChosenWeightBits;
  readonly options: QuantizationOptions;
}

/**
 * Trains the student on with its weights and activations rounded as in int8, taught as before, and writes it in int8: what the file
 * computes is what was trained.
 *
 * @returns the model that was written
 * @throws DistilleryError `CANCELLED` when the run is stopped
 */
export async function awareStage(run: Run, aware: AwareOptions): Promise<ModelProto> {
  const { experiment, prepared, folder, onEvent } = run;
  const { dataset } = prepared;
  const { device, taught, folded, chosen } = aware;
  const { initial, rangesOf } = awareNetwork(run, aware);
  const options = awareTraining(experiment.training, aware.options);
  const objective = keptObjective(prepared.objective, dataset.task.kind, taught !== undefined);
  const dropped = prepared.objective.length - objective.length;
  onEvent({
    kind: 'phase',
    phase: 'evaluation',
    message:
      `Trains the student as it computes in int8 (${options.epochs} epochs from a learning rate of ${options.learningRate})` +
      (dropped > 0 ? '; terms that compare values inside the networks are left out' : ''),
  });
  const file = folder.file('aware-int8');
  const write = async (weights: ReadonlyMap<string, FloatTensor>): Promise<number | undefined> => {
    const stored = new Map([...weights].filter(([name]) => !initial.rangeWeights.has(name)));
    const trained = replaceInitializers(folded, stored);
    await saveModel(file, quantizeStatically(trained, rangesOf(weights), chosen.bits));
    // Where products overflow, the file does not compute what it says, which the run has been told.
    return chosen.overflows ? undefined : verifyRounded(file, withEnding(initial, weights), dataset, run.signal);
  };
  const finished = await trainStage({
    ...(await commonStage(run, device, dataset, taught?.teachers)),
    network: 'student',
    initial,
    dataset,
    trainingTask: studentTrainingTask({ ...run, prepared: { ...prepared, objective } }, dataset, taught),
    teaching: taught?.teaching,
    teacherValidation: taught?.validation,
    options,
    batchAugmentation: studentAlteration(run, taught, objective.some(needsTeacher)),
    file,
    write,
    onEvent: (event) => {
      const told = progressOf(event);
      if (told) onEvent(told);
    },
  });
  if (finished.endedBy === 'stopped') throw new DistilleryError('CANCELLED', 'Stopped.');
  const { accuracy, loss } = finished.quality;
  const result = accuracy === null ? `loss ${loss.toPrecision(4)}` : `accuracy ${formatPercent(accuracy, 2)}`;
  const difference = finished.exportDifference;
  onEvent({
    kind: 'phase',
    phase: 'evaluation',
    message:
      `Aware int8: best in epoch ${finished.bestEpoch} of ${options.epochs}, validation ${result}` +
      (difference === undefined ? '' : `; the file is within ${difference.toExponential(1)} of what was trained`),
  });
  return (await loadModel(file)).proto;
}

/** The student as it is trained: with everything rounded that its file rounds. */
function awareNetwork(
  { prepared }: Run,
  { folded, ranges, chosen }: AwareOptions,
): {
  readonly initial: InitialNetwork & { readonly rangeWeights: ReadonlySet<string> };
  readonly rangesOf: (weights: ReadonlyMap<string, FloatTensor>) => ReadonlyMap<string, Range>;
} {
  const { dataset, outputShape } = prepared;
  const imported = importNetwork(folded, {
    form: networkFormOf(dataset, outputShape).output,
    bind: openDimensions(folded, dataset.sampleShape, dataset.samples),
  });
  const { graph, rangeWeights, rangesOf } = withFakeQuantization(folded, imported.graph, ranges, chosen.bits);
  // Normalisations that could not be folded keep their statistics, and so their scales and biases.
  const normalizing = new Set(
    graph.nodes.flatMap(({ operator, inputs }) =>
      operator === 'BatchNormalization' ? inputs.slice(1, 3).map((input) => input?.name) : [],
    ),
  );
  const trainable = new Set([...imported.weights.filter((name) => !normalizing.has(name)), ...rangeWeights]);
  const { ending, wholeInput } = imported;
  const around = { ...(ending && { ending }), ...(wholeInput && { wholeInput }) };
  return { initial: { graph, trainable, ...around, rangeWeights: new Set(rangeWeights) }, rangesOf };
}

/** Steps of a training whose length is decided by patience, as far as a share is taken of them. */
const MOST_STEPS_OF_AUTOMATIC = 5000;

/** How long and how fast it is trained: a share of the training, along a cosine, in float32. */
function awareTraining(
  training: SettledExperiment['training'],
  { awareShare, awareRate }: QuantizationOptions,
): TrainingOptions {
  const { epochs, learningRate, maxMinutes } = training;
  // Where patience would have ended the training, its epochs are only the most that it may take.
  const maxSteps = training.maxSteps ?? (training.automatic && MOST_STEPS_OF_AUTOMATIC);
  return {
    ...training,
    epochs: Math.max(1, Math.round(epochs * awareShare)),
    learningRate: learningRate * awareRate,
    ...(maxSteps !== undefined && { maxSteps: Math.max(1, Math.round(maxSteps * awareShare)) }),
    ...(maxMinutes !== undefined && { maxMinutes: maxMinutes * awareShare }),
    schedule: 'cosine',
    warmup: 0,
    finalFraction: 0,
    targetAccuracy: undefined,
    patience: undefined,
    precision: 'float32',
    automatic: undefined,
  };
}

/** The terms that need nothing but outputs and labels: folded, the student has other values inside. */
function keptObjective(
  objective: readonly ObjectiveTerm[],
  task: Parameters<typeof usualObjective>[0],
  hasTeacher: boolean,
): readonly ObjectiveTerm[] {
  const kept = objective.filter((term) => featurePairsOf(term).length === 0);
  return kept.length > 0 ? kept : usualObjective(task, hasTeacher);
}

/** What is told of the training: how far it is, and what went wrong. */
function progressOf(event: RunEvent): RunEvent | undefined {
  if (event.kind === 'warning') return event;
  if (event.kind !== 'step') return undefined;
  return { kind: 'progress', phase: 'evaluation', done: event.step, total: event.steps };
}
