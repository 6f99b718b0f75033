import { toNumbers } from '../tensor.ts';
import { indicesIn, numbersOf, type Evaluator } from './evaluator.ts';

const constantOfShape: Evaluator = ({ node, shape }) => {
  const attribute = node.attributes['value'];
  const value = attribute?.kind === 'tensor' ? (toNumbers(attribute.value)[0] ?? 0) : 0;
  return Array.from(indicesIn(shape), () => value);
};

const range: Evaluator = (evaluation) => {
  const [[start = 0], [delta = 1]] = [numbersOf(evaluation, 0), numbersOf(evaluation, 2)];
  return Array.from(indicesIn(evaluation.shape), ([index = 0]) => start + index * delta);
};

export const creationEvaluators: Readonly<Record<string, Evaluator>> = {
  ConstantOfShape: constantOfShape,
  Range: range,
};
