import { BadInputError, DistilleryError } from '../../errors.ts';
import { listFeatureCandidates, type FeatureCandidate } from '../../objectives/features/candidates.ts';
import { proposePairs } from '../../objectives/features/proposePairs.ts';
import type { Graph } from '../../onnx/graph.ts';
import type { FeatureChoice, FeatureChoices } from '../../protocol/features.ts';
import { modelOf, wholeGraph } from '../../students/initialNetwork.ts';
import { buildInitialNetwork } from '../networks/buildInitialNetwork.ts';
import { networkFormOf } from '../networks/networkFormOf.ts';
import { teacherToTrain } from '../../experiment/networkToTrain.ts';
import { parseExperiment } from '../../experiment/parseExperiment.ts';
import { preflight } from '../preflight.ts';
import type { Prepared } from '../prepared.ts';
import type { Experiment } from '../../experiment/schema.ts';

export interface FeatureOptions {
  /** Folder that relative paths of the experiment start from. */
  readonly baseDirectory: string;
  readonly signal: AbortSignal;
}

/**
 * The values inside student and teacher of an experiment that its losses can name, and pairs to begin with. What the experiment says
 * of its objective does not matter: that is what is being made.
 *
 * @param value contents of the experiment file
 * @throws BadInputError with every problem of teacher, dataset and student; they have to fit together
 */
export function listFeaturePairs(value: unknown, options: FeatureOptions): Promise<FeatureChoices> {
  return withTeacher(value, options, (experiment, prepared) => featureChoices(experiment, prepared));
}

/**
 * What `use` makes of an experiment that has a teacher, opened without its objective, and of what was opened, which is
 * closed afterwards.
 *
 * @throws BadInputError with every problem of teacher, dataset and student
 */
export async function withTeacher<Result>(
  value: unknown,
  options: FeatureOptions,
  use: (experiment: Experiment, prepared: Prepared) => Result | Promise<Result>,
): Promise<Result> {
  const experiment = parseExperiment(withoutObjective(value));
  if (experiment.teacher === null) {
    throw new BadInputError([{ where: 'teacher', message: 'is missing, so that there is nothing to compare with' }]);
  }
  const prepared = await preflight(experiment, { ...options, onProgress: () => undefined });
  try {
    return await use(experiment, prepared);
  } finally {
    await prepared.dataset.dispose();
  }
}

/** The experiment as if its objective had not been written yet. */
export function withoutObjective(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? { ...value, objective: undefined } : value;
}

/** The values inside student and teacher of an experiment that its losses can name. */
export function featureChoices(experiment: Experiment, prepared: Prepared): FeatureChoices {
  const [student, teacher] = networksOf(experiment, prepared).map(listFeatureCandidates);
  if (!student || !teacher) throw new DistilleryError('INTERNAL', 'A network was not built.');
  return { student: student.map(choiceOf), teacher: teacher.map(choiceOf), pairs: proposePairs(student, teacher) };
}

/** Student and first teacher as they are when training begins. */
function networksOf(experiment: Experiment, prepared: Prepared): readonly [student: Graph, teacher: Graph] {
  const { dataset, outputShape, studentModel, teacherModel, teachers } = prepared;
  const form = networkFormOf(dataset, outputShape);
  const described = teacherToTrain(experiment);
  const trained =
    described && buildInitialNetwork(described, { form, role: 'teacher', seed: 0, model: teacherModel?.proto });
  const existing = teachers?.members[0]?.model;
  const graph = trained ? wholeGraph(trained) : existing?.graph;
  if (!graph) throw new DistilleryError('INTERNAL', 'The teacher was not read.');
  const student = buildInitialNetwork(experiment.student, {
    form,
    role: 'student',
    seed: 0,
    model: studentModel?.proto,
    teacher: trained ? modelOf(trained, new Map(), { name: 'teacher', metadata: {} }) : existing?.file.proto,
  });
  return [student.graph, graph];
}

function choiceOf({ name, shape, stage, lastOfStage }: FeatureCandidate): FeatureChoice {
  return { name, shape, stage, lastOfStage };
}
