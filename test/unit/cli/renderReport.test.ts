import assert from 'node:assert/strict';
import { renderSections } from '../../../src/cli/renderReport.ts';
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
