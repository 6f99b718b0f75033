import { inputOf, intsOf, misfit, textOf } from '../attributes.ts';
import { toNumbers, type Dimension, type Tensor } from '../tensor.ts';
import { checkedAxis, derivedDimension, type NodeSketch, type ShapeRule } from './rule.ts';

/** Interpolates to the sizes in input 3 or by the factors in input 2, on the axes of attribute `axes` or on all. */
const resize: ShapeRule = ({ node, known }) => {
  const { type, shape } = inputOf(node, 0);
  const axes = intsOf(node, 'axes')?.map((axis) => checkedAxis(node, axis, shape.length)) ?? [...shape.keys()];
  const sizes = perAxisInput(node, known(3), 3, axes);
  const scales = sizes ? undefined : perAxisInput(node, known(2), 2, axes);
  if (!sizes && !scales) throw misfit(node, 'neither sizes nor scales are given');
  const policy = textOf(node, 'keep_aspect_ratio_policy', 'stretch');
  const common = sizes && policy !== 'stretch' ? commonScale(node, sizes, policy) : undefined;
  const result = shape.map<Dimension>((size, axis) => {
    const wanted = sizes?.get(axis);
    const scale = scales?.get(axis) ?? 1;
    if (common !== undefined && wanted !== undefined && typeof size === 'number') return roundHalfUp(common * size);
    if (wanted !== undefined) return wanted;
    if (typeof size === 'string') return scale === 1 ? size : derivedDimension(node, axis);
    return Math.floor(size * scale);
  });
  return { results: [{ type, shape: result }] };
};

function perAxisInput(
  node: NodeSketch,
  tensor: Tensor | undefined,
  index: number,
  axes: readonly number[],
): ReadonlyMap<number, number> | undefined {
  const input = node.inputs[index];
  if (!input || input.shape[0] === 0) return undefined;
  if (!tensor) throw misfit(node, `input ${index} is not known before the model runs; fix the size of its inputs`);
  const numbers = toNumbers(tensor);
  if (numbers.length !== axes.length) throw misfit(node, `${numbers.length} numbers for ${axes.length} axes`);
  return new Map(axes.map((axis, position) => [axis, numbers[position] ?? 1]));
}

/** The factor that brings all axes within (`not_larger`) or to at least (`not_smaller`) the wanted sizes. */
function commonScale(node: NodeSketch, sizes: ReadonlyMap<number, number>, policy: string): number {
  const { shape } = inputOf(node, 0);
  const factors = [...sizes].map(([axis, wanted]) => {
    const size = shape[axis];
    if (typeof size !== 'number') throw misfit(node, `policy ${policy} needs known sizes`);
    return wanted / size;
  });
  return policy === 'not_larger' ? Math.min(...factors) : Math.max(...factors);
}

function roundHalfUp(size: number): number {
  return Math.floor(size + 0.5);
}

export const resizeRules: Readonly<Record<string, ShapeRule>> = { Resize: resize };
