import assert from 'node:assert/strict';
import { renderHtml } from '../../../src/rendering/renderHtml.ts';
import { languageOf, reportLanguage } from '../../../src/rendering/reportLanguage.ts';
import { treeSection } from '../../../src/rendering/treeSection.ts';
import { html } from '../../../src/report/drawings/html.ts';
import type { Report } from '../../../src/report/report.ts';
import { detailedReport } from '../../support/detailedReport.ts';
import { sampleEvents } from '../../support/sampleEvents.ts';
import { sampleReport } from '../../support/sampleReport.ts';
import { softTreeOf } from '../../support/softTree.ts';

/** A language without words: what is translated keeps its figures alone. */
const wordless = languageOf(
  'xx',
  new Proxy<Record<string, string>>(
    {},
    { get: (_target, text) => (String(text).match(/\{\d+\}/g) ?? []).map((place) => `※${place}`).join('※') || '※' },
  ),
);

/** Names, units and signs that are the same in every language. */
const same =
  /\b(?:onnx|int8|float16|float32|student|static|dynamic|aware|pruned|cpu|webgpu|ECE|min|gzip|logits)\b|[kMGT]?B\b|R²/gi;

/** What a page says, drawings and what is read out included. */
function textsOf(page: string): readonly string[] {
  // Where a line may end is no end of a text.
  const [, body = ''] = page.replaceAll('<wbr />', '').split('</head>');
  const told = [...body.matchAll(/(?:aria-label|alt)="([^"]*)"/g)].map(([, text = '']) => text);
  return [...told, ...body.replaceAll(/<[^>]*>/g, '\n').split('\n')].map((text) => text.trim()).filter(Boolean);
}

/** Names out of the data, files and the machine. */
function namesIn(report: Report): readonly string[] {
  const { id, name, createdAt, dataset, device, matching, members, sites } = report;
  const teachers = matching.map(({ teacher }) => teacher);
  const devices = [device.machine, device.training, device.latency];
  const own = [...dataset.classes, ...members.map((member) => member.name), ...teachers, ...devices];
  const targets = report.student.targets.map((target) => target.name);
  const ofSites = (sites?.sites ?? []).flatMap((site) => [site.name, ...site.classes.map((each) => each.name)]);
  return [id, name, createdAt, dataset.path, dataset.task, ...own, ...targets, ...ofSites, 'age <years>']
    .filter(Boolean)
    .map((part) => html`${part}`.text);
}

function english(page: string, names: readonly string[]): readonly string[] {
  const longestFirst = names.toSorted((one, other) => other.length - one.length);
  return textsOf(page).filter((text) =>
    /[a-z]{3}/i.test(longestFirst.reduce((left, name) => left.replaceAll(name, ''), text).replace(same, '')),
  );
}

describe("a report's page in another language", () => {
  for (const [name, report] of Object.entries({ sampleReport, detailedReport })) {
    it(`has no text left in English: ${name}`, () => {
      for (const partial of [false, true]) {
        const page = renderHtml({ ...report, partial }, sampleEvents, {}, wordless);
        assert.deepEqual(english(page, namesIn(report)), []);
      }
    });
  }

  it('tells a tree in it', async () => {
    const tree = softTreeOf({ depth: 2, sampleShape: [4] });
    const { text } = await treeSection(tree, wordless);
    assert.deepEqual(english(`</head>${text}`, tree.classes), []);
  });

  it('is Simplified Chinese where that is asked for, and English where a language is not known', () => {
    const page = renderHtml(sampleReport, sampleEvents, {}, reportLanguage('zh-CN'));
    assert.match(page, /<html lang="zh-cn">/);
    assert.match(page, /<h2>压缩<\/h2>/);
    assert.equal(
      renderHtml(sampleReport, sampleEvents, {}, reportLanguage('fr')),
      renderHtml(sampleReport, sampleEvents),
    );
  });
});
