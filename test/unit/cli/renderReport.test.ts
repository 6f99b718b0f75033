import assert from 'node:assert/strict';
import { renderEnd, renderSections } from '../../../src/cli/renderReport.ts';
import { detailedReport } from '../../support/detailedReport.ts';
import { fakeOutput } from '../../support/fakeTerminal.ts';

describe('renderSections', () => {
  it('writes the short parts with their tables, and leaves the long ones to the other formats', () => {
    const text = renderSections(detailedReport, fakeOutput({ columns: 200 }));
    assert.match(text, /Differences\nStudent against teacher: −0\.30 points/);
    assert.match(text, /Static int8 +│ +1\.3 MB/);
    assert.doesNotMatch(text, /What the student takes for what/);
  });

  it('writes the parts that are asked for alone', () => {
    const text = renderSections(detailedReport, fakeOutput(), ['variants']);
    assert.match(text, /^\nQuantised students\nDynamic int8: It loses 9\.00 points/);
    assert.doesNotMatch(text, /Differences/);
  });
});

describe('the end of a run on the terminal', () => {
  const quality = (errors: number) => ({ accuracy: 1 - errors / 10, errors, loss: 0.5 });
  const networks = { student: quality(2), baseline: quality(3), teacher: null };

  it('tells what folds and further seeds came to, which the run took so long for', () => {
    const folds = {
      results: [1, 2].map((fold) => ({ fold, training: 36, test: 10, ...networks })),
      gain: { value: 0.1, low: 0.02, high: 0.18 },
      isInTime: false,
      isTeacherTrained: true,
    };
    const seeds = [0, 1].map((seed) => ({ seed, ...networks }));
    const text = renderEnd({ ...detailedReport, folds, seeds }, fakeOutput({ columns: 200 }));
    assert.match(text, /Several folds\nMean gain .*\+10\.00 points \(95 % interval \+2\.00 to \+18\.00, 2 folds\)/);
    assert.match(text, /Several seeds/);
  });

  it('leaves what was not asked for to the report', () => {
    const text = renderEnd(detailedReport, fakeOutput({ columns: 200 }));
    assert.doesNotMatch(text, /Several folds|Differences/);
    assert.ok(text.startsWith(detailedReport.summary));
  });
});
