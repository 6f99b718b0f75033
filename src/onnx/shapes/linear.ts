import { inputOf, intOf, misfit } from '../attributes.ts';
import { broadcastShapes } from './broadcast.ts';
import { type ShapeRule } from './rule.ts';

/** Y = α · op(A) · op(B) + β · C on matrices. */
const gemm: ShapeRule = ({ node }) => {
  const a = inputOf(node, 0);
  const b = inputOf(node, 1);
  if (a.shape.length !== 2 || b.shape.length !== 2) throw misfit(node, 'both factors must be matrices');
  const [rows, inner] = intOf(node, 'transA', 0) ? [a.shape[1], a.shape[0]] : [a.shape[0], a.shape[1]];
  const [innerB, columns] = intOf(node, 'transB', 0) ? [b.shape[1], b.shape[0]] : [b.shape[0], b.shape[1]];
  if (rows === undefined || columns === undefined) throw misfit(node, 'both factors must be matrices');
  if (typeof inner === 'number' && typeof innerB === 'number' && inner !== innerB) {
    throw misfit(node, `the inner sizes ${inner} and ${innerB} differ`);
  }
  const bias = node.inputs[2];
  if (bias && broadcastShapes([[rows, columns], bias.shape])?.length !== 2) {
    throw misfit(node, `the bias does not broadcast to [${rows}, ${columns}]`);
  }
  return { results: [{ type: a.type, shape: [rows, columns] }] };
};

/** Batched product; the last two axes are the matrices, `trans…` swaps them (`FusedMatMul`). */
export const matmul: ShapeRule = ({ node }) => {
  const a = inputOf(node, 0);
  const b = inputOf(node, 1);
  let shapeA = [...a.shape];
  let shapeB = [...b.shape];
  if (shapeA.length === 0 || shapeB.length === 0) throw misfit(node, 'a scalar cannot be a factor');
  const vectorA = shapeA.length === 1;
  const vectorB = shapeB.length === 1;
  if (vectorA) shapeA = [1, ...shapeA];
  if (vectorB) shapeB = [...shapeB, 1];
  if (intOf(node, 'transA', 0)) shapeA.push(...shapeA.splice(-2).reverse());
  if (intOf(node, 'transB', 0)) shapeB.push(...shapeB.splice(-2).reverse());
  const [rows, inner] = shapeA.slice(-2);
  const [innerB, columns] = shapeB.slice(-2);
  if (rows === undefined || columns === undefined) throw misfit(node, 'the factors must have a matrix each');
  if (typeof inner === 'number' && typeof innerB === 'number' && inner !== innerB) {
    throw misfit(node, `the inner sizes ${inner} and ${innerB} differ`);
  }
  const batch = broadcastShapes([shapeA.slice(0, -2), shapeB.slice(0, -2)]);
  if (!batch) throw misfit(node, 'the batch dimensions do not broadcast');
  return { results: [{ type: a.type, shape: [...batch, ...(vectorA ? [] : [rows]), ...(vectorB ? [] : [columns])] }] };
};

/** A product with a matrix [K, N] that is stored in blocks of a few bits. */
const productOfBits: ShapeRule = ({ node }) => {
  const { type, shape } = inputOf(node, 0);
  const [rows, columns] = [intOf(node, 'K', 0), intOf(node, 'N', 0)];
  const inner = shape.at(-1);
  if (inner === undefined) throw misfit(node, 'a scalar cannot be a factor');
  if (typeof inner === 'number' && inner !== rows) throw misfit(node, `the inner sizes ${inner} and ${rows} differ`);
  return { results: [{ type, shape: [...shape.slice(0, -1), columns] }] };
};

export const linearRules: Readonly<Record<string, ShapeRule>> = {
  Gemm: gemm,
  MatMul: matmul,
  'com.microsoft.FusedMatMul': matmul,
  'com.microsoft.MatMulNBits': productOfBits,
};
