import { DistilleryError } from '../../errors.ts';
import type { ObjectiveInputs } from '../../objectives/buildObjective.ts';
import { regressorsOf } from '../../objectives/features/appendRegressor.ts';
import { featurePairsOf, preparedTargetsOf } from '../../objectives/objectiveTerm.ts';
import { formula } from '../../autodiff/formula.ts';
import { LEAST_LABEL } from '../../data/unlabelled/noLabel.ts';
import { softTreeValues } from '../../students/softTree/softTree.ts';
import { dimensionsOf, int, type Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { castTo } from '../precision/castTo.ts';
import {
  featureInput,
  labelShapeOf,
  targetInput,
  teacherInput,
  teachingShapes,
  type TrainingTask,
} from '../trainingTask.ts';

/** What the student makes of a batch in the training graph. */
export interface StudentValues {
  /** The batch [B, …]. */
  readonly samples: Value;
  readonly logits: Value;
  /** Every value of the student's graph, by its name there. */
  readonly studentValues: ReadonlyMap<string, Value>;
}

/**
 * Declares the inputs of the training graph that the objective looks at: labels, the teachers' outputs, targets made of them,
 * features, scheduled scalars. Token classification is a classification of rows, one for every token.
 */
export function objectiveInputs(
  graph: Graph,
  trainingTask: TrainingTask & { readonly batchSize: number },
  { samples, logits, studentValues }: StudentValues,
): ObjectiveInputs {
  const { batchSize, objective, teacherWeights = [1] } = trainingTask;
  const isPerToken = trainingTask.task === 'token-classification';
  const rows = (value: Value): Value => (isPerToken ? tokenRows(graph, value) : value);
  /** Losses are computed in float32, whatever the network is. */
  const studentValue = (name: string, what: string): Value =>
    castTo(graph, present(studentValues.get(name), what), 'float32');
  const fed = new Map(
    [...teachingShapes(trainingTask)].map(([name, shape]) => [
      name,
      graph.input(name, 'float32', [batchSize, ...shape]),
    ]),
  );
  const labelShape = labelShapeOf(trainingTask);
  const fedLabels = labelShape && rows(graph.input('labels', 'float32', [batchSize, ...labelShape]));
  const known = fedLabels && trainingTask.unlabelled ? knownLabels(graph, fedLabels) : undefined;
  const labels = known?.labels ?? fedLabels;
  const features = new Map<string, Value>();
  for (const { pair } of objective.flatMap(featurePairsOf)) {
    const { student, teacher } = pair;
    features.set(`student:${student}`, studentValue(student, `student's value '${student}'`));
    features.set(`teacher:${teacher}`, present(fed.get(featureInput(teacher)), `teacher's value '${teacher}'`));
  }
  for (const { name } of regressorsOf(objective)) {
    features.set(`student:${name}`, studentValue(name, `regressor '${name}'`));
  }
  const hasTeacher = fed.has(teacherInput(0));
  return {
    student: rows(logits),
    teachers: hasTeacher
      ? teacherWeights.map((weight, index) => ({
          logits: rows(present(fed.get(teacherInput(index)), `teacher ${index}`)),
          weight,
        }))
      : [],
    targets: new Map(
      [...preparedTargetsOf(objective).keys()].map((name) => [
        name,
        rows(present(fed.get(targetInput(name)), `target '${name}'`)),
      ]),
    ),
    ...(labels && { labels }),
    ...(labels && isPerToken && { rowWeights: countedRows(graph, labelledRows(graph, labels), known) }),
    ...(known && { labelWeights: isPerToken ? labelledRows(graph, known.labels) : known.rows }),
    ...(trainingTask.samples.kind === 'tokens' && { tokens: tokenMask(graph, samples, trainingTask.samples.padding) }),
    features,
    ...(trainingTask.softTree && {
      softTree: {
        leafLogProbabilities: studentValue(softTreeValues.leafLogProbabilities, "tree's paths"),
        leafLogDistributions: studentValue(softTreeValues.leafLogDistributions, "tree's leaves"),
        penalty: trainingTask.softTree.penalty,
      },
    }),
    scalars: (name) => graph.find(name) ?? graph.input(name, 'float32', [1]),
  };
}

/** A row for every token of every text: [B, tokens, C] as [B · tokens, C]. */
function tokenRows(graph: Graph, value: Value): Value {
  return graph.op('Reshape', [value, graph.integers([-1, dimensionsOf(value).at(-1) ?? 0])]);
}

/**
 * Labels with 0 in place of what is not known, and 1 for every row of which they are: [N, …] to [N].
 * Multiplied rather than chosen, as masks are everywhere (see `formula`).
 */
function knownLabels(graph: Graph, labels: Value): { readonly labels: Value; readonly rows: Value } {
  const { isGreater, mul } = formula(graph);
  const known = isGreater(labels, LEAST_LABEL);
  const flat = graph.op('Reshape', [known, graph.integers([dimensionsOf(labels)[0] ?? 1, -1])]);
  return { labels: mul(labels, known), rows: graph.op('ReduceMin', [flat, graph.integers([1])], { keepdims: int(0) }) };
}

/** Rows of tokens that count: those with a label, and those that would have one. */
function countedRows(graph: Graph, labelled: Value, known: { readonly rows: Value } | undefined): Value {
  const { add, sub } = formula(graph);
  return known ? add(labelled, sub(1, known.rows)) : labelled;
}

/** 1 for a row of label distributions that has one, 0 for one that is all zeros: [N, C] to [N]. */
function labelledRows(graph: Graph, labels: Value): Value {
  return graph.op('ReduceSum', [labels, graph.integers([1])], { keepdims: int(0) });
}

/** [B, L], 1 at tokens and 0 at padding. */
function tokenMask(graph: Graph, samples: Value, padding: number): Value {
  const isPadding = graph.op('Equal', [samples, graph.scalar(padding)]);
  return graph.op('Cast', [graph.op('Not', [isPadding])], { to: int(1) });
}

function present(value: Value | undefined, what: string): Value {
  if (value) return value;
  throw new DistilleryError('INTERNAL', `The training step has no ${what}.`);
}
