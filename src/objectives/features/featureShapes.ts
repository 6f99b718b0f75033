import type { Shape } from '../../onnx/tensor.ts';

/** Why two features cannot be compared, and what would be right. */
export interface ShapeProblem {
  readonly message: string;
  readonly hint: string;
}

/** `[batch, 64, 8, 8]`. */
export function describeShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/** What keeps a regressor, which changes channels only, from mapping one feature to the other. */
export function regressorProblem(student: Shape, teacher: Shape): ShapeProblem | undefined {
  const message = `a regressor cannot map ${describeShape(student)} to the teacher's ${describeShape(teacher)}`;
  if (student.length !== teacher.length || student.length < 2 || student.length > 4) {
    return {
      message: `${message}: both have to be vectors [B, D], token features [B, L, H] or maps [B, C, H, W].`,
      hint: 'Choose two values of the same kind.',
    };
  }
  if (positionsOf(student).every((size, axis) => areAlike(size, positionsOf(teacher)[axis]))) return undefined;
  return {
    message: `${message}: only the number of channels may differ, not the size of the map.`,
    hint: 'Choose a pair of the same height and width, or use `attention-transfer`, which pools the larger map.',
  };
}

/** What keeps two features from being compared element by element. */
export function sameShapeProblem(student: Shape, teacher: Shape): ShapeProblem | undefined {
  const alike =
    student.length === teacher.length && student.slice(1).every((size, axis) => areAlike(size, teacher[axis + 1]));
  if (alike) return undefined;
  return {
    message: `the student's ${describeShape(student)} and the teacher's ${describeShape(teacher)} differ in shape.`,
    hint: 'Choose a pair of the same shape, or use `hint`, which learns a regressor between them.',
  };
}

/** Sizes of the axes of positions: height and width of a map, length of token features. */
function positionsOf(shape: Shape): Shape {
  return shape.length === 4 ? shape.slice(2) : shape.slice(1, -1);
}

/** A size that is not known before the model runs is taken to fit. */
function areAlike(a: Shape[number] | undefined, b: Shape[number] | undefined): boolean {
  return typeof a === 'string' || typeof b === 'string' || a === b;
}
