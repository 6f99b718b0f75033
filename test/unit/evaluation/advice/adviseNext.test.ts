import assert from 'node:assert/strict';
import {
  adviseNext,
  type AdvisedExperiment,
  type AdvisedReport,
} from '../../../../src/evaluation/advice/adviseNext.ts';
import type { Decisions } from '../../../../src/report/quality.ts';
import { patchLine } from '../../../../src/report/patchLine.ts';
import { adviceSection } from '../../../../src/report/sections/adviceSection.ts';
import { inEnglish } from '../../../../src/report/wording/reportText.ts';
import type { ModelReport } from '../../../../src/report/report.ts';
import { sampleReport } from '../../../support/sampleReport.ts';

const withAccuracy = <Model extends ModelReport>(model: Model, accuracy: number): Model => ({
  ...model,
  test: { ...model.test, accuracy },
});
const teacher = sampleReport.teacher!;

/** A run that ended by patience, with a teacher of 95 %, a student of 90 % and a baseline of 88 %. */
const fine: AdvisedReport = {
  ...sampleReport,
  teacher: withAccuracy(teacher, 0.95),
  student: { ...withAccuracy(sampleReport.student, 0.9), endedBy: 'patience' },
  baseline: withAccuracy(teacher, 0.88),
  gain: 0.02,
  gainInterval: { value: 0.02, low: 0.01, high: 0.03 },
  comparison: null,
  trainingAccuracy: 0.94,
};
const experiment: AdvisedExperiment = {
  student: { architecture: 'mlp', hidden: [8, 4], dropout: 0 },
  epochs: 20,
  length: 'fewer',
  withoutTeaching: { objective: [{ loss: 'labels', weight: 1 }] },
  isAugmented: false,
  isImages: false,
};
const kinds = (change: Partial<AdvisedReport>, of: Partial<AdvisedExperiment> = {}): string[] =>
  adviseNext({ ...fine, ...change }, { ...experiment, ...of }).map(({ kind }) => kind);

describe('what to do next', () => {
  it('is nothing where all is well', () => {
    assert.deepEqual(kinds({}), []);
  });

  it('never hides a loss against the baseline, says whether it may be chance, and names the file', () => {
    const worse = (high: number) =>
      adviseNext({ ...fine, gain: -0.01, gainInterval: { value: -0.01, low: -0.03, high } }, experiment)[0];
    assert.deepEqual(worse(0.02), {
      kind: 'worse-than-baseline',
      file: 'baseline.onnx',
      isSure: false,
      patch: experiment.withoutTeaching,
    });
    assert.equal((worse(-0.001) as { isSure: boolean }).isSure, true);
    assert.deepEqual(kinds({ gain: -1e-9, gainInterval: null }), ['worse-than-baseline']);
  });

  it('tells that a student is larger than its teacher', () => {
    const { student } = fine;
    const sizes = (bytes: number, parameters: number) => ({
      teacher: { ...withAccuracy(teacher, 0.95), bytes, parameters },
      student: { ...student, bytes: 19_000, parameters: 400 },
    });
    const [advice] = adviseNext({ ...fine, ...sizes(10_000, 300) }, experiment);
    assert.deepEqual(advice, { kind: 'larger-than-teacher', times: 1.9, patch: null });
    assert.match(inEnglish(adviceSection({ advice: [advice] })?.sentences[0] ?? assert.fail()), /1\.9 times as large/);
    assert.deepEqual(kinds(sizes(18_900, 300)), []);
    assert.deepEqual(kinds(sizes(10_000, 500)), [], 'a teacher may be packed');
  });

  it('tells that a teacher is no better than the student alone', () => {
    assert.deepEqual(kinds({ baseline: withAccuracy(teacher, 0.96), gain: 0 }), ['teacher-no-better']);
  });

  it('tells that the run ended with a student that was not taught', () => {
    const choice = { ...sampleReport.choice!, reason: 'taught-no-better' } as const;
    assert.deepEqual(kinds({ choice, gain: 0 }), ['taught-no-better']);
  });

  it('says nothing of a teacher that the test contradicts', () => {
    const choice = { ...sampleReport.choice!, reason: 'teacher-no-better' } as const;
    assert.deepEqual(kinds({ choice, gain: 0 }), ['taught-no-better'], 'it is better on the test');
    assert.deepEqual(kinds({ choice, baseline: withAccuracy(teacher, 0.96), gain: 0 }), ['teacher-no-better']);
  });

  it('says first that a student is no closer than whoever always says the mean', () => {
    const { student } = fine;
    const withR2 = (determination: number): Partial<AdvisedReport> => ({
      dataset: { ...fine.dataset, task: 'regression' },
      student: {
        ...student,
        test: {
          ...student.test,
          accuracy: null,
          deviation: { meanAbsoluteError: 1, rootMeanSquaredError: 1, determination },
        },
      },
    });
    const [advice] = adviseNext({ ...fine, ...withR2(-0.195) }, experiment);
    assert.deepEqual(advice, { kind: 'no-better-than-mean', determination: -0.195, patch: null });
    assert.match(
      inEnglish(adviceSection({ advice: [advice] })?.sentences[0] ?? assert.fail()),
      /R² on the test is −0\.2/,
    );
    assert.ok(!kinds(withR2(0.01)).includes('no-better-than-mean'));
  });

  describe('whoever always says the largest class', () => {
    const quality = { precision: 0, recall: 0, f1: 0, areaUnderCurve: null, averagePrecision: null };
    const decisions = (areaUnderCurve: number | null, ...samples: number[]): Decisions => ({
      topFive: null,
      balancedAccuracy: null,
      macro: quality,
      micro: quality,
      areaUnderCurve,
      calibrationError: 0,
      reliability: [],
      classes: samples.map((each) => ({ ...quality, samples: each })),
      confusion: null,
    });
    const student = (area: number | null, ...samples: number[]): Partial<AdvisedReport> => ({
      student: { ...fine.student, decisions: decisions(area, ...samples) },
    });

    it('is not beaten by a student that is right no more often, which is told first', () => {
      const [advice] = adviseNext({ ...fine, ...student(0.52, 50, 950), gain: -0.01 }, experiment);
      assert.deepEqual(advice, {
        kind: 'no-better-than-largest-class',
        largestClass: 'one',
        accuracy: 0.9,
        share: 0.95,
        areaUnderCurve: null,
        patch: null,
      });
      assert.deepEqual(kinds(student(0.52, 100, 900)), ['no-better-than-largest-class']);
      assert.deepEqual(kinds(student(0.52, 101, 899)), []);
    });

    it('ranks nothing, which a student may do all the same', () => {
      const [advice] = adviseNext({ ...fine, ...student(0.9, 50, 950) }, experiment);
      const [sentence] = adviceSection({ advice: advice ? [advice] : [] })?.sentences ?? [];
      assert.match(inEnglish(sentence ?? ''), /90\.00 %.*always says one \(95\.00 %\).*0\.900/);
    });

    it('is no measure where samples have several classes', () => {
      const dataset = { ...fine.dataset, task: 'multi-label' } as const;
      assert.deepEqual(kinds({ ...student(0.9, 950, 950), dataset }), []);
    });
  });

  it('wants a larger student where it does not even learn what it was shown', () => {
    const [advice] = adviseNext({ ...fine, trainingAccuracy: 0.91 }, experiment);
    assert.equal(advice?.kind, 'too-small');
    assert.deepEqual(advice.patch, { student: { hidden: [16, 8] } });
    assert.deepEqual(kinds({ trainingAccuracy: 0.94 }), []);
    const tree = { ...experiment, student: { architecture: 'decision-tree', leaves: 8 } };
    assert.deepEqual(adviseNext({ ...fine, trainingAccuracy: 0.91 }, tree)[0]?.patch, { student: { leaves: 16 } });
  });

  it('does not call a student small before it has been trained for long enough', () => {
    const cut = { student: { ...fine.student, endedBy: 'epochs', bestEpoch: 20 }, trainingAccuracy: 0.91 } as const;
    assert.deepEqual(kinds(cut), ['train-longer']);
    assert.deepEqual(kinds(cut, { length: 'auto' }), ['too-small']);
  });

  it('says nothing of differences that so few test samples come to by chance', () => {
    const ofFew = (samples: number) => ({
      student: { ...fine.student, test: { ...fine.student.test, samples } },
    });
    // Two standard errors of 90 % are 8.6 points with 48 samples, and 4.2 with 200.
    assert.deepEqual(kinds({ ...ofFew(48), trainingAccuracy: 0.98 }), []);
    assert.deepEqual(kinds({ ...ofFew(200), trainingAccuracy: 0.98 }), ['overfits']);
    assert.deepEqual(kinds({ ...ofFew(48), trainingAccuracy: 0.91 }), []);
    assert.deepEqual(kinds({ ...ofFew(2000), trainingAccuracy: 0.91 }), ['too-small']);
  });

  it('wants more to learn from where the student knows its samples by heart', () => {
    const [table] = adviseNext({ ...fine, trainingAccuracy: 0.99 }, experiment);
    assert.deepEqual([table?.kind, table?.patch], ['overfits', { student: { dropout: 0.2 } }]);
    const [image] = adviseNext({ ...fine, trainingAccuracy: 0.99 }, { ...experiment, isImages: true });
    assert.deepEqual(image?.patch, { augmentation: { shift: 2 } });
  });

  describe('where numbers are predicted', () => {
    const { student: asked } = fine;
    const deviation = (determination: number, determinationError?: number) => ({
      meanAbsoluteError: 1,
      rootMeanSquaredError: 1,
      determination,
      ...(determinationError !== undefined && { determinationError }),
    });
    /** A teacher of R² 0.9, and a student of these on what it was trained on and on the test. */
    const numbers = (training: number | null, test: number, error?: number): Partial<AdvisedReport> => ({
      dataset: { ...fine.dataset, task: 'regression' },
      gain: null,
      gainInterval: null,
      baseline: null,
      trainingAccuracy: null,
      trainingDetermination: training,
      teacher: { ...teacher, test: { ...teacher.test, accuracy: null, loss: 0, deviation: deviation(0.9, 0.01) } },
      student: { ...asked, test: { ...asked.test, accuracy: null, deviation: deviation(test, error) } },
    });

    it('a student that knows its samples by heart overfits, beyond what so few test samples come to by chance', () => {
      const [advice] = adviseNext({ ...fine, ...numbers(0.98, 0.7, 0.05) }, experiment);
      assert.deepEqual(advice, {
        kind: 'overfits-numbers',
        trainingDetermination: 0.98,
        testDetermination: 0.7,
        patch: { student: { dropout: 0.2 } },
      });
      assert.match(
        inEnglish(adviceSection({ advice: [advice] })?.sentences[0] ?? assert.fail()),
        /R² is 0\.98 on what it was trained on and 0\.70 on the test.*"dropout": 0\.2/,
      );
      assert.deepEqual(kinds(numbers(0.98, 0.7, 0.15)), [], 'two standard errors are more than that');
      assert.deepEqual(kinds(numbers(0.98, 0.89, 0.01)), []);
      assert.deepEqual(kinds(numbers(null, 0.7, 0.05)), [], 'it was not measured');
      assert.deepEqual(kinds(numbers(0.98, 0.7)), [], 'reports from before have no standard error');
    });

    it('one that does not even learn what it was shown is too small, once it was trained for long enough', () => {
      const [advice] = adviseNext({ ...fine, ...numbers(0.8, 0.79, 0.02) }, experiment);
      assert.deepEqual(advice, {
        kind: 'too-small-for-numbers',
        trainingDetermination: 0.8,
        teacherDetermination: 0.9,
        patch: { student: { hidden: [16, 8] } },
      });
      assert.match(
        inEnglish(adviceSection({ advice: [advice] })?.sentences[0] ?? assert.fail()),
        /too small: its R² is 0\.80 on what it was trained on, the teacher's 0\.90 on the test/,
      );
      assert.deepEqual(kinds(numbers(0.8, 0.79, 0.06)), []);
      assert.deepEqual(kinds(numbers(0.88, 0.87, 0.01)), []);
      assert.deepEqual(kinds(numbers(0.8, 0.74, 0.02)), [], 'what it learned does not hold on the test');
      const cut = { ...numbers(0.8, 0.79, 0.02) };
      const student = { ...cut.student!, endedBy: 'epochs', bestEpoch: 20 } as const;
      assert.deepEqual(kinds({ ...cut, student }), ['train-longer']);
      assert.deepEqual(
        kinds({ ...numbers(0.995, 0.98, 0.01), student: { ...student, test: numbers(0, 0.98, 0.01).student!.test } }),
        [],
      );
    });

    it('is said of no targets that are the samples themselves', () => {
      const dataset = { ...fine.dataset, task: 'reconstruction' } as const;
      assert.deepEqual(kinds({ ...numbers(0.98, 0.7, 0.01), dataset }), []);
    });
  });

  it('wants a longer training where the last epochs were the best', () => {
    const cut = { student: { ...fine.student, endedBy: 'epochs', bestEpoch: 20 } } as const;
    const [advice] = adviseNext({ ...fine, ...cut }, experiment);
    assert.deepEqual([advice?.kind, advice?.patch], ['train-longer', { training: { epochs: 'auto' } }]);
    const [longer] = adviseNext({ ...fine, ...cut }, { ...experiment, length: 'more' });
    assert.deepEqual(longer?.patch, { training: { epochs: 40 } }, 'a run would plan fewer steps itself');
    assert.deepEqual(kinds(cut, { length: 'auto' }), [], 'the run has decided how long to train');
    const inMinutes = { student: { ...cut.student, endedBy: 'maxMinutes' } } as const;
    assert.deepEqual(kinds(inMinutes, { length: 'auto' }), ['train-longer']);
    assert.deepEqual(kinds({ student: { ...cut.student, bestEpoch: 9 } }), []);
    // What is known by heart would only be known better.
    assert.deepEqual(kinds({ ...cut, student: withAccuracy(cut.student, 0.88) }), ['overfits']);
  });

  it('wants folds where few samples leave it open whether the teacher helped', () => {
    const dataset = { ...fine.dataset, training: 500, validation: 60, test: 150 };
    const [advice] = adviseNext(
      { ...fine, dataset, gainInterval: { value: 0.02, low: -0.01, high: 0.05 } },
      experiment,
    );
    assert.deepEqual(advice, { kind: 'use-folds', samples: 710, patch: { folds: 5 } });
    assert.deepEqual(kinds({ dataset }), [], 'it is sure');
    const own = { value: 0, low: 0, high: 0 };
    assert.deepEqual(kinds({ dataset, gain: 0, gainInterval: own }), [], 'the student is its own baseline');
  });

  it('names the classes that surely lost, the worst first', () => {
    const interval = (value: number, high: number) => ({ value, low: 2 * value, high });
    const classes = [interval(-0.05, -0.01), interval(-0.2, -0.1), interval(-0.3, 0.1)];
    const [advice] = adviseNext({ ...fine, comparison: { ...sampleReport.comparison!, classes } }, experiment);
    assert.deepEqual(advice, {
      kind: 'classes-lost',
      classes: [
        { name: 'one', lost: 0.2 },
        { name: 'zero', lost: 0.05 },
      ],
      patch: null,
    });
  });

  it('stands in the report with the line for the file', () => {
    const advice = adviseNext({ ...fine, trainingAccuracy: 0.91 }, experiment);
    const section = adviceSection({ advice });
    assert.match(inEnglish(section?.sentences[0] ?? ''), /too small.*"student": \{ "hidden": \[ 16, 8 \] \}$/);
    assert.equal(patchLine({ training: { epochs: 40 } }), '"training": { "epochs": 40 }');
  });
});
