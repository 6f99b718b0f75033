import assert from 'node:assert/strict';
import { buildDistLoss } from '../../../../src/objectives/losses/dist.ts';
import { arrayOf } from '../../../support/reference/array.ts';
import { dot, mean, norm, softmax } from './byHand.ts';
import { assertFinite, checkLoss, randomArray, rowsOf, runLoss, type Arrays, type Build } from './lossCheck.ts';

const inputs = { student: randomArray([5, 4], 14), teacher: randomArray([5, 4], 15) };

interface Parts {
  readonly beta: number;
  readonly gamma: number;
  readonly temperature: number;
}

const dist =
  (parts: Parts): Build =>
  (graph, { student, teacher }) =>
    buildDistLoss(graph, { ...parts, student: student!, teachers: [{ logits: teacher!, weight: 1 }] });

function correlation(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [a, b].map((values) => values.map((value) => value - mean(values))) as [number[], number[]];
  return dot(x, y) / (norm(x) * norm(y));
}

function byHand({ student, teacher }: Arrays, { beta, gamma, temperature }: Parts): number {
  const [s, t] = [student!, teacher!].map((logits) => rowsOf(logits).map((row) => softmax(row, temperature))) as [
    number[][],
    number[][],
  ];
  const column = (rows: readonly number[][], c: number): number[] => rows.map((row) => row[c]!);
  const withinRows = mean(s.map((row, index) => correlation(row, t[index]!)));
  const withinColumns = mean([0, 1, 2, 3].map((c) => correlation(column(s, c), column(t, c))));
  return temperature ** 2 * (beta * (1 - withinRows) + gamma * (1 - withinColumns));
}

describe('dist', () => {
  for (const parts of [
    { beta: 1, gamma: 1, temperature: 1 },
    { beta: 2, gamma: 0, temperature: 4 },
    { beta: 0, gamma: 1, temperature: 4 },
  ]) {
    it(`equals the definition with β ${parts.beta}, γ ${parts.gamma}, τ ${parts.temperature}`, () =>
      checkLoss({ inputs, build: dist(parts), byHand: (arrays) => byHand(arrays, parts) }));
  }

  it('is 0 where student and teacher agree', async () => {
    const same = { student: inputs.teacher, teacher: inputs.teacher };
    const { loss } = await runLoss(same, dist({ beta: 1, gamma: 1, temperature: 1 }));
    assert.ok(Math.abs(loss) < 1e-5);
  });

  it('counts rows and columns that do not vary as uncorrelated, without gradient', async () => {
    // The student says the same of every sample, and prefers no class in the first one.
    const student = arrayOf([3, 3], Array<number>(9).fill(2));
    const teacher = arrayOf([3, 3], [...inputs.teacher.data.slice(0, 9)]);
    const { loss, gradient } = await runLoss({ student, teacher }, dist({ beta: 1, gamma: 1, temperature: 1 }));
    assert.equal(loss, 2);
    assert.ok(gradient.every((value) => value === 0));
  });

  it('has a finite gradient when only the teacher does not vary', async () => {
    const teacher = arrayOf([5, 4], Array<number>(20).fill(0.3));
    assertFinite(await runLoss({ ...inputs, teacher }, dist({ beta: 1, gamma: 1, temperature: 4 })), 10);
  });

  it('stays finite for logits of ±10 000', async () => {
    const student = arrayOf([2, 3], [1e4, -1e4, 0, 0, 0, 0]);
    const teacher = arrayOf([2, 3], [-1e4, 1e4, 0, 1e4, 0, -1e4]);
    assertFinite(await runLoss({ student, teacher }, dist({ beta: 1, gamma: 1, temperature: 1 })));
  });
});
