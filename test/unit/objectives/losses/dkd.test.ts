import assert from 'node:assert/strict';
import { buildDkdLoss } from '../../../../src/objectives/losses/dkd.ts';
import { arrayOf } from '../../../support/reference/array.ts';
import { divergence, mean, softmax } from './byHand.ts';
import { assertFinite, checkLoss, oneHot, randomArray, rowsOf, runLoss, type Arrays, type Build } from './lossCheck.ts';

const labels = [2, 0, 3];
const inputs = { student: randomArray([3, 4], 11), teacher: randomArray([3, 4], 12), labels: oneHot(labels, 4) };

interface Parts {
  readonly alpha: number;
  readonly beta: number;
  readonly temperature: number;
}

const dkd =
  (parts: Parts): Build =>
  (graph, values) =>
    buildDkdLoss(graph, {
      ...parts,
      standardize: false,
      student: values.student!,
      teachers: [{ logits: values.teacher!, weight: 1 }],
      labels: values.labels!,
      rowWeights: values.rows,
    });

function byHand({ student, teacher }: Arrays, { alpha, beta, temperature }: Parts): number {
  const decouple = (logits: readonly number[], label: number) => {
    const target = softmax(logits, temperature)[label]!;
    const others = logits.filter((_, c) => c !== label);
    return { binary: [target, 1 - target], others: softmax(others, temperature) };
  };
  const rows = rowsOf(student!).map((row, index) => {
    const s = decouple(row, labels[index]!);
    const t = decouple(rowsOf(teacher!)[index]!, labels[index]!);
    return alpha * divergence(t.binary, s.binary) + beta * divergence(t.others, s.others);
  });
  return temperature ** 2 * mean(rows);
}

describe('dkd', () => {
  for (const parts of [
    { alpha: 1, beta: 8, temperature: 4 },
    { alpha: 1, beta: 0, temperature: 1 },
    { alpha: 0, beta: 2, temperature: 2 },
  ]) {
    it(`equals the definition with α ${parts.alpha}, β ${parts.beta}, T ${parts.temperature}`, () =>
      checkLoss({ inputs, build: dkd(parts), byHand: (arrays) => byHand(arrays, parts) }));
  }

  it('is kd when β is the probability that the teacher gives to the other classes', () => {
    // KL(p_t ‖ p_s) = KL(b_t ‖ b_s) + (1 − p_t,y) KL(p̂_t ‖ p̂_s), the decomposition that the method is named after.
    const teacher = arrayOf([1, 3], [1, 0, -1]);
    const beta = 1 - softmax([1, 0, -1])[0]!;
    return checkLoss({
      inputs: { student: randomArray([1, 3], 13), teacher, labels: oneHot([0], 3) },
      build: dkd({ alpha: 1, beta, temperature: 1 }),
      byHand: ({ student }) => divergence(softmax([1, 0, -1]), softmax([...student!.data])),
    });
  });

  it('is 0 with gradient 0 where student and teacher agree', async () => {
    const { loss, gradient } = await runLoss(
      { ...inputs, student: inputs.teacher },
      dkd({ alpha: 1, beta: 8, temperature: 4 }),
    );
    assert.ok(Math.abs(loss) < 1e-5);
    assert.ok(gradient.every((value) => Math.abs(value) < 1e-5));
  });

  it('stays finite for logits of ±10 000 and for teachers that are certain', async () => {
    const student = arrayOf([2, 3], [1e4, -1e4, 0, 0, 0, 0]);
    const teacher = arrayOf([2, 3], [-1e4, 1e4, 0, 1e4, 0, -1e4]);
    for (const certain of [
      [0, 0],
      [1, 2],
    ]) {
      const result = await runLoss(
        { student, teacher, labels: oneHot(certain, 3) },
        dkd({ alpha: 1, beta: 8, temperature: 1 }),
      );
      assertFinite(result, 10);
      assert.ok(result.loss > 0);
    }
  });

  it('counts only the rows with weight 1', async () => {
    const parts = { alpha: 1, beta: 8, temperature: 4 };
    const { loss, gradient } = await runLoss({ ...inputs, rows: arrayOf([3], [1, 0, 0]) }, dkd(parts));
    const [first] = rowsOf(inputs.student);
    const [target] = rowsOf(inputs.teacher);
    const expected = byHand({ student: arrayOf([1, 4], first!), teacher: arrayOf([1, 4], target!) }, parts);
    assert.ok(Math.abs(loss - expected) < 1e-4);
    assert.ok(gradient.slice(4).every((value) => value === 0));
  });
});
