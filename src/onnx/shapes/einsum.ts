import { inputOf, misfit, textOf } from '../attributes.ts';
import type { Dimension } from '../tensor.ts';
import { broadcastShapes } from './broadcast.ts';
import { mayEqual, type NodeSketch, type ShapeRule } from './rule.ts';

/** An Einsum equation taken apart: the axis letters of every input and of the output; `.` stands for an ellipsis. */
export interface Equation {
  readonly inputs: readonly (readonly string[])[];
  readonly output: readonly string[];
}

/**
 * Parses the equation of an `Einsum` node. Without an arrow the output has the letters that occur once, in
 * alphabetical order, behind the ellipsis if there is one.
 * @throws DistilleryError when it is not an equation
 */
export function parseEquation(node: Pick<NodeSketch, 'operator' | 'name' | 'inputs' | 'attributes'>): Equation {
  const equation = textOf(node, 'equation', '').replaceAll(' ', '');
  const [left = '', right, ...rest] = equation.split('->');
  const terms = left.split(',').map((term) => Array.from(term.replace('...', '.')));
  const letters = terms.flat();
  if (rest.length > 0 || letters.some((letter) => !/[A-Za-z.]/.test(letter))) {
    throw misfit(node, `'${equation}' is not an equation`);
  }
  if (terms.length !== node.inputs.length) {
    throw misfit(node, `the equation '${equation}' has ${terms.length} terms for ${node.inputs.length} inputs`);
  }
  if (right !== undefined) return { inputs: terms, output: Array.from(right.replace('...', '.')) };
  const once = letters.filter((letter) => letter !== '.' && letters.indexOf(letter) === letters.lastIndexOf(letter));
  return { inputs: terms, output: [...(letters.includes('.') ? ['.'] : []), ...once.sort()] };
}

/** The equation with a letter for every axis: those behind each ellipsis have letters of their own, aligned at the last one. */
export function labelledEquation(node: Pick<NodeSketch, 'operator' | 'name' | 'inputs' | 'attributes'>): Equation {
  const { inputs, output } = parseEquation(node);
  const used = new Set([...inputs.flat(), ...output]);
  const free = Array.from('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ').filter((letter) => !used.has(letter));
  const hidden = inputs.map((term, index) =>
    term.includes('.') ? inputOf(node, index).shape.length - (term.length - 1) : 0,
  );
  const longest = Math.max(...hidden);
  if (longest > free.length) throw misfit(node, 'there are more axes than letters');
  const letters = free.slice(0, longest);
  const resolve = (term: readonly string[], count: number) =>
    term.flatMap((label) => (label === '.' ? letters.slice(longest - count) : [label]));
  return {
    inputs: inputs.map((term, index) => resolve(term, hidden[index] ?? 0)),
    output: resolve(output, longest),
  };
}

const einsum: ShapeRule = ({ node }) => {
  const { inputs, output } = parseEquation(node);
  const sizes = new Map<string, Dimension>();
  const ellipses: Dimension[][] = [];
  inputs.forEach((term, index) => {
    const { shape } = inputOf(node, index);
    const hidden = shape.length - (term.length - (term.includes('.') ? 1 : 0));
    if (hidden < 0 || (hidden > 0 && !term.includes('.'))) {
      throw misfit(node, `term '${term.join('')}' does not have the ${shape.length} axes of input ${index}`);
    }
    let axis = 0;
    for (const letter of term) {
      if (letter === '.') {
        ellipses.push(shape.slice(axis, axis + hidden));
        axis += hidden;
        continue;
      }
      const dimension = shape[axis++];
      const size = sizes.get(letter);
      if (dimension === undefined) throw misfit(node, `input ${index} has no axis for '${letter}'`);
      if (size === undefined || size === 1 || (typeof size === 'string' && dimension !== 1))
        sizes.set(letter, dimension);
      else if (dimension !== 1 && !mayEqual(size, dimension)) {
        throw misfit(node, `'${letter}' is ${size} in one input and ${dimension} in another`);
      }
    }
  });
  const broadcast = broadcastShapes(ellipses);
  if (!broadcast) throw misfit(node, 'the axes behind the ellipses do not broadcast');
  const shape = output.flatMap((letter) => {
    if (letter === '.') return broadcast;
    const size = sizes.get(letter);
    if (size === undefined) throw misfit(node, `'${letter}' is in no input`);
    return [size];
  });
  return { results: [{ type: inputOf(node, 0).type, shape }] };
};

export const einsumRules: Readonly<Record<string, ShapeRule>> = { Einsum: einsum };
