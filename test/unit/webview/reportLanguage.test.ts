import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Report } from '../../../src/report/report.ts';
import { reportSections } from '../../../src/report/reportSections.ts';
import { classRows, reportRows } from '../../../src/report/reportTable.ts';
import { inEnglish, type ReportText } from '../../../src/report/wording/reportText.ts';
import { sizedNetworks } from '../../../src/report/sizedNetworks.ts';
import { summaryText } from '../../../src/report/wording/summaryText.ts';
import { useTranslations } from '../../../webview/l10n.ts';
import { written } from '../../../webview/report/reportTexts.ts';
import { detailedReport } from '../../support/detailedReport.ts';
import { sampleReport } from '../../support/sampleReport.ts';

/** Names, units and signs that are the same in every language. */
const same =
  /\b(?:MACs|int8|float16|float32|onnx|SHA|R²|F1|ROC|Top|nats|ms|µs|min|[kMGT]?B|cpu|webgpu|student|static|dynamic|pruned|logits)\b/gi;

/** Names out of the data and of files, and fields of the experiment. */
function named(report: Report): readonly string[] {
  const teachers = report.matching.map(({ teacher }) => teacher);
  return [
    ...teachers,
    'normalization',
    'classes',
    ...report.members.map(({ name }) => name),
    ...report.dataset.classes,
  ].filter(Boolean);
}

/** Every text that the panel shows of a report. */
function textsOf(report: Report): readonly ReportText[] {
  const sections = reportSections(report, sizedNetworks(report, []));
  return [
    summaryText(report),
    ...reportRows(report).map(({ change }) => change ?? ''),
    ...classRows(report).map(({ change }) => change ?? ''),
    ...sections.flatMap(({ title, sentences, table, samples = [] }) => [
      title,
      ...sentences,
      ...(table?.head ?? []),
      ...(table?.rows.flat() ?? []),
      ...samples.flatMap(({ heading, lines }) => [heading, ...lines]),
    ]),
  ];
}

describe('a report in Simplified Chinese', () => {
  before(() => {
    const url = new URL('../../../l10n/bundle.l10n.zh-cn.json', import.meta.url);
    useTranslations(JSON.parse(readFileSync(url, 'utf8')) as Record<string, string>);
  });
  after(() => {
    useTranslations({});
  });

  it('says its result in Chinese, though the file has it in English', () => {
    assert.doesNotMatch(written(summaryText(sampleReport)), /[a-z]{2}/i);
  });

  for (const [name, report] of Object.entries({ sampleReport, detailedReport })) {
    it(`has no text left in English: ${name}`, () => {
      const english = textsOf(report).filter((text) => {
        // A plain string is a name or a figure.
        if (typeof text === 'string') return false;
        const inChinese = named(report).reduce((before, name) => before.replaceAll(name, ''), written(text));
        return /[a-z]{3}/i.test(inChinese.replace(same, ''));
      });
      assert.deepEqual(english.map(inEnglish), []);
    });
  }
});
