import { memoryForOutputs } from '../../data/memory.ts';
import { estimatorOf, teacherToTrain, type TeacherToTrain } from '../../experiment/networkToTrain.ts';
import type { Experiment, SettledExperiment } from '../../experiment/schema.ts';
import { trainingSchema } from '../../experiment/schema/training.ts';
import { settleTrainingOf } from '../../experiment/settleExperiment.ts';
import { macsOfTerms } from '../../objectives/costOfTerms.ts';
import { featurePairsOf, type ObjectiveTerm } from '../../objectives/objectiveTerm.ts';
import type { Graph } from '../../onnx/graph.ts';
import { elementCount } from '../../onnx/tensor.ts';
import type { DataFacts } from '../../protocol/experimentFacts.ts';
import { batchAugmentationOf } from '../batchAugmentationOf.ts';
import { mayBeCrossFitted } from '../crossFitting.ts';
import { mayBeParted } from '../epochByParts.ts';
import { plannedTraining } from '../trainingCost.ts';
import type { ForeseenWork } from './estimateSeconds.ts';

/** What an experiment's work is seen from, beside its file. */
interface Foreseen {
  /** Undefined where it is not chosen yet, or has problems. */
  readonly objective: readonly ObjectiveTerm[] | undefined;
  readonly task: Parameters<typeof mayBeCrossFitted>[2]['task'];
  readonly data: Pick<DataFacts, 'training' | 'validation'>;
  readonly sampleShape: readonly number[];
  readonly outputShape: readonly number[];
  readonly student: Graph;
  /** Undefined without one; of several the first. */
  readonly teacher: Graph | undefined;
}

/** What a run does beside passing samples through its networks, as far as that is seen before it. */
export function foreseeWork(
  written: Experiment,
  settled: SettledExperiment,
  foreseen: Foreseen,
): Omit<ForeseenWork, 'triesObjectives'> {
  const { objective = [], outputShape, student, teacher } = foreseen;
  const { batchSize } = settled.training;
  const described = teacherToTrain(written);
  return {
    macsOfTerms: macsOfTerms(objective, {
      batchSize,
      outputs: elementCount(outputShape),
      shapeOf: (side, name) => (side === 'student' ? student : teacher)?.find(name)?.shape,
    }),
    isAskedAlways: teacher !== undefined && isTooMuchToHold(settled, foreseen, described === undefined),
    isParted: {
      student: !estimatorOf(written.student) && isParted(written, settled.training, foreseen, student),
      teacher:
        described !== undefined && teacher !== undefined && isTeacherParted(written, described, foreseen, teacher),
    },
    mayBeCrossFitted: described !== undefined && teacher !== undefined && others(written, described, foreseen, teacher),
  };
}

/** Whether what the teacher says of all samples, values inside it included, takes more memory than it may, and is not kept on a disk. */
function isTooMuchToHold(
  settled: SettledExperiment,
  { objective = [], data, outputShape, teacher }: Foreseen,
  isFromFile: boolean,
): boolean {
  const named = new Set(objective.flatMap(featurePairsOf).map(({ pair }) => pair.teacher));
  const sizes = [...named].map((name) =>
    (teacher?.find(name)?.shape ?? []).slice(1).reduce<number>((product, length) => product * Number(length), 1),
  );
  const numbers = sizes.reduce((sum, size) => sum + size, elementCount(outputShape));
  const views = Math.min(batchAugmentationOf(settled)?.views ?? 1, settled.training.epochs);
  // What a teacher says that the run trains is met in no other run, and not kept.
  const isKept = settled.cache.keep && isFromFile;
  return !isKept && 4 * views * data.training * numbers > memoryForOutputs();
}

function isParted(
  written: Experiment,
  options: SettledExperiment['training'],
  { task, data }: Foreseen,
  graph: Graph,
  training: Experiment['training'] = written.training,
): boolean {
  const planned = plannedTraining(options, data.training, graph);
  return mayBeParted(written, { training, task, validation: data.validation, planned });
}

function isTeacherParted(written: Experiment, teacher: TeacherToTrain, foreseen: Foreseen, graph: Graph): boolean {
  if (estimatorOf(teacher)) return false;
  const wanted = trainingSchema.parse({ ...written.training, ...teacher.training });
  const options = settleTrainingOf(wanted, teacher, { training: { count: foreseen.data.training } });
  return isParted(written, options, foreseen, graph, wanted);
}

function others(
  written: Experiment,
  teacher: TeacherToTrain,
  { objective, task, data, sampleShape, outputShape }: Foreseen,
  graph: Graph,
): boolean {
  const { crossFit = 'auto' } = teacher;
  if (crossFit !== 'auto') return false;
  const samples = { task, training: data.training, validation: data.validation, sampleShape, outputShape };
  const wanted = trainingSchema.parse({ ...written.training, ...teacher.training });
  const options = settleTrainingOf(wanted, teacher, { training: { count: data.training } });
  const planned = plannedTraining(options, data.training, graph);
  return mayBeCrossFitted(written, teacher, samples, { objective, planned });
}
