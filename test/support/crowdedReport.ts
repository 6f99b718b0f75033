import type { Report } from '../../src/report/report.ts';
import type { ClassQuality, Decisions, Interval } from '../../src/report/quality.ts';
import { detailedReport } from './detailedReport.ts';

/** A class for each of the things that names come as: long ones without a blank, of other scripts, and many of them. */
const CLASSES = Array.from({ length: 100 }, (_, index) => {
  if (index === 0) return 'Pneumonoultramicroscopicsilicovolcanoconiosis_of_the_left_lower_lobe_stage_IIIb';
  if (index % 3 === 0) return `金黄色葡萄球菌感染引起的社区获得性肺炎（第${index}类）`;
  if (index % 3 === 1) return `class_${index}`;
  return `Nowotwór złośliwy ${index}`;
});

/** 200 characters of a path that a person may have. */
export const LONG_PATH = `data/${'a-collection-of-photographs-from-the-ward/'.repeat(4)}2026-01-02_final_final_v2_really_final/images`;

const interval = (value: number): Interval => ({ value, low: value - 0.02, high: value + 0.02 });

const quality = (index: number): ClassQuality => ({
  precision: 0.9 - index / 400,
  recall: 0.95 - index / 300,
  f1: 0.92 - index / 350,
  samples: 100,
  areaUnderCurve: 0.99,
  averagePrecision: 0.95,
});

const decisions: Decisions = {
  ...detailedReport.student.decisions!,
  topFive: 0.99,
  reliability: Array.from({ length: 15 }, (_, bin) => ({
    decisions: 100 + bin,
    confidence: (bin + 0.5) / 15,
    accuracy: Math.min(1, (bin + 1) / 15),
  })),
  classes: CLASSES.map((_, index) => quality(index)),
  confusion: null,
};

const test = { ...detailedReport.student.test, perClass: CLASSES.map((_, index) => 0.95 - index / 300) };
const teacherTest = { ...detailedReport.teacher!.test, perClass: CLASSES.map(() => 0.99) };
const [disagreement] = detailedReport.comparison!.disagreements;

/**
 * A report with nearly every part that there is, of a hundred classes with names of several scripts and lengths, and of files whose
 * names are long. Not the result of a run.
 */
export const crowdedReport: Report = {
  ...detailedReport,
  summary:
    '1.9× smaller, 2.0× faster, −0.3 points of accuracy, agrees with the teacher on 99.3 %, +0.4 points over the same student trained without the teacher.',
  dataset: { ...detailedReport.dataset, path: LONG_PATH, classes: CLASSES, unlabelled: 12_000 },
  teacher: { ...detailedReport.teacher!, test: teacherTest, decisions },
  student: {
    ...detailedReport.student,
    test,
    decisions,
    epochChoice: { parts: 4, samples: 260, accuracy: 0.9012, loss: 0.3, own: 0.35 },
    corrections: [
      { class: CLASSES[0]!, offset: 1.25 },
      { class: CLASSES[3]!, offset: -0.5 },
    ],
  },
  baseline: { ...detailedReport.baseline!, test, decisions },
  members: [
    { name: `${'a-teacher-with-a-long-name-'.repeat(4)}.onnx`, weight: 0.7, accuracy: 0.99, errors: 100, loss: 0.03 },
    { name: '教师模型.onnx', weight: 0.3, accuracy: 0.98, errors: 200, loss: 0.05 },
  ],
  seeds: [0, 1, 2].map((seed) => ({
    seed,
    student: { accuracy: 0.98 + seed / 1000, errors: 200 - seed * 10, loss: 0.05 },
    baseline: { accuracy: 0.97 + seed / 1000, errors: 300 - seed * 10, loss: 0.06 },
  })),
  gainOverSeeds: interval(0.01),
  folds: {
    results: [1, 2, 3].map((fold) => ({
      fold,
      training: 200,
      test: 60,
      student: { accuracy: 0.9, errors: 6, loss: 0.3 },
      baseline: { accuracy: 0.88, errors: 7, loss: 0.35 },
      teacher: { accuracy: 0.95, errors: 3, loss: 0.2 },
    })),
    gain: interval(0.02),
    isInTime: false,
    isTeacherTrained: true,
  },
  comparison: {
    ...detailedReport.comparison!,
    classes: CLASSES.map((_, index) => interval(-(index + 1) / 200)),
    disagreements: CLASSES.slice(0, 12).map((_, index) => ({
      ...disagreement!,
      sample: index,
      truth: { class: index },
      teacher: { kind: 'class', class: index, probability: 0.93 },
      student: { kind: 'class', class: (index + 3) % 100, probability: 0.61 },
      shown:
        index % 2 === 0
          ? { kind: 'text', text: '一段很长的文字，没有空格也没有换行。'.repeat(12) }
          : { kind: 'features', features: [{ name: 'serum_creatinine_mg_per_dl_at_admission', value: '1.234' }] },
    })),
  },
  provenance: {
    ...detailedReport.provenance!,
    teachers: [{ file: `${'a-teacher-with-a-long-name-'.repeat(4)}.onnx`, sha256: '2'.repeat(64) }],
  },
  matching: [
    {
      teacher: `${'a-teacher-with-a-long-name-'.repeat(4)}.onnx`,
      notes: ['The teacher decides 99.0 % of 500 validation samples rightly; its output 0 gives logits.'],
      warnings: [
        {
          message:
            'The teacher decides only 12.0 % of 500 validation samples rightly, which is no better than guessing.',
          hint: 'Check that it was trained for these classes, and what its fields normalization and classes should say.',
        },
      ],
    },
  ],
  choice: {
    chosen: 'kd T 2 × 0.9 + labels × 0.1',
    reason: 'best',
    objective: [{ loss: 'kd', temperature: 2, weight: 0.9 }],
    trials: [
      'labels × 1',
      'kd T 2 × 0.9 + labels × 0.1',
      'dkd α 1 β 8 × 0.9 + labels × 0.1 + hint stage3 → stage2 × 100',
    ].map((name, index) => ({
      name,
      objective: [{ loss: 'labels' }],
      steps: 200 * (index + 1),
      accuracy: 0.9 + index / 100,
      loss: 0.3,
      advantage: index === 0 ? null : { value: 0.01 * index, deviation: 0.004 },
    })),
    teacherAccuracy: 0.99,
    seconds: 42,
  },
  crossFittedTeacher: { parts: 4, accuracy: 0.91, loss: 0.3 },
  enlargement: {
    outcome: 'augmentation',
    steps: 300,
    training: { accuracy: 1, loss: 0.01 },
    validation: { accuracy: 0.82, loss: 0.8 },
    count: 260,
    parameters: 1_276_810,
    augmentation: { shift: 2, flip: true },
    views: 4,
    rows: null,
    tried: [
      { augmentation: { shift: 2 }, accuracy: 0.97, isKept: true },
      { augmentation: { flip: true, rotate: 15, brightness: 0.2 }, accuracy: 0.71, isKept: false },
    ],
    unchangedAccuracy: 0.98,
  },
  rate: {
    chosen: 0.003,
    steps: 100,
    trials: [0.0003, 0.001, 0.003, 0.01].map((learningRate, index) => ({
      learningRate,
      outcome:
        index === 3
          ? null
          : {
              training: { accuracy: 0.9, loss: 0.3 },
              validation: { accuracy: 0.8 + index / 100, loss: 0.5 },
              count: 260,
            },
    })),
  },
  validation: { student: { accuracy: 0.98, loss: 0.05 }, baseline: { accuracy: 0.97, loss: 0.06 } },
  trainingAccuracy: 0.999,
  advice: [
    { kind: 'worse-than-baseline', file: 'baseline.onnx', isSure: true, patch: { teacher: null, objective: 'auto' } },
    { kind: 'overfits', trainingAccuracy: 0.999, testAccuracy: 0.9, patch: { training: { weightDecay: 0.001 } } },
    {
      kind: 'classes-lost',
      classes: [CLASSES[0]!, CLASSES[3]!, CLASSES[5]!].map((name, index) => ({ name, lost: 0.3 - index / 20 })),
      patch: null,
    },
  ],
  changedInputs: ['dataset', 'teacher'],
};
