import { formatDuration, formatInteger, formatLoss } from '../protocol/format.ts';
import type { EndedBy, RunEvent } from '../protocol/events.ts';
import type { Report } from '../protocol/report.ts';
import { reportSections } from '../protocol/reportSections.ts';
import { sizedNetworks } from '../protocol/sizedNetworks.ts';
import { classTable, comparisonTable } from '../protocol/reportTable.ts';
import { html, type Markup } from '../drawings/html.ts';
import { htmlSection } from './htmlSections.ts';
import { htmlPage } from './htmlPage.ts';
import { htmlTable } from './htmlTable.ts';
import { renderLineChart } from './lineChart.ts';
import { trainingCharts } from './trainingCharts.ts';

/** What belongs to a report and stands elsewhere. */
export interface Beside {
  /** What `softTreeSection` says of a student that is a soft decision tree. */
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
export function renderHtml(report: Report, events: readonly RunEvent[], { tree, others = [] }: Beside = {}): string {
  const charts = trainingCharts(events);
  const classes = classTable(report);
  const sections = reportSections(report, sizedNetworks(report, others));
  const body = html`${
      report.partial
        ? html`<p class="notice">The run was stopped early. The student is the best one until then.</p>`
        : null
    }
    <h2>Compression</h2>
    ${htmlTable(comparisonTable(report))} ${sections.filter(({ isLong }) => !isLong).map(htmlSection)}
    ${charts.length > 0 ? html`<h2>Training</h2>` : null} ${charts.map(renderLineChart)} ${tree ?? null}
    ${classes.rows.length > 0 ? html`<h2>Accuracy by class</h2>` : null}
    ${classes.rows.length > 0 ? htmlTable(classes) : null} ${sections.filter(({ isLong }) => isLong).map(htmlSection)}
    <h2>How it was made</h2>
    ${circumstances(report)}`;
  return htmlPage({ title: report.name, summary: report.summary, body });
}

/** What ended a training, in words. */
const endings: Readonly<Record<EndedBy, string>> = {
  epochs: 'the last epoch',
  maxSteps: 'the number of steps',
  maxMinutes: 'the time',
  targetAccuracy: 'the accuracy that was wanted',
  patience: 'epochs without progress',
  stopped: 'a person',
};

/** What was done about classes that the transfer set lacked. */
function corrections({ student }: Report): readonly (readonly [string, string])[] {
  return student.corrections.map(({ class: name, offset }) => [
    `Bias of class ${name}`,
    `raised by ${formatLoss(offset)}, found on the validation split: the transfer set had no such sample`,
  ]);
}

function circumstances(report: Report): Markup {
  const { dataset, device, seconds } = report;
  const samples = [dataset.training, dataset.validation, dataset.test].map(formatInteger).join(' / ');
  const entries: readonly (readonly [string, string])[] = [
    ['Run', report.id],
    ['Finished', report.createdAt],
    ['Dataset', dataset.path],
    ['Task', dataset.classes.length > 0 ? `${dataset.task}, ${dataset.classes.length} classes` : dataset.task],
    ['Training / validation / test samples', samples],
    ['Trained on', device.training],
    ['Latency measured on', device.latency],
    ['Machine', device.machine],
    ['Best epoch', String(report.student.bestEpoch)],
    ...corrections(report),
    ['Training ended by', endings[report.student.endedBy]],
    ['Time', `${formatDuration(seconds.total)}, of which student ${formatDuration(seconds.student)}`],
  ];
  return html`<dl>
    ${entries.map(
      ([name, value]) =>
        html`<dt>${name}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`;
}
