import type { Decisions } from '../../src/report/quality.ts';
import type { Report } from '../../src/report/report.ts';
import { sampleReport } from './sampleReport.ts';

const decisions: Decisions = {
  topFive: null,
  balancedAccuracy: 0.745,
  macro: { precision: 0.7, recall: 0.75, f1: 0.72 },
  micro: { precision: 0.9891, recall: 0.9891, f1: 0.9891 },
  areaUnderCurve: 0.99,
  calibrationError: 0.0123,
  reliability: [
    { decisions: 0, confidence: null, accuracy: null },
    { decisions: 10_000, confidence: 0.99, accuracy: 0.98 },
  ],
  classes: [
    { precision: 0.98, recall: 0.99, f1: 0.985, samples: 6000, areaUnderCurve: 0.999, averagePrecision: 0.998 },
    { precision: 0.42, recall: 0.5, f1: 0.4565, samples: 4000, areaUnderCurve: 0.981, averagePrecision: 0.95 },
    { precision: 0, recall: 0, f1: 0, samples: 0, areaUnderCurve: null, averagePrecision: null },
  ],
  confusion: [
    [5940, 60, 0],
    [1990, 2000, 10],
    [0, 0, 0],
  ],
};

const { student } = sampleReport;
/** The first bytes of a picture are enough to tell that it is shown. */
const picture = 'data:image/png;base64,iVBORw0KGgo=';

/** The sample report with everything that a report of a classification can have; not the result of a run. */
export const detailedReport: Report = {
  ...sampleReport,
  sites: {
    weighting: 'confidence',
    validation: { accuracy: 0.9, loss: 0.3 },
    test: { accuracy: 0.89, loss: 0.31 },
    sites: ['north', 'south'].map((name, site) => ({
      name,
      classes: [
        { name: 'cat', samples: 300 * site },
        { name: 'dog', samples: 1200 },
      ],
      validation: { accuracy: 0.5, loss: 2 },
      ownAccuracy: site === 0 ? 0.97 : null,
    })),
  },
  teacher: sampleReport.teacher && { ...sampleReport.teacher, decisions },
  student: { ...student, decisions },
  comparison: {
    divergence: 0.0215,
    difference: { value: -0.003, low: -0.0052, high: -0.0008 },
    classes: [{ value: 0.01, low: 0.001, high: 0.02 }, { value: -0.25, low: -0.3, high: -0.2 }, null],
    disagreements: [
      {
        sample: 1234,
        truth: { class: 1 },
        teacher: { kind: 'class', class: 1, probability: 0.93 },
        student: { kind: 'class', class: 0, probability: 0.61 },
        distance: 1.7,
        shown: { kind: 'picture', picture },
      },
      {
        sample: 7,
        truth: { class: 0 },
        teacher: { kind: 'class', class: 0, probability: 0.8 },
        student: { kind: 'class', class: 1, probability: 0.7 },
        distance: 1.1,
        shown: { kind: 'features', features: [{ name: 'age <years>', value: '42' }] },
      },
    ],
  },
  provenance: {
    experiment: '1'.repeat(64),
    teachers: [{ file: 'mlp.onnx', sha256: '2'.repeat(64) }],
    data: { training: '3'.repeat(64), validation: '4'.repeat(64), test: '5'.repeat(64) },
    versions: { distillery: '0.1.0' },
  },
  matching: [
    {
      teacher: 'mlp.onnx',
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
  attention: {
    method: 'integrated gradients',
    samples: 32,
    student: { value: 0.52, low: 0.47, high: 0.58 },
    baseline: { value: 0.38, low: 0.33, high: 0.43 },
    gain: { value: 0.14, low: 0.1, high: 0.18 },
  },
  weightBytes: 5_107_240,
  variants: [
    {
      ...student,
      kind: 'static-int8',
      file: 'student.static-int8.onnx',
      bytes: 1_290_000,
      weightBytes: 1_280_000,
      weights: { bits: 7, reason: 'processor-overflows' },
      speedUp: null,
      agreement: 0.991,
      difference: { value: -0.0002, low: -0.0008, high: 0.0004 },
      keptOn: { split: 'validation', samples: 6000, difference: -0.0003 },
      refusal: null,
    },
    {
      ...student,
      kind: 'dynamic-int8',
      file: null,
      weightBytes: 1_280_000,
      weights: { bits: 7, reason: 'processor-overflows' },
      speedUp: null,
      agreement: 0.9,
      difference: { value: -0.09, low: -0.1, high: -0.08 },
      keptOn: { split: 'validation', samples: 6000, difference: -0.09 },
      refusal: 'It loses 9.00 points of accuracy on the validation split; 0.50 are allowed.',
    },
  ],
};

/** A report of a regression with two targets. */
export const regressionReport: Report = {
  ...sampleReport,
  dataset: { ...sampleReport.dataset, task: 'regression', classes: [] },
  teacher: null,
  baseline: null,
  agreement: null,
  gainInterval: null,
  ratios: null,
  student: {
    ...student,
    test: {
      samples: 10,
      errors: null,
      accuracy: null,
      loss: 0.25,
      deviation: { meanAbsoluteError: 0.4, rootMeanSquaredError: 0.5, determination: 0.75 },
      perClass: [],
    },
    targets: [{ name: 'price', meanAbsoluteError: 40, rootMeanSquaredError: 50, determination: 0.75 }],
  },
};
