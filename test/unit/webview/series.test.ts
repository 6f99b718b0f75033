import assert from 'node:assert/strict';
import type { Curve } from '../../../src/protocol/snapshot.ts';
import {
  accuracyFormat,
  accuracySeries,
  describeSeries,
  learningRateFormat,
  lossFormat,
  lossSeries,
  shownEpochs,
  tableRows,
  validationLossSeries,
} from '../../../webview/charts/series.ts';

function curve(network: Curve['network'], term: string, y: Curve['y']): Curve {
  return { network, term, x: y.map((_value, index) => index + 1), y };
}

describe('accuracySeries', () => {
  it('draws the teacher as a level over the width of the others', () => {
    const series = accuracySeries({
      accuracies: [curve('student', 'accuracy', [0.9, 0.95, 0.97]), curve('baseline', 'accuracy', [0.8])],
      teacherAccuracy: 0.99,
      epochs: 3,
    });
    assert.deepEqual(
      series.map(({ label, isDashed }) => ({ label, isDashed })),
      [
        { label: 'student', isDashed: false },
        { label: 'baseline', isDashed: true },
        { label: 'teacher', isDashed: true },
      ],
    );
    const level = series.find(({ isLevel }) => isLevel);
    assert.deepEqual(level?.x, [0, 3]);
    assert.deepEqual(level.y, [0.99, 0.99]);
  });

  it('draws the teacher that is being trained until its accuracy is known', () => {
    const accuracies = [curve('teacher', 'accuracy', [0.5])];
    assert.equal(accuracySeries({ accuracies })[0]?.isLevel, false);
    assert.equal(accuracySeries({ accuracies, teacherAccuracy: 0.9 })[0]?.isLevel, true);
  });
});

describe('validationLossSeries', () => {
  it('draws losses against the teacher’s, for tasks without accuracy', () => {
    const series = validationLossSeries({
      validationLosses: [curve('student', 'validation', [0.5, 0.2])],
      teacherLoss: 0.1,
      epochs: 2,
    });
    assert.deepEqual(
      series.map(({ label, y }) => ({ label, y })),
      [
        { label: 'student', y: [0.5, 0.2] },
        { label: 'teacher', y: [0.1, 0.1] },
      ],
    );
  });
});

describe('shownEpochs', () => {
  const ending = (last: number) =>
    accuracySeries({
      accuracies: [{ ...curve('student', 'accuracy', [0.5]), x: [last] }],
      teacherAccuracy: 0.9,
      epochs: 100,
    });

  it('grows with the curves until it has all epochs', () => {
    assert.deepEqual(
      [0.2, 10, 90, 100].map((last) => shownEpochs(ending(last), 100)),
      [1, 13, 100, 100],
    );
  });
});

describe('lossSeries', () => {
  it("draws the student's terms and the baseline's total, in different colours", () => {
    const series = lossSeries({
      losses: [
        curve('teacher', 'total', [9]),
        curve('student', 'total', [1]),
        curve('student', 'kd', [2]),
        curve('student', 'labels', [3]),
        curve('baseline', 'total', [4]),
        curve('baseline', 'labels', [4]),
      ],
    });
    assert.deepEqual(
      series.map(({ label }) => label),
      ['total', 'Distillation (kd)', 'Labels', 'baseline, total'],
    );
    assert.equal(new Set(series.map(({ color }) => color)).size, 4);
  });

  it("draws the teacher's while nothing else was trained", () => {
    assert.equal(lossSeries({ losses: [curve('teacher', 'total', [9])] }).length, 1);
  });
});

describe('the table beside a chart', () => {
  it('has means per epoch, levels in every row and gaps where nothing was measured', () => {
    const student = {
      ...accuracySeries({ accuracies: [curve('student', 'accuracy', [0.5])] })[0]!,
      x: [0.5, 1, 1.5, 2],
      y: [1, 3, null, 6],
    };
    const level = { ...student, isLevel: true, x: [0, 2], y: [9, 9] };
    const other = { ...student, x: [2], y: [7] };
    assert.deepEqual(tableRows([student, level, other]), [
      [1, 2, 9, null],
      [2, 6, 9, 7],
    ]);
  });

  it('has the means that were told where points are the least and the greatest of many', () => {
    const [line] = accuracySeries({
      accuracies: [{ ...curve('student', 'accuracy', [0, 9]), perEpoch: { x: [1, 2], y: [4, null] } }],
    });
    assert.deepEqual(tableRows([line!]), [
      [1, 4],
      [2, null],
    ]);
  });

  it('has no row for the planned end that a level line reaches to', () => {
    const accuracies = [curve('student', 'accuracy', [0.9, 0.95])];
    const rows = tableRows(accuracySeries({ accuracies, teacherAccuracy: 0.99, epochs: 50 }));
    assert.deepEqual(rows, [
      [1, 0.9, 0.99],
      [2, 0.95, 0.99],
    ]);
  });
});

describe('ticks of an axis', () => {
  it('have as many digits as tell them apart', () => {
    assert.equal(learningRateFormat.tick(0.0007), '7e-4');
    assert.equal(learningRateFormat.tick(0.00075, 0.0001), '7.5e-4');
    assert.equal(learningRateFormat.tick(0.000732, 0.000002), '7.32e-4');
    assert.equal(learningRateFormat.tick(0, 0.1), '0');
    assert.equal(lossFormat.tick(0.30125, 0.0002), '0.3013');
    assert.equal(lossFormat.tick(0, 0.0002), '0');
    assert.equal(lossFormat.tick(2, 1), '2');
  });
});

describe('describeSeries', () => {
  it('reads the newest values out', () => {
    const series = accuracySeries({ accuracies: [curve('student', 'accuracy', [0.9, 0.95])], teacherAccuracy: 0.99 });
    assert.equal(describeSeries(series, accuracyFormat.value), 'student: 95.00 %, teacher: 99.00 %');
  });
});
