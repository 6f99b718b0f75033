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
  const message = `a regressor cannot map ${describeShape(student)} to ${describeShape(teacher)}`;
  if (student.length !== teacher.length || !isFeature(student)) {
    return { message: `${message}: both have to be of the same kind, ${kinds}.`, hint: 'Choose another pair.' };
  }
  const positions = positionsOf(teacher);
  if (positionsOf(student).every((size, axis) => areAlike(size, positions[axis]))) return undefined;
  return {
    message: `${message}: only the number of channels may differ.`,
    hint: 'Choose a pair with the same positions, or for maps `attention-transfer`, which pools the larger one.',
  };
}

/** What keeps two features from being averaged to vectors. */
export function vectorProblem(student: Shape, teacher: Shape): ShapeProblem | undefined {
  if (isFeature(student) && isFeature(teacher)) return undefined;
  return {
    message: `both of ${describeShape(student)} and ${describeShape(teacher)} have to be ${kinds}.`,
    hint: 'Choose another pair.',
  };
}

/** What keeps two features from being compared as maps. */
export function mapProblem(student: Shape, teacher: Shape): ShapeProblem | undefined {
  if (student.length === 4 && teacher.length === 4) return undefined;
  return {
    message: `both of ${describeShape(student)} and ${describeShape(teacher)} have to be maps [B, C, H, W].`,
    hint: 'Choose outputs of convolutions, or use `hint`.',
  };
}

/** What keeps two features from being compared vector by vector. */
export function sameShapeProblem(student: Shape, teacher: Shape): ShapeProblem | undefined {
  const alike =
    isFeature(student) &&
    student.length === teacher.length &&
    student.slice(1).every((size, axis) => areAlike(size, teacher[axis + 1]));
  if (alike) return undefined;
  return {
    message: `${describeShape(student)} and ${describeShape(teacher)} have to be of the same shape, ${kinds}.`,
    hint: 'Choose a pair of the same shape, or use `hint`, which learns a regressor between them.',
  };
}

const kinds = 'vectors [B, D], token features [B, L, H] or maps [B, C, H, W]';

function isFeature(shape: Shape): boolean {
  return shape.length >= 2 && shape.length <= 4;
}

/** Sizes of the axes of positions: height and width of a map, length of token features. */
function positionsOf(shape: Shape): Shape {
  return shape.length === 4 ? shape.slice(2) : shape.slice(1, -1);
}

/** A size that is not known before the model runs is taken to fit. */
function areAlike(a: Shape[number] | undefined, b: Shape[number] | undefined): boolean {
  return typeof a === 'string' || typeof b === 'string' || a === b;
}
