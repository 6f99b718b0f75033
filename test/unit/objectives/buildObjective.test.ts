import assert from 'node:assert/strict';
import { regressorsOf } from '../../../src/objectives/features/appendRegressor.ts';
import { needsTeacher, preparedTargetsOf, type ObjectiveTerm } from '../../../src/objectives/objectiveTerm.ts';
import { divergence, mean, softmax } from './losses/byHand.ts';
import { rowsOf } from './losses/lossCheck.ts';
import { runObjective, tables } from './losses/objectiveRun.ts';
import { usualTerms } from './losses/terms.ts';

function kdByHand(target: readonly number[][], temperature: number): number {
  const rows = rowsOf(tables.student!).map((row, index) => divergence(target[index]!, softmax(row, temperature)));
  return temperature ** 2 * mean(rows);
}

const close = (actual: number, expected: number): void => {
  assert.ok(Math.abs(actual - expected) < 1e-4 * Math.max(1, Math.abs(expected)), `${actual} against ${expected}`);
};

describe('objective', () => {
  it('is the weighted sum of its terms, whose own values have no weight', async () => {
    const { total, terms } = await runObjective([
      usualTerms.kd,
      usualTerms.labels,
      { ...usualTerms.kd, temperature: 1 },
    ]);
    assert.deepEqual([...terms.keys()], ['kd', 'labels', 'kd-2']);
    close(total, 0.9 * terms.get('kd')! + 0.1 * terms.get('labels')! + 0.9 * terms.get('kd-2')!);
    const teachers = rowsOf(tables.teacher!);
    close(
      terms.get('kd')!,
      kdByHand(
        teachers.map((row) => softmax(row, 4)),
        4,
      ),
    );
    close(
      terms.get('kd-2')!,
      kdByHand(
        teachers.map((row) => softmax(row, 1)),
        1,
      ),
    );
  });

  it('keeps T² when the label weight is 0', async () => {
    const alone = await runObjective([{ ...usualTerms.kd, weight: 1 }]);
    const beside = await runObjective([
      { ...usualTerms.kd, weight: 1 },
      { ...usualTerms.labels, weight: 0 },
    ]);
    close(
      alone.total,
      kdByHand(
        rowsOf(tables.teacher!).map((row) => softmax(row, 4)),
        4,
      ),
    );
    close(beside.total, alone.total);
    beside.gradient.forEach((value, index) => {
      close(value, alone.gradient[index]!);
    });
  });

  it("averages several teachers' probabilities by their weights", async () => {
    const { total } = await runObjective([{ ...usualTerms.kd, weight: 1 }], { teachers: [0.25, 0.75] });
    const target = rowsOf(tables.teacher!).map((row, index) => {
      const other = softmax(rowsOf(tables['teacher.2']!)[index]!, 4);
      return softmax(row, 4).map((p, c) => 0.25 * p + 0.75 * other[c]!);
    });
    close(total, kdByHand(target, 4));
  });

  it('trains several teachers as the weighted sum of their divergences would', async () => {
    const both = await runObjective([{ ...usualTerms.kd, weight: 1 }], { teachers: [0.25, 0.75] });
    const first = await runObjective([{ ...usualTerms.kd, weight: 0.25 }]);
    // Of the second the gradient by hand: 0.75 · T (p_s − p_t) / B.
    const second = rowsOf(tables.student!).flatMap((row, index) => {
      const target = softmax(rowsOf(tables['teacher.2']!)[index]!, 4);
      return softmax(row, 4).map((p, c) => (0.75 * 4 * (p - target[c]!)) / 4);
    });
    both.gradient.forEach((value, index) => {
      close(value, first.gradient[index]! + second[index]!);
    });
  });

  it('reads a prepared target in place of the teacher', async () => {
    const term = { ...usualTerms.kd, weight: 1, target: { clusters: 2 } };
    assert.deepEqual(preparedTargetsOf([term, usualTerms.kd]), new Map([['clusters-2', { clusters: 2 }]]));
    const { total } = await runObjective([term]);
    close(
      total,
      kdByHand(
        rowsOf(tables.clusters!).map((row) => softmax(row, 4)),
        4,
      ),
    );
  });

  for (const progress of [0, 0.25, 1]) {
    it(`follows scheduled weights and temperatures at ${progress} of the run`, async () => {
      const weight = { from: 0, to: 2, until: 0.5 };
      const temperature = { from: 8, to: 4, until: 1 };
      const scheduled = await runObjective([{ ...usualTerms.kd, weight, temperature }], { progress });
      const constant = await runObjective([
        { ...usualTerms.kd, weight: Math.min(4 * progress, 2), temperature: 8 - 4 * progress },
      ]);
      assert.deepEqual(scheduled.inputs.slice(-2).sort(), ['kd.temperature', 'kd.weight']);
      close(scheduled.total, constant.total);
      close(scheduled.terms.get('kd')!, constant.terms.get('kd')!);
      scheduled.gradient.forEach((value, index) => {
        close(value, constant.gradient[index]!);
      });
    });
  }

  for (const term of Object.values(usualTerms)) {
    it(`schedules every number of ${term.loss} that can be`, async () => {
      const fields = ['weight', 'temperature', 'alpha', 'beta', 'gamma', 'distance', 'angle', 'studentTemperature'];
      const named = regressorsOf([term])[0]?.kind === 'projection' ? { ...term, teacher: 'vectors' } : term;
      const scheduled = Object.fromEntries(
        Object.entries(named).map(([field, value]: [string, unknown]) =>
          fields.includes(field) ? [field, { from: Number(value), to: Number(value) + 1, until: 1 }] : [field, value],
        ),
      ) as unknown as ObjectiveTerm;
      const [moving, fixed] = [await runObjective([scheduled]), await runObjective([named])];
      close(moving.total, fixed.total);
      assert.ok(Number.isFinite(fixed.total));
      assert.ok(moving.inputs.includes(`${term.loss}.weight`));
    });
  }

  it('needs a teacher for all terms but those on labels', () => {
    const alone = Object.values(usualTerms).filter((term) => !needsTeacher(term));
    assert.deepEqual(
      alone.map(({ loss }) => loss),
      ['labels', 'binary-labels', 'mse'],
    );
  });

  it('says what a term lacks', async () => {
    await assert.rejects(runObjective([{ ...usualTerms.cosine, teacher: 'absent' }]), {
      message: "The term 'cosine' needs the teacher's feature 'absent', which it was not given.",
    });
    await assert.rejects(runObjective([usualTerms.kd], { teachers: [] }), { message: /needs a teacher/ });
    await assert.rejects(runObjective([]), { message: /at least one term/ });
  });
});
