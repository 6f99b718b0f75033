import assert from 'node:assert/strict';
import type { Report } from '../../../src/report/report.ts';
import { sizedNetworks } from '../../../src/report/sizedNetworks.ts';
import { detailedReport, regressionReport } from '../../support/detailedReport.ts';
import { sampleReport } from '../../support/sampleReport.ts';

/** A report with a student of this size and quality, and nothing else. */
function reportOf(id: string, bytes: number, accuracy: number, change: Partial<Report> = {}): Report {
  const { student } = sampleReport;
  const test = { ...student.test, accuracy };
  return { ...sampleReport, id, baseline: null, student: { ...student, bytes, test }, ...change };
}

const front = (networks: ReturnType<typeof sizedNetworks>): string[] =>
  networks.filter(({ isOnFront }) => isOnFront).map(({ run }) => run);

describe('sizedNetworks', () => {
  it('has the student, the baseline and what was kept of quantised students', () => {
    const networks = sizedNetworks(detailedReport, []);
    assert.deepEqual(
      networks.map(({ kind, bytes }) => [kind, bytes]),
      [
        ['static-int8', 1_290_000],
        ['baseline', 5_108_123],
        ['student', 5_108_123],
      ],
    );
    assert.ok(networks.every(({ standing, run }) => standing === 'run' && run === detailedReport.id));
  });

  it('has the student as pruning left it', () => {
    const [quantized] = detailedReport.variants;
    const pruned = { ...quantized!, kind: 'pruned' as const, file: 'student.pruned.onnx', bytes: 5_108_000 };
    const networks = sizedNetworks({ ...detailedReport, variants: [pruned] }, []);
    assert.deepEqual(
      networks.map(({ kind }) => kind),
      ['pruned', 'baseline', 'student'],
    );
  });

  it('has what no other one beats in both size and quality on the front', () => {
    const own = reportOf('own', 200, 0.9);
    const others = [
      reportOf('larger and worse', 300, 0.89),
      reportOf('smaller and worse', 100, 0.8),
      reportOf('as large and worse', 200, 0.85),
      reportOf('larger and as good', 250, 0.9),
      reportOf('largest and best', 400, 0.95),
    ];
    assert.deepEqual(front(sizedNetworks(own, others)), ['smaller and worse', 'own', 'largest and best']);
  });

  it('keeps twins on the front', () => {
    assert.deepEqual(front(sizedNetworks(reportOf('a', 100, 0.9), [reportOf('b', 100, 0.9)])), ['a', 'b']);
  });

  it('takes a smaller error for a better one', () => {
    const { student } = regressionReport;
    const worse = { ...regressionReport, id: 'worse', student: { ...student, test: { ...student.test, loss: 0.5 } } };
    assert.deepEqual(front(sizedNetworks(regressionReport, [worse])), [regressionReport.id]);
  });

  it('tells other runs of the experiment from other experiments, and leaves runs on other data out', () => {
    const own = reportOf('own', 100, 0.9);
    const dataset = { ...sampleReport.dataset, path: 'elsewhere' };
    const networks = sizedNetworks(own, [
      reportOf('again', 110, 0.9),
      reportOf('another', 120, 0.9, { name: 'another' }),
      reportOf('other data', 130, 0.9, { dataset }),
      reportOf('other split', 140, 0.9, { dataset: { ...sampleReport.dataset, test: 5 } }),
      { ...reportOf('own', 150, 0.9), name: 'the same run, read from its folder' },
    ]);
    assert.deepEqual(
      networks.map(({ run, standing }) => [run, standing]),
      [
        ['own', 'run'],
        ['again', 'experiment'],
        ['another', 'other'],
      ],
    );
  });

  it('leaves out what was not measured', () => {
    assert.deepEqual(
      sizedNetworks(reportOf('own', 100, 0.9), [reportOf('a', 0, 0.9), reportOf('b', 100, NaN)]).map(({ run }) => run),
      ['own'],
    );
  });
});
