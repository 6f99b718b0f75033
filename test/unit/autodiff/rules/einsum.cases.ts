import { text } from '../../../../src/onnx/graph.ts';
import { sample, type GradientCase } from '../../../support/gradientCheck.ts';

const einsum = (equation: string, shapes: readonly (readonly number[])[]): GradientCase => ({
  operator: 'Einsum',
  title: `${equation} of ${shapes.map((shape) => `[${shape.join(', ')}]`).join(', ')}`,
  inputs: shapes.map((shape) => sample(shape)),
  build: (graph, inputs) => graph.op('Einsum', inputs, { equation: text(equation) }),
});

export const einsumCases: readonly GradientCase[] = [
  einsum('ij,jk->ik', [
    [2, 3],
    [3, 4],
  ]),
  einsum('ij, jk', [
    [2, 3],
    [3, 4],
  ]),
  einsum('bhid,bhjd->bhij', [
    [2, 2, 3, 2],
    [2, 2, 4, 2],
  ]),
  einsum('...ij,...jk->...ik', [
    [2, 2, 3],
    [2, 3, 2],
  ]),
  einsum('...ij,jk->...ik', [
    [2, 1, 2, 3],
    [3, 2],
  ]),
  einsum('ij->ji', [[2, 3]]),
  einsum('ij->i', [[2, 3]]),
  einsum('ij->', [[2, 3]]),
  einsum('i,j->ij', [[2], [3]]),
  einsum('ij,ij->', [
    [2, 3],
    [2, 3],
  ]),
  einsum('ij,jk,kl->il', [
    [2, 3],
    [3, 2],
    [2, 2],
  ]),
  einsum('abc,b->ac', [[2, 3, 2], [3]]),
  einsum('ab,cd->a', [
    [2, 3],
    [2, 2],
  ]),
  einsum('bij,bjk->bik', [
    [1, 2, 3],
    [4, 3, 2],
  ]),
];
