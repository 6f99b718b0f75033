import assert from 'node:assert/strict';
import { renderCsv } from '../../../src/rendering/renderCsv.ts';
import { detailedReport, regressionReport } from '../../support/detailedReport.ts';

describe('renderCsv', () => {
  const lines = renderCsv(detailedReport).split('\r\n');

  it('has a column for every network and a row for every figure', () => {
    assert.equal(lines[0], 'figure,teacher,student,baseline,static-int8,dynamic-int8');
    assert.ok(lines.includes('accuracy,0.9921,0.9891,0.9853,0.9891,0.9891'));
    assert.ok(lines.includes('f1 of one,0.4565,0.4565,,,'));
    assert.ok(lines.includes('peak_memory_bytes,24000000,12000000,12000000,12000000,12000000'));
    assert.ok(lines.includes('attention_correlation,,0.52,0.38,,'));
    assert.ok(lines.includes('training_peak_memory_bytes,,410000000,,,'));
    assert.equal(lines.at(-1), '');
  });

  it('has how many times faster networks are, with intervals, and how busy the machine was', () => {
    const text = renderCsv({
      ...detailedReport,
      ratios: { ...detailedReport.ratios!, latency: 2, latencyInterval: { value: 2, low: 1.9, high: 2.2 } },
      variants: detailedReport.variants.map((variant) => ({
        ...variant,
        speedUp: variant.kind === 'static-int8' ? { value: 1.5, low: 1.4, high: 1.6 } : null,
      })),
      device: { ...detailedReport.device, load: { isBusy: true, others: 0.5, waiting: 0.25 } },
    });
    for (const line of [
      'times_faster,,2,,1.5,',
      'times_faster_low,,1.9,,1.4,',
      'times_faster_high,,2.2,,1.6,',
      'machine_busy,,1,,,',
      'processors_taken_by_others,,0.5,,,',
      'time_waiting_for_processor,,0.25,,,',
    ])
      assert.ok(text.split('\r\n').includes(line), line);
  });

  it('quotes names that would break the line', () => {
    const dataset = { ...detailedReport.dataset, classes: ['a "b", c', 'one', 'two'] };
    const text = renderCsv({ ...detailedReport, dataset });
    assert.ok(text.includes('"precision of a ""b"", c",0.98,'));
  });

  it('has the figures of every predicted number', () => {
    assert.match(renderCsv(regressionReport), /^rmse of price,50\r$/m);
  });
});
