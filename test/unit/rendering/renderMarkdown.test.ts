import assert from 'node:assert/strict';
import { renderMarkdown } from '../../../src/rendering/renderMarkdown.ts';
import { detailedReport } from '../../support/detailedReport.ts';
import { sampleReport } from '../../support/sampleReport.ts';

describe('renderMarkdown', () => {
  it('has the summary and the tables', () => {
    const lines = renderMarkdown(sampleReport).split('\n');
    assert.equal(lines[0], '## mnist kd');
    assert.equal(lines[2], '**One sentence.**');
    assert.ok(lines.includes('|  | Teacher | Student | Baseline | Difference |'));
    assert.ok(lines.includes('| --- | ---: | ---: | ---: | ---: |'));
    assert.ok(lines.includes('| Parameters | 2.40 M | 1.28 M | 1.28 M | 1.9× smaller |'));
    assert.ok(lines.includes('| one | 75.00 % | 50.00 % | 25.00 % | −25.00 points |'));
  });

  it('escapes what Markdown would read as markup', () => {
    const dataset = { ...sampleReport.dataset, classes: ['a|b', '<img src=x>', '[x](y)\n# z'] };
    const text = renderMarkdown({ ...sampleReport, name: '*bold* `code`', dataset });
    assert.ok(text.startsWith('## \\*bold\\* \\`code\\`\n'));
    assert.ok(text.includes('| a\\|b |'));
    assert.ok(text.includes('\\<img src=x\\>'));
    assert.ok(text.includes('\\[x\\](y) \\# z'));
  });

  it('has lines of the experiment file as they are to be copied', () => {
    const patch = { student: { hidden: [16] } };
    const advice = [{ kind: 'too-small', trainingAccuracy: 0.9, teacherAccuracy: 0.95, patch }] as const;
    const text = renderMarkdown({ ...sampleReport, advice: [...advice] });
    assert.ok(text.includes('In the experiment file: `"student": { "hidden": [ 16 ] }`\n'));
  });

  it('has no table of classes where there are none', () => {
    const withoutClasses = { ...sampleReport, dataset: { ...sampleReport.dataset, classes: [] } };
    assert.doesNotMatch(renderMarkdown(withoutClasses), /Accuracy by class/);
  });
});

describe('the parts of the Markdown report', () => {
  it('are headings with lists and tables, and long ones are folded away', () => {
    const text = renderMarkdown(detailedReport);
    assert.ok(text.includes('### Differences\n\n- Student against teacher: −0.30 points'));
    assert.ok(text.includes('| Static int8 | 1.3 MB | 1.3 MB | 0.10 ms |'));
    assert.ok(text.includes('<details><summary>What the student takes for what</summary>'));
    assert.ok(!text.includes('data:image'));
  });
});
