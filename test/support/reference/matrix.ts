import { floatOf, intOf, textOf } from '../../../src/onnx/attributes.ts';
import type { Node } from '../../../src/onnx/node.ts';
import { arrayOf, at, atBroadcast, broadcastShape, eachIndex, fill, sizeOf, type NumberArray } from './array.ts';
import { given, type Operator } from './operator.ts';

/** The array with its last two axes swapped. */
function swapped(x: NumberArray): NumberArray {
  const order = x.shape.map((_, axis) => axis);
  order.push(...order.splice(-2).reverse());
  return fill(
    order.map((axis) => x.shape[axis]!),
    (index) => {
      const source = [...index];
      source.push(...source.splice(-2).reverse());
      return at(x, source);
    },
  );
}

function product(a: NumberArray, b: NumberArray, scale: number): NumberArray {
  const inner = a.shape.at(-1)!;
  const batch = broadcastShape([a.shape.slice(0, -2), b.shape.slice(0, -2)]);
  return fill([...batch, a.shape.at(-2)!, b.shape.at(-1)!], (index) => {
    const outer = index.slice(0, -2);
    const [row, column] = index.slice(-2);
    let sum = 0;
    for (let k = 0; k < inner; k++) {
      sum += at(a, [...own(a, outer), row!, k]) * at(b, [...own(b, outer), k, column!]);
    }
    return scale * sum;
  });
}

/** Entries of a broadcast batch index that belong to this array. */
function own(x: NumberArray, outer: readonly number[]): number[] {
  const offset = outer.length - (x.shape.length - 2);
  return x.shape.slice(0, -2).map((dimension, axis) => (dimension === 1 ? 0 : outer[axis + offset]!));
}

const matmul: Operator = ([inputA, inputB], node) => {
  let a = given(inputA);
  let b = given(inputB);
  const vectorA = a.shape.length === 1;
  const vectorB = b.shape.length === 1;
  if (vectorA) a = arrayOf([1, ...a.shape], a.data);
  if (vectorB) b = arrayOf([...b.shape, 1], b.data);
  if (intOf(node, 'transA', 0)) a = swapped(a);
  if (intOf(node, 'transB', 0)) b = swapped(b);
  const result = product(a, b, floatOf(node, 'alpha', 1));
  const batch = result.shape.slice(0, -2);
  const [rows, columns] = result.shape.slice(-2);
  return [arrayOf([...batch, ...(vectorA ? [] : [rows!]), ...(vectorB ? [] : [columns!])], result.data)];
};

const gemm: Operator = ([inputA, inputB, c], node) => {
  const a = intOf(node, 'transA', 0) ? swapped(given(inputA)) : given(inputA);
  const b = intOf(node, 'transB', 0) ? swapped(given(inputB)) : given(inputB);
  const scaled = product(a, b, floatOf(node, 'alpha', 1));
  const beta = floatOf(node, 'beta', 1);
  return [fill(scaled.shape, (index) => at(scaled, index) + (c ? beta * atBroadcast(c, index) : 0))];
};

/** Labels of one term; the ellipsis stands for as many axes as are left, labelled by digits from the last one back. */
function labelsOf(term: string, rank: number): string[] {
  const letters = term.replace(/\s/g, '');
  const dots = rank - letters.replace('...', '').length;
  const names = Array.from({ length: dots }, (_, axis) => String(dots - 1 - axis));
  const [before = '', after = ''] = letters.split('...');
  return [...Array.from(before), ...(letters.includes('...') ? names : []), ...Array.from(after)];
}

const einsum: Operator = (inputs, node: Node) => {
  const operands = inputs.map(given);
  const [left = '', right] = textOf(node, 'equation', '').split('->');
  const terms = left.split(',').map((term, operand) => labelsOf(term, operands[operand]!.shape.length));
  const sizes = new Map<string, number>();
  terms.forEach((term, operand) => {
    term.forEach((label, axis) => sizes.set(label, Math.max(sizes.get(label) ?? 1, operands[operand]!.shape[axis]!)));
  });
  const labels = [...sizes.keys()];
  const dots = labels.filter((label) => /\d/.test(label)).sort((a, b) => Number(b) - Number(a));
  const once = labels.filter(
    (label) => !/\d/.test(label) && terms.flat().filter((name) => name === label).length === 1,
  );
  const output =
    right === undefined ? [...dots, ...once.sort()] : labelsOf(right, right.replace(/[.\s]/g, '').length + dots.length);
  const summed = labels.filter((label) => !output.includes(label));
  const inner = summed.map((label) => sizes.get(label)!);
  return [
    fill(
      output.map((label) => sizes.get(label)!),
      (outer) => {
        const entry = new Map(output.map((label, axis) => [label, outer[axis]!]));
        let sum = 0;
        eachIndex(inner, (index) => {
          summed.forEach((label, axis) => entry.set(label, index[axis]!));
          sum += operands.reduce(
            (value, operand, position) =>
              value *
              at(
                operand,
                terms[position]!.map((label, axis) => (operand.shape[axis] === 1 ? 0 : entry.get(label)!)),
              ),
            1,
          );
        });
        return sizeOf(inner) === 0 ? 0 : sum;
      },
    ),
  ];
};

export const matrixOperators: Readonly<Record<string, Operator>> = {
  MatMul: matmul,
  'com.microsoft.FusedMatMul': matmul,
  Gemm: gemm,
  Einsum: einsum,
};
