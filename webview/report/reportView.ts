import { formatDuration, formatInteger, formatPercent, formatPoints } from '../../src/protocol/format.ts';
import type { Report } from '../../src/protocol/report.ts';
import type { RunSnapshot } from '../../src/protocol/snapshot.ts';
import { reportSections } from '../../src/protocol/reportSections.ts';
import { classRows, namedDevice, reportRows, type ReportRowId } from '../../src/protocol/reportTable.ts';
import { button } from '../components/button.ts';
import { element } from '../dom.ts';
import { t } from '../l10n.ts';
import { post } from '../vscodeApi.ts';
import type { ExplanationAnswer } from '../../src/protocol/explanation.ts';
import { comparisonTable } from './comparisonTable.ts';
import { ExplanationView } from './explanationView.ts';
import { sectionView } from './sectionView.ts';
import { softTreeView } from './softTreeView.ts';

/** More classes than this are folded away. */
const CLASSES_SHOWN = 12;

/** What the report is made of. */
type ReportParts = Pick<RunSnapshot, 'report' | 'networks' | 'tree'>;

/** The compression report. */
export class ReportView {
  readonly element = element('section', { class: 'report', 'data-testid': 'report', hidden: true });
  #shown: string | undefined;
  #explanation: ExplanationView | undefined;

  show(run: ReportParts): void {
    const { report, networks, tree } = run;
    const key = report && JSON.stringify([report, networks, tree !== undefined]);
    if (key === this.#shown) return;
    this.#shown = key;
    this.element.hidden = report === undefined;
    // Without a teacher there is nothing to compare the student with.
    this.#explanation = report?.teacher ? new ExplanationView(report) : undefined;
    this.element.replaceChildren(...(report ? content(report, run, this.#explanation) : []));
  }

  showExplanation(answer: ExplanationAnswer): void {
    this.#explanation?.show(answer);
  }
}

function content(
  report: Report,
  { networks, tree }: Omit<ReportParts, 'report'>,
  explanation: ExplanationView | undefined,
): HTMLElement[] {
  const parts = [
    element('h2', {}, report.partial ? t('Compression report, so far') : t('Compression report')),
    element('p', { class: 'report-summary', 'data-testid': 'report.summary' }, report.summary),
    figures(report),
    comparisonTable({
      testId: 'report.table',
      caption: t('Teacher, student and baseline compared'),
      heading: t('Measured'),
      rows: reportRows(report).map((row) => ({ ...row, label: rowLabel(row.id, report) })),
      hasTeacher: report.teacher !== null,
      hasBaseline: report.baseline !== null,
    }),
    actions(),
    ...classes(report),
    ...(tree ? [softTreeView(tree)] : []),
    ...(explanation ? [explanation.element] : []),
    ...reportSections(report, networks).map(sectionView),
    provenance(report),
  ];
  return parts;
}

/** The figures that decide, large. */
function figures({ agreement, gain }: Report): HTMLElement {
  const figure = (testId: string, value: string, label: string): HTMLElement =>
    element(
      'div',
      { class: 'figure', 'data-testid': testId },
      element('strong', {}, value),
      element('span', {}, label),
    );
  const figures = element('div', { class: 'figures' });
  if (agreement !== null) {
    figures.append(
      figure(
        'report.agreement',
        formatPercent(agreement),
        t('of the test samples get the same class from student and teacher'),
      ),
    );
  }
  if (gain !== null) {
    figures.append(
      figure('report.gain', formatPoints(gain), t('of accuracy against the same student trained without the teacher')),
    );
  }
  return figures;
}

function rowLabel(id: ReportRowId, report: Report): string {
  const { student } = report;
  const device = namedDevice(report);
  switch (id) {
    case 'parameters':
      return t('Parameters');
    case 'macs':
      return t('MACs per sample');
    case 'bytes':
      return t('File size');
    case 'gzip':
      return t('File size, gzip');
    case 'latency-p50':
      return device === undefined ? t('Latency, median') : t('Latency on {0}, median', device);
    case 'latency-p95':
      return device === undefined ? t('Latency, 95 %') : t('Latency on {0}, 95 %', device);
    case 'latency-p99':
      return device === undefined ? t('Latency, 99 %') : t('Latency on {0}, 99 %', device);
    case 'throughput':
      return device === undefined ? t('Samples/s') : t('Samples/s on {0}', device);
    case 'throughput-batched':
      return device === undefined ? t('Samples/s, batch 32') : t('Samples/s on {0}, batch 32', device);
    case 'latency-p50-cpu':
      return t('Latency on {0}, median', 'cpu');
    case 'throughput-cpu':
      return t('Samples/s on {0}', 'cpu');
    case 'throughput-batched-cpu':
      return t('Samples/s on {0}, batch 32', 'cpu');
    case 'memory':
      return t('Peak memory');
    case 'memory-batched':
      return t('Peak memory, batch 32');
    case 'accuracy':
      return t('Test accuracy');
    case 'errors':
      return t('Errors of {0}', formatInteger(student.test.samples));
    case 'loss':
      return student.test.deviation ? t('Mean squared error') : t('Test cross-entropy');
    case 'rmse':
      return t('Root mean squared error');
    case 'mae':
      return t('Mean absolute error');
    case 'determination':
      return 'R²';
    case 'agreement':
      return t('Agrees with teacher');
  }
}

/** How every class fares; nothing where there are none. */
function classes(report: Report): HTMLElement[] {
  const rows = classRows(report).map((row) => ({ ...row, id: row.name, label: row.name }));
  if (rows.length === 0) return [];
  const table = comparisonTable({
    testId: 'report.classes',
    caption: t('Accuracy per class'),
    heading: t('Class'),
    rows,
    hasTeacher: report.teacher !== null,
    hasBaseline: report.baseline !== null,
  });
  return [
    element(
      'details',
      { class: 'group', open: rows.length <= CLASSES_SHOWN },
      element('summary', {}, t('Accuracy per class')),
      table,
    ),
  ];
}

/** What was measured on what. */
function provenance({ dataset, device, seconds, student }: Report): HTMLElement {
  const { training, validation, test } = dataset;
  const lines = [
    t(
      '{0}: {1} samples to train, {2} to validate, {3} to test.',
      dataset.path,
      formatInteger(training),
      formatInteger(validation),
      formatInteger(test),
    ),
    t('Best epoch: {0}. Took {1}.', student.bestEpoch, formatDuration(seconds.total)),
    t('Trained on {0}; latency at batch 1 on {1}. {2}.', device.training, device.latency, device.machine),
  ];
  return element('p', { class: 'provenance' }, lines.join(' '));
}

function actions(): HTMLElement {
  const reveal = button({
    testId: 'revealStudent',
    label: t('Show student.onnx in the explorer'),
    appearance: 'primary',
    onClick: () => {
      post({ kind: 'revealStudent' });
    },
  });
  const open = button({
    testId: 'openReport',
    label: t('Open report'),
    appearance: 'secondary',
    onClick: () => {
      post({ kind: 'openReport' });
    },
  });
  return element('div', { class: 'actions' }, reveal.element, open.element);
}
