import { inputOf, intOf, intsOf, misfit } from '../attributes.ts';
import { intTensor, toNumbers, type DataType, type Shape } from '../tensor.ts';
import { dataTypeOf } from '../tensorProto.ts';
import { derivedDimension, numericShape, productOf, type NodeSketch, type ShapeRule } from './rule.ts';

/** The dimensions of input 0 from `start` to `end`. */
const shapeOf: ShapeRule = ({ node }) => {
  const { shape } = inputOf(node, 0);
  const part = shape.slice(intOf(node, 'start', 0), intOf(node, 'end', shape.length));
  const sizes = numericShape(part);
  const results = [{ type: 'int64', shape: [part.length] }] as const;
  return sizes ? { results, known: intTensor(sizes) } : { results };
};

/** The number of elements of input 0. */
const sizeOf: ShapeRule = ({ node }) => {
  const size = productOf(inputOf(node, 0).shape);
  const results = [{ type: 'int64', shape: [] }] as const;
  return size === undefined ? { results } : { results, known: intTensor(size) };
};

const constantOfShape: ShapeRule = ({ node, known }) => {
  const value = node.attributes['value'];
  const type = value?.kind === 'tensor' ? value.value.type : 'float32';
  const shape = known(0);
  if (!shape) throw misfit(node, 'the shape is not known before the model runs; fix the size of its inputs');
  return { results: [{ type, shape: toNumbers(shape) }] };
};

/** Numbers from start (input 0) to limit (input 1, excluded) by delta (input 2). */
const range: ShapeRule = ({ node, known }) => {
  const { type } = inputOf(node, 0);
  const [start, limit, delta] = [0, 1, 2].map((index) => {
    const tensor = known(index);
    return tensor && toNumbers(tensor)[0];
  });
  if (start === undefined || limit === undefined || delta === undefined) {
    return { results: [{ type, shape: [derivedDimension(node, 0)] }] };
  }
  if (delta === 0) throw misfit(node, 'the step is 0');
  return { results: [{ type, shape: [Math.max(0, Math.ceil((limit - start) / delta))] }] };
};

/** Random numbers of the shape in attribute `shape`. */
const random: ShapeRule = ({ node }) => ({
  results: [{ type: typeAttribute(node, 'float32'), shape: intsOf(node, 'shape') ?? [] }],
});

/** Random numbers of the shape of input 0. */
const randomLike: ShapeRule = ({ node }) => {
  const { type, shape } = inputOf(node, 0);
  return { results: [{ type: typeAttribute(node, type), shape }] };
};

/** An identity matrix of the shape of input 0. */
const eyeLike: ShapeRule = ({ node }) => {
  const { type, shape }: { type: DataType; shape: Shape } = inputOf(node, 0);
  if (shape.length !== 2) throw misfit(node, 'the input must be a matrix');
  return { results: [{ type: typeAttribute(node, type), shape }] };
};

function typeAttribute(node: NodeSketch, fallback: DataType): DataType {
  const code = intOf(node, 'dtype', 0);
  return code === 0 ? fallback : dataTypeOf(code, `The result of node '${node.name}'`);
}

export const creationRules: Readonly<Record<string, ShapeRule>> = {
  Shape: shapeOf,
  Size: sizeOf,
  ConstantOfShape: constantOfShape,
  Range: range,
  RandomUniform: random,
  RandomNormal: random,
  RandomUniformLike: randomLike,
  RandomNormalLike: randomLike,
  Bernoulli: randomLike,
  EyeLike: eyeLike,
};
