import type { Problem } from '../../errors.ts';
import type { Shape } from '../../onnx/tensor.ts';
import { featurePairsOf, type ObjectiveTerm } from '../objectiveTerm.ts';
import { mapProblem, regressorProblem, sameShapeProblem, vectorProblem, type ShapeProblem } from './featureShapes.ts';

/** Numbers that a queue of features holds at most: half a gibibyte in float32, which is copied with every run of steps. */
const MOST_QUEUED = 2 ** 27;

/**
 * What keeps a term from comparing the features it names.
 *
 * @param where path of the term, such as `objective[0]`
 * @param features shapes of the networks' values by `student:NAME` and `teacher:NAME`
 */
export function featureProblems(term: ObjectiveTerm, where: string, features: ReadonlyMap<string, Shape>): Problem[] {
  return featurePairsOf(term).flatMap(({ path, pair }) => {
    const student = features.get(`student:${pair.student}`);
    const teacher = features.get(`teacher:${pair.teacher}`);
    if (!student || !teacher) {
      const missing = (['student', 'teacher'] as const).filter((side) => !features.has(`${side}:${pair[side]}`));
      return missing.map((side) => ({
        where: `${where}${path}.${side}`,
        message: `The ${side} has no value named '${pair[side]}'.`,
        hint: '`distillery inspect` lists the values of a network that can be compared.',
      }));
    }
    const problem = comparisonProblem(term, student, teacher);
    if (!problem) return [];
    const message = `'${pair.student}' and '${pair.teacher}': ${problem.message}`;
    return [{ where: `${where}${path}`, message, hint: problem.hint }];
  });
}

function comparisonProblem(term: ObjectiveTerm, student: Shape, teacher: Shape): ShapeProblem | undefined {
  if (term.loss === 'hint') return regressorProblem(student, teacher);
  if (term.loss === 'cosine' || term.loss === 'channel-wise') return comparedProblem(term, student, teacher);
  if (term.loss === 'contrastive') return vectorProblem(student, teacher) ?? queueProblem(term.queue ?? 0, teacher);
  if (term.loss === 'queue-similarity') return vectorProblem(student, teacher) ?? queueProblem(term.queue, teacher);
  if (term.loss === 'attention-transfer') return mapProblem(student, teacher);
  return undefined;
}

/** What keeps a queue from holding so many of a teacher's features. */
function queueProblem(entries: number, teacher: Shape): ShapeProblem | undefined {
  const width = teacher.at(teacher.length === 4 ? 1 : -1);
  if (typeof width !== 'number' || entries * width <= MOST_QUEUED) return undefined;
  return {
    message: `a queue of ${entries} features of ${width} numbers would hold ${entries * width}, and ${MOST_QUEUED} is the most.`,
    hint: `Take a \`queue\` of at most ${Math.floor(MOST_QUEUED / width)}, or a narrower value of the teacher.`,
  };
}

/** Features that are compared value by value, after a learned map where the term has one. */
function comparedProblem(
  { loss, project }: Extract<ObjectiveTerm, { readonly project?: unknown }>,
  student: Shape,
  teacher: Shape,
): ShapeProblem | undefined {
  if (loss === 'channel-wise' && (student.length !== 4 || teacher.length !== 4)) {
    return {
      message: 'channel-wise distillation compares maps [batch, channels, height, width].',
      hint: 'Choose values with positions, or another loss.',
    };
  }
  if (project === true) return regressorProblem(student, teacher);
  const problem = sameShapeProblem(student, teacher);
  if (!problem || regressorProblem(student, teacher)) return problem;
  return { message: problem.message, hint: 'Set `project` to true: a learned map then brings them to one width.' };
}
