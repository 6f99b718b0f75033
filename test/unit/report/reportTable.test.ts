import assert from 'node:assert/strict';
import {
  classRows,
  classTable,
  comparisonTable,
  reportRows,
  type ReportRowId,
} from '../../../src/report/reportTable.ts';
import type { Report } from '../../../src/report/report.ts';
import { inEnglish, type ReportText } from '../../../src/report/wording/reportText.ts';
import { sampleReport } from '../../support/sampleReport.ts';

function inWords(text: ReportText | null): string | null {
  return text === null ? null : inEnglish(text);
}

describe('reportRows', () => {
  it('writes every figure of teacher, student and baseline', () => {
    const cells = reportRows(sampleReport).map((row) => [
      row.id,
      row.teacher,
      row.student,
      row.baseline,
      inWords(row.change),
    ]);
    assert.deepEqual(cells, [
      ['parameters', '2.40 M', '1.28 M', '1.28 M', '1.9× smaller'],
      ['macs', '2.39 M', '1.28 M', '1.28 M', '1.9× smaller'],
      ['bytes', '9.6 MB', '5.1 MB', '5.1 MB', '1.9× smaller'],
      ['gzip', '8.8 MB', '4.7 MB', '4.7 MB', null],
      ['latency-p50', '0.20 ms', '0.10 ms', '0.10 ms', '2.0× faster'],
      ['latency-p95', '0.26 ms', '0.13 ms', '0.13 ms', null],
      ['latency-p99', '0.31 ms', '0.20 ms', '0.20 ms', null],
      ['throughput', '5.00 k', '10.0 k', '10.0 k', null],
      ['throughput-batched', '–', '100 k', '100 k', null],
      ['memory', '24.0 MB', '12.0 MB', '12.0 MB', '2.0× smaller'],
      ['memory-batched', '–', '13.0 MB', '13.0 MB', null],
      ['accuracy', '99.21 %', '98.91 %', '98.53 %', '−0.30 points'],
      ['errors', '79', '109', '147', null],
      ['loss', '0.02780', '0.04120', '0.06110', null],
      ['agreement', null, '99.34 %', null, null],
    ]);
  });

  it('names the device where speeds are of another one than the CPU, and has those on the CPU, too', () => {
    const { teacher, student } = sampleReport;
    const slow = { latencyMs: { p50: 1.2, p95: 2, p99: 3 }, throughput: { single: 800, batched: null } };
    const fast = { latencyMs: { p50: 0.4, p95: 1, p99: 1 }, throughput: { single: 2500, batched: null } };
    const rows = reportRows({
      ...sampleReport,
      device: { ...sampleReport.device, latency: 'webgpu' },
      teacher: teacher && { ...teacher, cpuSpeed: slow },
      student: { ...student, cpuSpeed: fast },
    }).filter(({ id }) => id.startsWith('latency') || id.startsWith('throughput'));
    assert.deepEqual(
      rows.map((row) => [row.label, row.teacher, row.student, inWords(row.change)]),
      [
        ['Latency on webgpu, median', '0.20 ms', '0.10 ms', '2.0× faster'],
        ['Latency on webgpu, 95 %', '0.26 ms', '0.13 ms', null],
        ['Latency on webgpu, 99 %', '0.31 ms', '0.20 ms', null],
        ['Samples/s on webgpu', '5.00 k', '10.0 k', null],
        ['Samples/s on webgpu, batch 32', '–', '100 k', null],
        ['Latency on cpu, median', '1.20 ms', '0.40 ms', '3.0× faster'],
        ['Samples/s on cpu', '800', '2.50 k', null],
      ],
    );
  });

  it('has the interval of how many times faster the student is, on the device and on the CPU', () => {
    const cpuSpeed = { latencyMs: { p50: 1, p95: 2, p99: 3 }, throughput: null };
    const rows = reportRows({
      ...sampleReport,
      teacher: sampleReport.teacher && { ...sampleReport.teacher, cpuSpeed },
      student: { ...sampleReport.student, cpuSpeed },
      ratios: {
        ...sampleReport.ratios!,
        latency: 2.4,
        latencyInterval: { value: 2.4, low: 2.2, high: 12 },
        cpuLatencyInterval: { value: 0.5, low: 0.4, high: 1.25 },
      },
    });
    const change = (id: ReportRowId) => inWords(rows.find((row) => row.id === id)?.change ?? null);
    assert.equal(change('latency-p50'), '2.4× faster (2.2–12)');
    assert.equal(change('latency-p50-cpu'), '2.0× slower (0.80–2.5)');
  });

  it('has all latencies in one unit, however fast some networks are', () => {
    const { teacher, student } = sampleReport;
    const at = (p50: number) => ({ latencyMs: { p50, p95: 1.2 * p50, p99: null } });
    const report = {
      ...sampleReport,
      teacher: teacher && { ...teacher, ...at(0.02) },
      student: { ...student, ...at(0.0095) },
    };
    const written = reportRows({ ...report, baseline: null });
    const rows = Object.fromEntries(written.map((row) => [row.id, [row.teacher, row.student]]));
    assert.deepEqual(rows['latency-p50'], ['20.0 µs', '9.5 µs']);
    assert.deepEqual(rows['latency-p95'], ['24.0 µs', '11.4 µs']);
  });

  it('says of how many samples the errors are', () => {
    const errorsOf = (report: Report): string | undefined =>
      reportRows(report).find(({ id }) => id === 'errors')?.label;
    assert.equal(errorsOf(sampleReport), 'Errors of 10,000');
    // Each label that a sample may have is decided on.
    const dataset = { ...sampleReport.dataset, task: 'multi-label', classes: ['a', 'b', 'c'] } as const;
    assert.equal(errorsOf({ ...sampleReport, dataset }), 'Errors of 30,000');
  });

  it('compares no memory that is too small to be told from that of the process', () => {
    const teacher = sampleReport.teacher && { ...sampleReport.teacher, memory: { single: 0, batched: 200_000 } };
    const rows = reportRows({ ...sampleReport, teacher }).filter(({ id }) => id.startsWith('memory'));
    assert.deepEqual(
      rows.map((row) => [row.teacher, row.change]),
      [
        ['0 B', null],
        ['200 kB', null],
      ],
    );
  });

  it('leaves teacher and baseline cells empty when there were none', () => {
    const rows = reportRows({ ...sampleReport, teacher: null, baseline: null, agreement: null, ratios: null });
    assert.ok(rows.every((row) => row.teacher === null && row.baseline === null && row.change === null));
    assert.ok(rows.every((row) => row.id !== 'agreement'));
  });
});

describe('classRows', () => {
  it('compares recall class by class, and knows classes without samples', () => {
    const rows = classRows(sampleReport).map((row) => ({ ...row, change: inWords(row.change) }));
    assert.deepEqual(rows, [
      { name: 'zero', teacher: '98.00 %', student: '99.00 %', baseline: '97.00 %', change: '+1.00 points' },
      { name: 'one', teacher: '75.00 %', student: '50.00 %', baseline: '25.00 %', change: '−25.00 points' },
      { name: 'two', teacher: null, student: null, baseline: null, change: null },
    ]);
  });
});

describe('comparisonTable and classTable', () => {
  it('have a column for every network of the run', () => {
    assert.deepEqual(comparisonTable(sampleReport).head, ['', 'Teacher', 'Student', 'Baseline', 'Difference']);
    assert.deepEqual(classTable(sampleReport).rows[1], ['one', '75.00 %', '50.00 %', '25.00 %', '−25.00 points']);
  });

  it('leave out the columns of networks that there are not', () => {
    const alone = { ...sampleReport, teacher: null, baseline: null, agreement: null, ratios: null };
    assert.deepEqual(comparisonTable(alone).head, ['', 'Student']);
    assert.deepEqual(comparisonTable(alone).rows[0], ['Parameters', '1.28 M']);
    assert.deepEqual(classTable({ ...sampleReport, baseline: null }).head, [
      'Class',
      'Teacher',
      'Student',
      'Difference',
    ]);
    assert.deepEqual(classTable(sampleReport).rows[2], ['two', '', '', '', '']);
  });
});
