import { randomStream } from '../data/random.ts';
import { BadInputError, DistilleryError } from '../errors.ts';
import type { ModelProto } from '../onnx/onnx_pb.ts';
import { buildStudent } from '../students/buildStudent.ts';
import { importNetwork } from '../students/importNetwork.ts';
import type { InitialNetwork } from '../students/initialNetwork.ts';
import type { NetworkForm } from '../students/networkForm.ts';
import { selectWeights } from '../students/selectWeights.ts';
import { initializeFromTeacher } from '../students/transformer/initializeFromTeacher.ts';
import { shrinkNetwork } from '../students/shrink/shrinkNetwork.ts';
import type { Student } from './schema.ts';

/** What a network is made from, beside its description. */
export interface Ingredients {
  readonly form: NetworkForm;
  /** Decides the initial weights of networks that are built. */
  readonly seed: number;
  /** The file that a student starts from. */
  readonly model?: ModelProto | undefined;
  /** The teacher, which a student may be a narrower form of. */
  readonly teacher?: ModelProto | undefined;
}

/**
 * Builds a network with its initial weights. The same description, ingredients and seed give the same network.
 * @throws DistilleryError when it does not suit the samples or cannot be made; BadInputError naming the fields at fault
 */
export function buildInitialNetwork(student: Student, { form, seed, model, teacher }: Ingredients): InitialNetwork {
  if ('architecture' in student) {
    const graph = buildStudent(student, form, randomStream(seed, 'initial weights'));
    if (student.architecture === 'transformer' && student.teacherLayers && teacher) {
      const layers = student.teacherLayers.length > 0 ? student.teacherLayers : undefined;
      initializeFromTeacher(graph, importNetwork(teacher).graph, layers);
    }
    return student.architecture === 'soft-tree' ? { graph, softTree: { penalty: student.penalty } } : { graph };
  }
  if ('shrink' in student) {
    if (!teacher) throw new DistilleryError('INTERNAL', 'There is no teacher to shrink.');
    const shrunk = shrinkNetwork(importNetwork(teacher), student.shrink);
    return { graph: shrunk.graph, trainable: new Set(shrunk.weights) };
  }
  if (!model) throw new DistilleryError('INTERNAL', `The model '${student.model}' was not read.`);
  const { graph, weights } = importNetwork(model);
  try {
    return { graph, trainable: selectWeights(graph, weights, student), source: model };
  } catch (error) {
    if (!(error instanceof BadInputError)) throw error;
    throw new BadInputError(error.problems.map((problem) => ({ ...problem, where: `student.${problem.where}` })));
  }
}
