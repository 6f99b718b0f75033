import assert from 'node:assert/strict';
import { renderCsv } from '../../../src/evaluation/renderCsv.ts';
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

  it('quotes names that would break the line', () => {
    const dataset = { ...detailedReport.dataset, classes: ['a "b", c', 'one', 'two'] };
    const text = renderCsv({ ...detailedReport, dataset });
    assert.ok(text.includes('"precision of a ""b"", c",0.98,'));
  });

  it('has the figures of every predicted number', () => {
    assert.match(renderCsv(regressionReport), /^rmse of price,50\r$/m);
  });
});
