import assert from 'node:assert/strict';
import { htmlTable } from '../../../src/rendering/htmlTable.ts';
import { renderHtml } from '../../../src/rendering/renderHtml.ts';
import { crowdedReport } from '../../support/crowdedReport.ts';
import { detailedReport } from '../../support/detailedReport.ts';
import { plainSpaces } from '../../support/plainSpaces.ts';
import { sampleEvents } from '../../support/sampleEvents.ts';
import { sampleReport } from '../../support/sampleReport.ts';

describe('renderHtml', () => {
  const page = plainSpaces(renderHtml(sampleReport, sampleEvents));

  it('shows the summary, every figure and every class', () => {
    for (const text of ['One sentence.', '2.40 M', '5.1 MB', '98.53 %', '99.34 %', '−25.00 points', 'A machine']) {
      assert.ok(page.includes(text), text);
    }
  });

  it('needs nothing from outside and runs nothing', () => {
    assert.doesNotMatch(page, /<script|<link|<img|src=|href=|url\(|@import/);
    assert.match(page, /default-src 'none'/);
  });

  it('draws a line for each network with a point for each epoch, and the table beside it', () => {
    const [accuracy = ''] = page.match(/<figcaption>Validation accuracy<[\s\S]*?<\/figure>/) ?? [];
    const lines = [...accuracy.matchAll(/<polyline[^>]*points="([^"]*)"/g)].map((match) => match[1]!.split(' ').length);
    assert.deepEqual(lines, [3, 3]);
    assert.match(accuracy, /97\.00 %/);
    assert.match(accuracy, /Teacher as it is used/);
    assert.equal([...page.matchAll(/<figure>/g)].length, [...page.matchAll(/as a table<\/summary>/g)].length);
  });

  it('draws thousands of epochs without a dot for each, in a page that is not much longer, and says where the rest is', () => {
    const epoch = sampleEvents.find((event) => event.kind === 'epoch');
    assert.ok(epoch);
    const events = Array.from({ length: 4000 }, (_, index) => ({
      ...epoch,
      epoch: index + 1,
      validation: { accuracy: 0.5 + Math.sin(index) / 4, loss: Math.cos(index) + 2 },
    }));
    const long = plainSpaces(renderHtml(sampleReport, events));
    assert.doesNotMatch(long, /<circle class="style/);
    assert.match(long, /One epoch in 20; metrics\.csv, beside this page, has all of them\./);
    assert.match(long, /<th scope="row">3980<\/th>/);
    assert.ok(long.length < page.length + 200_000, String(long.length - page.length));
  });

  it('leaves out charts without epochs, and points that are not numbers', () => {
    assert.doesNotMatch(renderHtml(sampleReport, []), /<figure>/);
    const broken = sampleEvents.map((event) =>
      event.kind === 'epoch' ? { ...event, losses: { total: NaN }, validation: { accuracy: 0.1, loss: NaN } } : event,
    );
    assert.doesNotMatch(renderHtml(sampleReport, broken), /(points|cx|cy|y1|y2)="[^"]*NaN/);
  });

  it('escapes names of people, classes and files', () => {
    const evil = '<script>alert("1")</script>&\'';
    const escaped = '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;';
    const dataset = { ...sampleReport.dataset, path: evil, classes: [evil, 'one', 'two'] };
    const hostile = renderHtml({ ...sampleReport, name: evil, summary: evil, dataset }, sampleEvents);
    assert.doesNotMatch(hostile, /<script/);
    assert.ok(hostile.split(escaped).length > 5);
  });

  it('has its wide tables scrolled by key, each called by a name', () => {
    const [first = '', ...tables] = [
      ...renderHtml(crowdedReport, sampleEvents).matchAll(/<div class="scroll"[^>]*>/g),
    ].map(([tag]) => tag);
    assert.equal(first, '<div class="scroll" tabindex="0" role="region" aria-label="Compression">');
    assert.ok(tables.length > 10);
    for (const tag of tables) assert.match(tag, /tabindex="0" role="region" aria-label="[^"]+"/);
  });

  it('has every drawing scrolled by key where there is too little room for its words', () => {
    const crowded = renderHtml(crowdedReport, sampleEvents);
    const drawings = [...crowded.matchAll(/(<[^>]*>)\s*<svg\s+class="drawing(?: wide)?"/g)].map(
      ([, around = '']) => around,
    );
    assert.ok(drawings.length > 4, String(drawings.length));
    for (const around of drawings)
      assert.match(around, /^<div class="scroll" tabindex="0" role="region" aria-label="[^"]+">$/);
    assert.match(crowded, /svg\.drawing\.wide \{[^}]*min-width: \d+px;/);
  });

  it("ends the line of a field's name behind a dot, and not that of a number", () => {
    const heading = (text: string): string =>
      htmlTable('Settings', { head: ['Setting'], rows: [[text]] }).text.replaceAll(/\s+/g, ' ');
    assert.match(heading('student.architecture'), /student\.<wbr \/>architecture/);
    assert.doesNotMatch(heading('0.25'), /<wbr/);
  });

  it('writes long lists in tables on several lines, and figures on one', () => {
    const classes = [
      { name: 'cat', samples: 1 },
      { name: 'x'.repeat(40), samples: 2 },
    ];
    const [site] = detailedReport.sites!.sites;
    const sites = { ...detailedReport.sites!, sites: [{ ...site!, classes }] };
    const shown = renderHtml({ ...detailedReport, sites }, []);
    assert.match(shown, /<td class="long">cat \(1\), x+ \(2\)<\/td>/);
    assert.equal([...shown.matchAll(/class="long"/g)].length, 1);
  });

  it('says that a run was stopped', () => {
    assert.doesNotMatch(page, /stopped early/);
    assert.match(renderHtml({ ...sampleReport, partial: true }, sampleEvents), /stopped early/);
  });

  it('has no table of classes where there are none', () => {
    const withoutClasses = { ...sampleReport, dataset: { ...sampleReport.dataset, classes: [] } };
    assert.doesNotMatch(renderHtml(withoutClasses, []), /Accuracy by class/);
  });
});

describe('the parts of report.html', () => {
  const page = renderHtml(detailedReport, sampleEvents);

  it('draw sizes, confusion and reliability, with their tables beside them', () => {
    assert.equal([...page.matchAll(/<svg\s+class="drawing"/g)].length, 3);
    assert.match(page, /Size against accuracy, as a table/);
    assert.match(page, /<rect\s+class="wrong"/);
    assert.match(page, /What the student takes for what, as a table/);
    assert.doesNotMatch(page, /="NaN|NaN"/);
  });

  it('compare the run with others on the same data', () => {
    const other = { ...sampleReport, id: 'another run', name: 'another <experiment>' };
    const compared = renderHtml(detailedReport, sampleEvents, { others: [other] });
    assert.match(compared, /<td>another &lt;experiment&gt;<\/td>\s*<td>another run<\/td>/);
    assert.doesNotMatch(page, /another run/);
  });

  it('show samples as pictures or rows, and load nothing from elsewhere', () => {
    assert.match(page, /<img src="data:image\/png;base64,iVBORw0KGgo=" alt="Test sample 1,234, labelled one"/);
    assert.match(page, /<dt>age &lt;years&gt;<\/dt>/);
    assert.doesNotMatch(page, /(src|href)="(?!data:image\/png;base64,)/);
  });

  it('tell which quantised student was not kept', () => {
    assert.match(plainSpaces(page), /It loses 9\.00 points/);
  });
});
