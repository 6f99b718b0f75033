import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { editorStyle } from '../../../src/extension/explorer/editorStyle.ts';

describe('the colours of a comparison in the editor', () => {
  it('are those of the report: another one may be too dark to be seen in a theme', () => {
    const linesOf = (style: string): readonly string[] => style.match(/--line-\d: [^;]+/g) ?? [];
    const report = linesOf(readFileSync('webview/report/drawings.css', 'utf8'));
    assert.equal(report.length, 6);
    assert.deepEqual(linesOf(editorStyle), report);
  });

  it('never make drawings wider than they are drawn', () => {
    assert.match(editorStyle, /figure svg\.drawing\.wide \{ max-width: \d+px; \}/);
  });
});
