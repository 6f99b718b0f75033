import { randomStream } from '../data/random.ts';
import { BadInputError, DistilleryError } from '../errors.ts';
import type { ModelProto } from '../onnx/onnx_pb.ts';
import { buildStudent } from '../students/buildStudent.ts';
import { cutNetwork } from '../students/extractor/cutNetwork.ts';
import { importNetwork } from '../students/importNetwork.ts';
import type { InitialNetwork } from '../students/initialNetwork.ts';
import type { NetworkForm } from '../students/networkForm.ts';
import { selectWeights } from '../students/selectWeights.ts';
import { initializeFromTeacher } from '../students/transformer/initializeFromTeacher.ts';
import type { ChannelImportance } from '../students/shrink/chooseChannels.ts';
import { shrinkNetwork } from '../students/shrink/shrinkNetwork.ts';
import { openDimensions } from '../training/engines/networkFile.ts';
import type { NetworkToTrain } from './networkToTrain.ts';

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
}

/**
 * Builds a network with its initial weights. The same description, ingredients and seed give the same network.
 * @throws DistilleryError when it does not suit the samples or cannot be made; BadInputError naming the fields at fault
 */
export function buildInitialNetwork(network: NetworkToTrain, ingredients: Ingredients): InitialNetwork {
  const { form, role, seed, model, teacher, importance } = ingredients;
  if ('architecture' in network) {
    const graph = buildStudent(network, form, randomStream(seed, 'initial weights'));
    if (network.architecture === 'transformer' && network.teacherLayers && teacher) {
      const layers = network.teacherLayers.length > 0 ? network.teacherLayers : undefined;
      initializeFromTeacher(graph, importNetwork(teacher).graph, layers);
    }
    return network.architecture === 'soft-tree' ? { graph, softTree: { penalty: network.penalty } } : { graph };
  }
  if ('shrink' in network) {
    if (!teacher) throw new DistilleryError('INTERNAL', 'There is no teacher to shrink.');
    const shrunk = shrinkNetwork(importNetwork(teacher), network.shrink, importance);
    return { graph: shrunk.graph, trainable: new Set(shrunk.weights) };
  }
  if (!model) throw new DistilleryError('INTERNAL', `The model that the ${role} starts from was not read.`);
  try {
    if ('extractor' in network) return buildOnExtractor(network, model, ingredients);
    const { graph, weights } = importNetwork(model, 'output' in network ? network.output : undefined);
    return { graph, trainable: selectWeights(graph, weights, network), source: model };
  } catch (error) {
    if (!(error instanceof BadInputError)) throw error;
    throw new BadInputError(error.problems.map((problem) => ({ ...problem, where: `${role}.${problem.where}` })));
  }
}

/** A new head, which is what is trained, and the frozen front whose features it takes. */
function buildOnExtractor(
  { cut, head }: Extract<NetworkToTrain, { readonly extractor: string }>,
  model: ModelProto,
  { form: { samples, output }, seed }: Ingredients,
): InitialNetwork {
  const sampleShape = samples.kind === 'values' ? samples.shape : [samples.length];
  const front = cutNetwork(model, cut, { bind: openDimensions(model, sampleShape) });
  const form = { samples: { kind: 'values', shape: front.featureShape }, output } as const;
  const graph = buildStudent({ architecture: 'mlp', ...head }, form, randomStream(seed, 'initial weights'));
  return { graph, front };
}
