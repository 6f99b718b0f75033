import type { ModelReport, Report } from '../../src/protocol/report.ts';

const student: ModelReport = {
  parameters: 1_276_810,
  macs: 1_275_200,
  bytes: 5_108_123,
  latencyMs: { p50: 0.1, p95: 0.13 },
  test: { samples: 10_000, errors: 109, accuracy: 0.9891, loss: 0.0412, deviation: null, perClass: [0.99, 0.5, null] },
};

/** A complete report with round numbers; not the result of a run. */
export const sampleReport: Report = {
  version: 1,
  id: '2026-01-02T03-04-05-mnist-kd',
  name: 'mnist kd',
  createdAt: '2026-01-02T03:14:05.000Z',
  partial: false,
  summary: 'One sentence.',
  dataset: {
    path: 'data/mnist',
    task: 'classification',
    classes: ['zero', 'one', 'two'],
    training: 54_000,
    validation: 6_000,
    test: 10_000,
  },
  device: { training: 'cpu', latency: 'cpu', machine: 'A machine' },
  teacher: {
    parameters: 2_395_210,
    macs: 2_392_800,
    bytes: 9_581_937,
    latencyMs: { p50: 0.2, p95: 0.26 },
    test: {
      samples: 10_000,
      errors: 79,
      accuracy: 0.9921,
      loss: 0.0278,
      deviation: null,
      perClass: [0.98, 0.75, null],
    },
  },
  student: { ...student, file: 'student.onnx', bestEpoch: 9, corrections: [], endedBy: 'epochs' },
  baseline: {
    ...student,
    test: {
      samples: 10_000,
      errors: 147,
      accuracy: 0.9853,
      loss: 0.0611,
      deviation: null,
      perClass: [0.97, 0.25, null],
    },
  },
  agreement: 0.9934,
  ratios: { parameters: 1.876, macs: 1.876, bytes: 1.876, latency: 2 },
  gain: 0.0038,
  seconds: { total: 600, teacherOutputs: 3.5, student: 290, baseline: 280 },
};
