import { formatDuration, formatInteger, formatLoss, formatTrainingDevice } from '../report/format.ts';
import type { RunEvent } from '../protocol/events.ts';
import type { EndedBy } from '../report/trainingEnd.ts';
import type { Report } from '../report/report.ts';
import type { ReportSection } from '../report/reportSection.ts';
import { reportSections } from '../report/reportSections.ts';
import { sizedNetworks } from '../report/sizedNetworks.ts';
import { classTable, comparisonTable, type ReportRowId } from '../report/reportTable.ts';
import { rowLabel } from '../report/rowLabel.ts';
import { summaryText } from '../report/wording/summaryText.ts';
import { writeText } from '../report/wording/writeText.ts';
import { html, type Markup } from '../report/drawings/html.ts';
import { htmlSection } from './htmlSections.ts';
import { htmlPage } from './htmlPage.ts';
import { htmlTable } from './htmlTable.ts';
import { english, type ReportLanguage } from './reportLanguage.ts';
import { renderLineChart } from './renderLineChart.ts';
import { trainingCharts } from './trainingCharts.ts';

/** What belongs to a report and stands elsewhere. */
export interface Beside {
  /** What `treeSection` says of a student that is a tree. */
  readonly tree?: Markup | undefined;
  /** Reports of other runs. */
  readonly others?: readonly Report[];
}

/**
 * `report.html`: the report as one file that needs nothing else, with the curves of the run.
 *
 * @param events the run's events, as `metrics.jsonl` has them
 * @param beside what stands in other files and folders than the report
 */
export function renderHtml(
  report: Report,
  events: readonly RunEvent[],
  { tree, others = [] }: Beside = {},
  language: ReportLanguage = english,
): string {
  const { code, t, write } = language;
  const charts = trainingCharts(events, language);
  const words = { t, write, ...(code !== 'en' && { rowLabel: (id: ReportRowId) => rowLabel(id, report, t) }) };
  const classes = classTable(report, words);
  const sectionOf = (section: ReportSection): Markup => htmlSection(section, language);
  const all = reportSections(report, sizedNetworks(report, others));
  const advice = all.filter(({ id }) => id === 'advice');
  const sections = all.filter(({ id }) => id !== 'advice');
  const body = html`${
      report.partial
        ? html`<p class="notice">${t('The run was stopped early. The student is the best one until then.')}</p>`
        : null
    }
    ${advice.map(sectionOf)}
    <h2>${t('Compression')}</h2>
    ${htmlTable(t('Compression'), comparisonTable(report, words))}
    ${sections.filter(({ isLong }) => !isLong).map(sectionOf)}
    ${charts.length > 0 ? html`<h2>${t('Training')}</h2>` : null}
    ${charts.map((chart) => renderLineChart(chart, language))} ${tree ?? null}
    ${classes.rows.length > 0 ? html`<h2>${t('Accuracy by class')}</h2>` : null}
    ${classes.rows.length > 0 ? htmlTable(t('Accuracy by class'), classes) : null}
    ${sections.filter(({ isLong }) => isLong).map(sectionOf)}
    <h2>${t('How it was made')}</h2>
    ${circumstances(report, t)}`;
  // In English the report has its summary as it was written.
  const summary = code === 'en' ? report.summary : write(summaryText(report));
  return htmlPage({ title: report.name, summary, body, language: code });
}

/** What ended a training, in words. */
function endingOf(endedBy: EndedBy, t: ReportLanguage['t']): string {
  switch (endedBy) {
    case 'epochs':
      return t('the last epoch');
    case 'maxSteps':
      return t('the number of steps');
    case 'maxMinutes':
      return t('the time');
    case 'targetAccuracy':
      return t('the accuracy that was wanted');
    case 'patience':
      return t('epochs without progress');
    case 'fitted':
      return t('its fit, which has no epochs');
    case 'stopped':
      return t('a person');
  }
}

/** What was done about classes that the transfer set lacked. */
function corrections({ student }: Report, t: ReportLanguage['t']): readonly (readonly [string, string])[] {
  return student.corrections.map(({ class: name, offset }) => [
    t('Bias of class {0}', name),
    t('raised by {0}, found on the validation split: the transfer set had no such sample', formatLoss(offset)),
  ]);
}

function circumstances(report: Report, t: ReportLanguage['t']): Markup {
  const { dataset, device, seconds } = report;
  const samples = [dataset.training, dataset.validation, dataset.test].map(formatInteger).join(' / ');
  const entries: readonly (readonly [string, string])[] = [
    [t('Run'), report.id],
    [t('Finished'), report.createdAt],
    [t('Dataset'), dataset.path],
    [
      t('Task'),
      dataset.classes.length > 0 ? t('{0}, {1} classes', dataset.task, dataset.classes.length) : dataset.task,
    ],
    [t('Training / validation / test samples'), samples],
    ...(dataset.unlabelled === undefined
      ? []
      : [[t('Samples without labels'), formatInteger(dataset.unlabelled)] as const]),
    [t('Trained on'), formatTrainingDevice(device)],
    [t('Latency measured on'), device.latency],
    [t('Machine'), writeText({ found: device.machine }, t)],
    [t('Best epoch'), String(report.student.bestEpoch)],
    ...corrections(report, t),
    [t('Training ended by'), endingOf(report.student.endedBy, t)],
    [t('Time'), t('{0}, of which student {1}', formatDuration(seconds.total), formatDuration(seconds.student))],
  ];
  return html`<dl>
    ${entries.map(
      ([name, value]) =>
        html`<dt>${name}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`;
}
