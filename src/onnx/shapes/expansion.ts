import { inputOf, misfit } from '../attributes.ts';
import { toNumbers } from '../tensor.ts';
import { broadcastShapes } from './broadcast.ts';
import { derivedDimension, type ShapeRule } from './rule.ts';

/** Broadcasts to the shape in input 1 (and its own). */
const expand: ShapeRule = ({ node, known }) => {
  const { type, shape } = inputOf(node, 0);
  const target = known(1);
  if (!target) throw misfit(node, 'the new shape is not known before the model runs; fix the size of its inputs');
  const merged = broadcastShapes([shape, toNumbers(target)]);
  if (!merged) throw misfit(node, `the input does not broadcast to [${toNumbers(target).join(', ')}]`);
  return { results: [{ type, shape: merged }] };
};

/** Repeats every axis as often as input 1 says. */
const tile: ShapeRule = ({ node, known }) => {
  const { type, shape } = inputOf(node, 0);
  const repeats = known(1);
  if (!repeats) throw misfit(node, 'the repeats are not known before the model runs');
  const counts = toNumbers(repeats);
  if (counts.length !== shape.length) throw misfit(node, `${counts.length} repeats for ${shape.length} axes`);
  const result = shape.map((size, axis) => {
    const count = counts[axis] ?? 1;
    if (typeof size === 'number') return size * count;
    return count === 1 ? size : derivedDimension(node, axis);
  });
  return { results: [{ type, shape: result }] };
};

export const expansionRules: Readonly<Record<string, ShapeRule>> = { Expand: expand, Tile: tile };
