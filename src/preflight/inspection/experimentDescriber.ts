import * as z from 'zod';
import { BadInputError, type Problem } from '../../errors.ts';
import { isEstimator } from '../../estimators/estimator.ts';
import { fileToStartFrom, isGrown, teacherToTrain } from '../../experiment/networkToTrain.ts';
import type { Task } from '../../data/task.ts';
import { transferSet } from '../../data/unlabelled/transferSet.ts';
import { parseExperiment } from '../../experiment/parseExperiment.ts';
import type { Experiment } from '../../experiment/schema.ts';
import { objectiveTermSchema } from '../../experiment/schema/objective.ts';
import type { ObjectiveTerm } from '../../objectives/objectiveTerm.ts';
import { settleExperiment } from '../../experiment/settleExperiment.ts';
import { countMacs, countParameters } from '../../onnx/cost/cost.ts';
import type { Graph } from '../../onnx/graph.ts';
import type { ModelProto } from '../../onnx/onnx_pb.ts';
import type {
  ExperimentFacts,
  NetworkFacts,
  TeacherFacts,
  WholeExperimentFacts,
} from '../../protocol/experimentFacts.ts';
import { estimateNetwork } from '../../students/estimate.ts';
import { buildStudent } from '../../students/buildStudent.ts';
import { nothingDrawn } from '../../students/initialize.ts';
import { modelOf, wholeGraph, type InitialNetwork } from '../../students/initialNetwork.ts';
import type { NetworkForm } from '../../students/networkForm.ts';
import { buildInitialNetwork } from '../networks/buildInitialNetwork.ts';
import { networkFormOf } from '../networks/networkFormOf.ts';
import { preflight } from '../preflight.ts';
import type { Prepared } from '../prepared.ts';
import { problemsOf } from '../problemsOf.ts';
import { describeData } from './describeData.ts';
import { estimateSeconds } from './estimateSeconds.ts';
import { foreseeWork } from './foreseeWork.ts';
import { withoutObjective, type FeatureOptions } from './listFeaturePairs.ts';

/** What of an opened experiment further students are built from. */
interface Opened {
  /** Everything that was opened, except for the student. */
  readonly key: string;
  readonly facts: Omit<ExperimentFacts, 'student' | 'foreseen'>;
  /** How many samples the student is taught on, and whether labels are not all that they have. */
  readonly taught: { readonly count: number; readonly isEnlarged: boolean };
  readonly shape: Pick<NetworkFacts, 'takes' | 'gives'>;
  readonly task: Task['kind'];
  readonly form: NetworkForm;
  readonly teacher: ModelProto | undefined;
  /** Of the teacher, of several the first, whose values losses may name. */
  readonly teacherGraph: Graph | undefined;
  /** The file that the student starts from. */
  readonly studentModel: ModelProto | undefined;
}

/** Students that suit nearly all data between them. */
const STAND_INS = ['mlp', 'textcnn'] as const;

/** What an experiment is about, and what is wrong with its teacher or student, which is not among it then. */
export type DescribedExperiment = ExperimentFacts & { readonly problems?: readonly Problem[] };

/**
 * Tells what experiments are about: their teachers and how they do on the data, the data as they are understood, and the student as it
 * will be built. The objective may still have problems. An experiment that differs from the last one in its student only is told at once.
 */
export class ExperimentDescriber {
  #opened: Opened | undefined;

  /**
   * @param value contents of the experiment file
   * @throws BadInputError with every problem where the data cannot be opened
   */
  async describe(value: unknown, options: FeatureOptions): Promise<DescribedExperiment> {
    try {
      return await this.#describe(value, options);
    } catch (error) {
      const facts =
        error instanceof BadInputError ? await this.#describeRest(value, error.problems, options) : undefined;
      if (!(error instanceof BadInputError) || !facts) throw error;
      return { ...facts, problems: error.problems };
    }
  }

  /** What is known whatever is wrong with teacher or student: others, or none, are opened in their place. */
  async #describeRest(
    value: unknown,
    problems: readonly Problem[],
    options: FeatureOptions,
  ): Promise<ExperimentFacts | undefined> {
    const isOf = (part: string): boolean => problems.some(({ where }) => new RegExp(`^${part}\\b`).test(where));
    if (typeof value !== 'object' || !problems.every(({ where }) => /^(?:student|teacher)\b/.test(where)))
      return undefined;
    if (!isOf('teacher') && this.#opened !== undefined) return { ...this.#opened.facts, student: null, foreseen: null };
    const given = isOf('teacher') ? { ...value, teacher: null } : value;
    const standIns = STAND_INS.map((architecture) => ({ ...given, student: { architecture } }));
    for (const experiment of isOf('student') ? standIns : [given, ...standIns]) {
      try {
        const facts = await this.#describe(experiment, options);
        return experiment === given ? facts : { ...facts, student: null, foreseen: null };
      } catch (error) {
        if (!(error instanceof BadInputError)) throw error;
      }
    }
    return undefined;
  }

  async #describe(value: unknown, options: FeatureOptions): Promise<ExperimentFacts> {
    const experiment = parseExperiment(withoutObjective(value));
    const { teacher, dataset, training } = experiment;
    const key = JSON.stringify([teacher, dataset, training.seed, options.baseDirectory]);
    // A student that starts from a file is opened and checked as before a run.
    const isOpen = this.#opened?.key === key && fileToStartFrom(experiment.student) === undefined;
    if (!isOpen) this.#opened = undefined;
    this.#opened ??= await open(experiment, key, options);
    return wholeFacts(experiment, this.#opened, objectiveOf(value));
  }
}

/** What an experiment is about that is open already. @throws BadInputError when the student cannot be built for these samples */
export async function describePrepared(experiment: Experiment, prepared: Prepared): Promise<WholeExperimentFacts> {
  return wholeFacts(experiment, await openedFrom(experiment, '', prepared), objectiveOf(experiment));
}

/** The objective as it is named; undefined where it is tried for. What is described may have one with problems, of which nothing is known. */
function objectiveOf(value: unknown): readonly ObjectiveTerm[] | 'with-problems' | undefined {
  const objective = typeof value === 'object' && value !== null && 'objective' in value ? value.objective : undefined;
  if (objective === undefined || objective === 'auto') return undefined;
  return z.array(objectiveTermSchema).safeParse(objective).data ?? 'with-problems';
}

function wholeFacts(
  experiment: Experiment,
  opened: Opened,
  objective: ReturnType<typeof objectiveOf>,
): WholeExperimentFacts {
  const { facts, taught } = opened;
  const built = buildStudentToTell(experiment, opened);
  const { memory, ...estimate } = estimateNetwork(built.graph);
  const student = { ...opened.shape, ...estimate, ...(built.isGrown && { isGrown: true as const }) };
  const settled = settleExperiment(experiment, { training: taught }, taught);
  const work = {
    triesObjectives: objective === undefined,
    ...foreseeWork(experiment, settled, {
      objective: objective === 'with-problems' ? undefined : objective,
      task: opened.task,
      data: facts.data,
      sampleShape: opened.shape.takes,
      outputShape: opened.shape.gives,
      student: built.graph,
      teacher: opened.teacherGraph,
    }),
  };
  return {
    ...facts,
    student,
    foreseen: { memory, seconds: estimateSeconds(settled, { ...facts, student }, work) },
  };
}

async function open(experiment: Experiment, key: string, options: FeatureOptions): Promise<Opened> {
  const prepared = await preflight(experiment, { ...options, onProgress: () => undefined });
  try {
    return await openedFrom(experiment, key, prepared);
  } finally {
    await prepared.dataset.dispose();
  }
}

async function openedFrom(experiment: Experiment, key: string, prepared: Prepared): Promise<Opened> {
  const { dataset, outputShape, teacherModel, teachers, studentModel } = prepared;
  const form = networkFormOf(dataset, outputShape);
  const described = teacherToTrain(experiment);
  const trained =
    described && buildInitialNetwork(described, { form, role: 'teacher', seed: 0, model: teacherModel?.proto });
  return {
    key,
    facts: {
      teacher: teacherFacts(prepared, trained, described !== undefined && isGrown(described)),
      data: await describeData(dataset),
    },
    taught: { count: transferSet(dataset).training.count, isEnlarged: dataset.unlabelled !== undefined },
    task: dataset.task.kind,
    shape: { takes: dataset.sampleShape, gives: outputShape },
    form,
    teacherGraph: trained ? wholeGraph(trained) : teachers?.members[0]?.model.graph,
    teacher: trained
      ? modelOf(trained, new Map(), { name: 'teacher', metadata: {} })
      : teachers?.members[0]?.model.file.proto,
    studentModel: studentModel?.proto,
  };
}

/** The student's graph, of one that Distillery builds without its weights. @throws BadInputError when it cannot be built for these samples */
function buildStudentToTell(
  { student }: Experiment,
  { form, teacher, studentModel }: Opened,
): { readonly graph: Graph; readonly isGrown: boolean } {
  try {
    if ('architecture' in student && !isEstimator(student)) {
      return { graph: buildStudent(student, form, nothingDrawn), isGrown: false };
    }
    const network = buildInitialNetwork(student, { form, role: 'student', seed: 0, model: studentModel, teacher });
    return { graph: wholeGraph(network), isGrown: isGrown(student) };
  } catch (error) {
    // What no array can hold.
    if (!(error instanceof RangeError)) throw new BadInputError(problemsOf('student', error));
    throw new BadInputError([{ where: 'student', message: 'is too large to be built in the memory of this machine' }]);
  }
}

function teacherFacts(prepared: Prepared, trained: InitialNetwork | undefined, grows: boolean): TeacherFacts | null {
  const { dataset, outputShape, teachers, matching } = prepared;
  const members = teachers?.members.map(({ model }) => model) ?? [];
  const graphs = trained ? [wholeGraph(trained)] : members.map(({ graph }) => graph);
  if (graphs.length === 0) return null;
  // Of several teachers it is told which one is meant.
  const said = (name: string, sentence: string): string => (matching.length > 1 ? `${name}: ${sentence}` : sentence);
  return {
    takes: dataset.sampleShape,
    gives: outputShape,
    ...costOf(graphs),
    ...(grows && { isGrown: true }),
    bytes: members.length === 0 ? null : members.reduce((sum, { file }) => sum + file.bytes, 0),
    opset: members[0]?.file.opset ?? null,
    notes: matching.flatMap(({ teacher: name, notes }) => notes.map((note) => said(name, note))),
    warnings: matching.flatMap(({ teacher: name, warnings }) =>
      warnings.map((warning) => said(name, sentenceOf(warning))),
    ),
  };
}

function costOf(graphs: readonly Graph[]): Pick<NetworkFacts, 'parameters' | 'macs'> {
  const sum = (count: (graph: Graph) => number): number => graphs.reduce((total, graph) => total + count(graph), 0);
  return { parameters: sum(countParameters), macs: sum(countMacs) };
}

function sentenceOf({ message, hint }: { readonly message: string; readonly hint?: string | undefined }): string {
  return hint === undefined ? message : `${message} ${hint}`;
}
