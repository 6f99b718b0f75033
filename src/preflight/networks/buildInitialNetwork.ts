import { randomStream } from '../../data/random.ts';
import { BadInputError, DistilleryError } from '../../errors.ts';
import { tellBeforeTraining } from '../../onnx/exporterTraces.ts';
import { inferenceForm, TRAINING_FORM_NOTE } from '../../onnx/importing/inferenceForm.ts';
import { narrowDoubles } from '../../onnx/importing/singlePrecision.ts';
import type { ModelProto } from '../../onnx/onnx_pb.ts';
import { isEstimator } from '../../estimators/estimator.ts';
import { unfittedGraph } from '../../estimators/estimatorGraph.ts';
import { beginAtShares } from '../../students/beginAtShares.ts';
import { buildStudent, type Architecture } from '../../students/buildStudent.ts';
import { cutNetwork } from '../../students/extractor/cutNetwork.ts';
import { withChannelsFirst } from '../../students/imported/channelsFirst.ts';
import { dequantizeLayers } from '../../students/imported/dequantize.ts';
import { freeBatch } from '../../students/imported/freeBatch.ts';
import { importNetwork } from '../../students/importNetwork.ts';
import type { InitialNetwork } from '../../students/initialNetwork.ts';
import { DOUBLE_NOTE, openForTraining } from '../../students/imported/openForTraining.ts';
import { putOutputFirst } from '../../students/imported/putOutputFirst.ts';
import { vectorOutput } from '../../students/imported/vectorOutput.ts';
import type { NetworkForm } from '../../students/networkForm.ts';
import { selectWeights } from '../../students/selectWeights.ts';
import { initializeFromTeacher } from '../../students/transformer/initializeFromTeacher.ts';
import type { ChannelImportance } from '../../students/shrink/chooseChannels.ts';
import { shrinkNetwork } from '../../students/shrink/shrinkNetwork.ts';
import { wholeNumbersType, withOwnNumbers } from '../../onnx/ownNumbers.ts';
import { elementCount } from '../../onnx/tensor.ts';
import type { Graph } from '../../onnx/graph.ts';
import { describeParts, networkInputs } from '../../training/networkInputs.ts';
import { declaredShape, openDimensions } from '../../training/engines/networkFile.ts';
import { estimatorForm } from './estimatorForm.ts';
import { readTeacherToShrink } from './readTeacherToShrink.ts';
import type { NetworkToTrain } from '../../experiment/networkToTrain.ts';

/** What a network is made from, beside its description. */
export interface Ingredients {
  readonly form: NetworkForm;
  /** Which part of the experiment describes the network; problems are told at its fields. */
  readonly role: 'student' | 'teacher';
  /** Decides the initial weights of networks that are built. */
  readonly seed: number;
  /** The file that the network starts from. */
  readonly model?: ModelProto | undefined;
  /** The teacher, which a student may be a narrower form of. */
  readonly teacher?: ModelProto | undefined;
  /** How important the teacher's channels are; without it, as long as only shapes matter, the L1 norms of their filters decide. */
  readonly importance?: ChannelImportance | undefined;
  /** Of the classes among the samples that are learned from, where the weights matter. */
  readonly shares?: readonly number[] | undefined;
}

/**
 * Builds a network with its initial weights. The same description, ingredients and seed give the same network.
 * @throws DistilleryError when it does not suit the samples or cannot be made; BadInputError naming the fields at fault
 */
export function buildInitialNetwork(network: NetworkToTrain, ingredients: Ingredients): InitialNetwork {
  const { form, role, model, teacher, importance } = ingredients;
  if ('architecture' in network) {
    if (isEstimator(network))
      return { graph: unfittedGraph(network, estimatorForm(network.architecture, form)), estimator: network };
    const graph = buildAnew(network, ingredients, form);
    if (network.architecture === 'transformer' && network.teacherLayers && teacher) {
      const layers = network.teacherLayers.length > 0 ? network.teacherLayers : undefined;
      initializeFromTeacher(graph, importNetwork(teacher).graph, layers);
    }
    return network.architecture === 'soft-tree' ? { graph, softTree: { penalty: network.penalty } } : { graph };
  }
  if ('shrink' in network) {
    if (!teacher) throw new DistilleryError('INTERNAL', 'There is no teacher to shrink.');
    const wide = readTeacherToShrink(teacher, form);
    const shrunk = shrinkNetwork(wide, network.shares ?? network.shrink, importance);
    const notes = [...wide.notes, ...partsNote(shrunk.graph, form.samples, 'The student'), ...shrunk.notes];
    return { graph: shrunk.graph, trainable: new Set(shrunk.weights), notes };
  }
  if (!model) throw new DistilleryError('INTERNAL', `The model that the ${role} starts from was not read.`);
  try {
    if ('extractor' in network) return buildOnExtractor(network, model, ingredients);
    return startFromFile(network, model, form);
  } catch (error) {
    if (!(error instanceof BadInputError)) throw error;
    throw new BadInputError(error.problems.map((problem) => ({ ...problem, where: `${role}.${problem.where}` })));
  }
}

/** A stored network that is trained further; what is written is the same with other weights. */
function startFromFile(
  network: Extract<NetworkToTrain, { readonly model: string }>,
  model: ModelProto,
  { samples, output: form }: NetworkForm,
): InitialNetwork {
  const sampleShape = samples.kind === 'values' ? samples.shape : [samples.length];
  const { model: ordered, notes: chosen } = putOutputFirst(model, form, network.output);
  const { model: long, notes: flattened } = vectorOutput(ordered, form);
  const { model: opened, notes } = openForTraining(long, sampleShape, openDimensions(long, sampleShape, samples));
  const source = sayOwnNumbers(opened, samples);
  const {
    graph,
    weights,
    ending,
    wholeInput,
    isRounded = false,
    notes: assumed,
  } = importNetwork(source, { form, bind: openDimensions(source, sampleShape, samples) });
  const trainable = selectWeights(graph, weights, network);
  const kept = assumed.map((note) => `${note} Its file ends as before.`);
  const rounding = isRounded ? 'samples are rounded to them' : 'samples are not rounded while it is trained';
  const rounded = wholeInput
    ? [`The model takes numbers of type ${wholeInput.type}: ${rounding}, and its file takes the data's own numbers.`]
    : [];
  return {
    graph,
    trainable,
    source,
    ...(ending && { ending }),
    ...(wholeInput && { wholeInput }),
    notes: [
      ...chosen,
      ...flattened,
      ...notes,
      ...tellBeforeTraining(source, (weight) => trainable.has(weight)),
      ...partsNote(graph, samples, 'The model'),
      ...rounded,
      ...kept,
    ],
  };
}

/** What is told of how several inputs are filled; what nothing fills is refused with everything else that is checked. */
function partsNote({ inputs }: Graph, samples: NetworkForm['samples'], what: string): string[] {
  const { parts } = samples.kind === 'values' ? samples : {};
  if (!parts) return [];
  try {
    const told = describeParts(networkInputs(inputs, { kind: 'values', parts }), what);
    return told === undefined ? [] : [told];
  } catch (error) {
    if (error instanceof DistilleryError && error.code === 'UNSUPPORTED') return [];
    throw error;
  }
}

/** A model whose input takes whole numbers, saying which these are of the samples; any other as it is. */
function sayOwnNumbers(model: ModelProto, samples: NetworkForm['samples']): ModelProto {
  if (samples.kind !== 'values' || !samples.own || !wholeNumbersType(model, samples.shape)) return model;
  const { shape, own } = samples;
  const [input] = model.graph?.input ?? [];
  const isFlattened = input !== undefined && shape.length > 1 && declaredShape(model, input.name)?.length === 2;
  const each = isFlattened && own.scale.length > 1 ? elementCount(shape.slice(1)) : 1;
  const spread = (values: readonly number[]): number[] => values.flatMap((value) => Array<number>(each).fill(value));
  return withOwnNumbers(model, { scale: spread(own.scale), offset: spread(own.offset) });
}

/** A new head, which is what is trained, and the frozen front whose features it takes. */
function buildOnExtractor(
  { cut, head }: Extract<NetworkToTrain, { readonly extractor: string }>,
  model: ModelProto,
  ingredients: Ingredients,
): InitialNetwork {
  const { samples, output } = ingredients.form;
  const sampleShape = samples.kind === 'values' ? samples.shape : [samples.length];
  const bind = openDimensions(model, sampleShape, samples);
  const single = narrowDoubles(model);
  const { model: readable, replaced } = dequantizeLayers(single);
  const resting = inferenceForm(readable);
  const trained = [
    ...(single === model ? [] : [DOUBLE_NOTE]),
    ...(replaced > 0
      ? [`The extractor is quantised (${replaced} of its nodes): it is computed and written in float32.`]
      : []),
    ...(resting === readable ? [] : [TRAINING_FORM_NOTE]),
  ];
  const turned = sayOwnNumbers(freeBatch(withChannelsFirst(resting, sampleShape), { bind }), samples);
  const front = cutNetwork(turned, cut, { bind });
  const notes = [...trained, ...partsNote(front.graph, samples, 'The extractor')];
  const form = { samples: { kind: 'values', shape: front.featureShape }, output } as const;
  if (isEstimator(head))
    return { graph: unfittedGraph(head, estimatorForm(head.architecture, form)), front, estimator: head, notes };
  return { graph: buildAnew(head, ingredients, form), front, notes };
}

function buildAnew(architecture: Architecture, { seed, shares }: Ingredients, form: NetworkForm): Graph {
  const graph = buildStudent(architecture, form, randomStream(seed, 'initial weights'));
  const { output } = form;
  if (shares) beginAtShares(graph, shares, output.kind === 'logits' && output.severalLabels === true);
  return graph;
}
