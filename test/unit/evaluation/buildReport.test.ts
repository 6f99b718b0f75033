import assert from 'node:assert/strict';
import { buildReport, type MeasuredRun } from '../../../src/evaluation/buildReport.ts';
import type { ModelReport } from '../../../src/report/report.ts';
import { sampleReport } from '../../support/sampleReport.ts';

function withAccuracy(model: ModelReport, accuracy: number): ModelReport {
  return { ...model, test: { ...model.test, accuracy } };
}

const experiment = {
  student: {},
  epochs: 10,
  length: 'auto',
  withoutTeaching: null,
  isAugmented: false,
  isImages: true,
} as const;
const run: MeasuredRun = { ...sampleReport, experiment, baseline: null, speedUp: null, cpuSpeedUp: null };
const teacher = sampleReport.teacher!;
const student = sampleReport.student;

/** A run whose student is better and faster by the given amounts. */
function summaryOf(change: Partial<MeasuredRun>): string {
  return buildReport({ ...run, ...change }).summary;
}

describe('buildReport', () => {
  it('derives ratios, teacher over student, and the gain over the baseline', () => {
    const report = buildReport({ ...sampleReport, experiment, speedUp: null, cpuSpeedUp: null });
    assert.equal(report.version, 1);
    assert.equal(report.ratios?.parameters, 2_395_210 / 1_276_810);
    assert.equal(report.ratios.macs, 2_392_800 / 1_275_200);
    assert.equal(report.ratios.bytes, 9_581_937 / 5_108_123);
    assert.equal(report.ratios.latency, 2);
    assert.equal(report.gain, 0.9891 - 0.9853);
  });

  it('has neither without teacher and baseline', () => {
    const report = buildReport({ ...run, teacher: null, agreement: null });
    assert.equal(report.ratios, null);
    assert.equal(report.gain, null);
  });
});

describe('the speed in a report', () => {
  const speedUp = { value: 3, low: 2.5, high: 3.6 };

  it('is the median over the rounds with its interval, where that was measured', () => {
    const cpuSpeedUp = { value: 2, low: 1.9, high: 2.1 };
    const { ratios } = buildReport({ ...run, speedUp, cpuSpeedUp });
    assert.equal(ratios?.latency, 3);
    assert.deepEqual(ratios.latencyInterval, speedUp);
    assert.deepEqual(ratios.cpuLatencyInterval, cpuSpeedUp);
  });

  it('stands in the summary with its interval, and with what made it uncertain', () => {
    assert.match(summaryOf({ speedUp }), /, 3\.0× faster \(2\.5–3\.6\), /);
    const device = { ...sampleReport.device, load: { isBusy: true, others: 0.5, waiting: null } };
    assert.match(summaryOf({ speedUp, device }), /, 3\.0× faster \(2\.5–3\.6\) on a busy machine, /);
  });
});

describe('the summary', () => {
  it('is one sentence', () => {
    assert.equal(
      summaryOf({}),
      '1.9× smaller, 2.0× faster, −0.3 points of accuracy, agrees with the teacher on 99.3 %.',
    );
  });

  it('says what the teacher brought', () => {
    const end = 'the same student trained without the teacher.';
    const against = (accuracy: number) =>
      summaryOf({ baseline: withAccuracy(student, accuracy), gainInterval: null })
        .split(', ')
        .at(-1);
    assert.equal(against(0.9853), `0.4 points better than ${end}`);
    assert.equal(against(0.9791), `1.0 point better than ${end}`);
    assert.equal(against(0.9991), `1.0 point worse than ${end}`);
    assert.equal(against(0.9891), `no better than ${end}`);
  });

  it('says when the test split cannot tell what the teacher brought', () => {
    const baseline = withAccuracy(student, 0.9853);
    const withInterval = (low: number, high: number) =>
      summaryOf({ baseline, gainInterval: { value: 0.0038, low, high } });
    assert.match(withInterval(-0.001, 0.008), /0\.4 points better than .* without the teacher, perhaps by chance\.$/);
    assert.match(withInterval(0.001, 0.006), /0\.4 points better than .* without the teacher\.$/);
  });

  it('says what the teacher brought where numbers are predicted', () => {
    const withLoss = (model: ModelReport, loss: number): ModelReport => ({
      ...model,
      test: { ...model.test, accuracy: null, loss },
    });
    const against = (loss: number, low: number, high: number) =>
      summaryOf({
        student: { ...student, ...withLoss(student, 0.2) },
        baseline: withLoss(student, loss),
        gainInterval: { value: 0.2 - loss, low, high },
      });
    const end = 'that of the same student trained without the teacher';
    assert.ok(against(0.25, -0.08, -0.02).endsWith(`the error 20.0 % lower than ${end}.`));
    assert.ok(against(0.16, -0.01, 0.09).endsWith(`the error 25.0 % higher than ${end}, perhaps by chance.`));
    assert.ok(against(0.2, 0, 0).endsWith(`the error no lower than ${end}.`));
  });

  it('is right when the student is better than the teacher', () => {
    const better = { ...student, ...withAccuracy(student, 0.9971) };
    assert.match(summaryOf({ student: better }), / \+0\.5 points of accuracy, /);
  });

  it('is right for small and no differences of accuracy', () => {
    const close = (accuracy: number) => summaryOf({ student: { ...student, ...withAccuracy(student, accuracy) } });
    assert.match(close(0.9921), /faster, the same accuracy, agrees/);
    assert.match(close(0.9918), /faster, −0\.03 points of accuracy, agrees/);
  });

  it('is right when the student is larger and slower', () => {
    assert.match(
      summaryOf({ student: { ...student, bytes: teacher.bytes * 2, latencyMs: { p50: 0.25, p95: 1, p99: 1 } } }),
      /^2\.0× larger, 1\.3× slower, /,
    );
  });

  it('is right when nothing was gained', () => {
    assert.match(
      summaryOf({ student: { ...student, bytes: teacher.bytes, latencyMs: { p50: 0.201, p95: 1, p99: 1 } } }),
      /^The same size, as fast, /,
    );
  });

  it('speaks of the student alone when there is no teacher', () => {
    assert.equal(
      summaryOf({ teacher: null, agreement: null }),
      '98.91 % test accuracy, 1.28 M parameters, 5.1 MB, 0.10 ms per sample.',
    );
  });

  it('says when the run was stopped', () => {
    assert.match(summaryOf({ partial: true }), /^Stopped early, best student of epoch 9: 1\.9× smaller, /);
  });
});
