import { formatDuration, formatInteger, formatPercent, formatTrainingDevice } from '../../src/report/format.ts';
import { pointsText } from '../../src/report/wording/differenceTexts.ts';
import { summaryText } from '../../src/report/wording/summaryText.ts';
import type { Report } from '../../src/report/report.ts';
import type { RunSnapshot } from '../../src/protocol/snapshot.ts';
import { reportSections } from '../../src/report/reportSections.ts';
import { classRows, reportRows } from '../../src/report/reportTable.ts';
import { rowLabel } from '../../src/report/rowLabel.ts';
import { button } from '../components/button.ts';
import { copyForAgent } from '../components/copyForAgent.ts';
import { element } from '../dom.ts';
import { found } from '../found.ts';
import { t } from '../l10n.ts';
import { post } from '../vscodeApi.ts';
import type { ExplanationAnswer } from '../../src/report/explanation.ts';
import { adviceView, type AdviceContext } from './adviceView.ts';
import { comparisonTable } from './comparisonTable.ts';
import { contents, type Entry } from './contents.ts';
import { ExplanationView } from './explanationView.ts';
import { written } from './reportTexts.ts';
import { sectionView } from './reportSectionView.ts';
import { isDecisionTree } from '../../src/report/trees/treeReport.ts';
import { decisionTreeView } from './decisionTreeView.ts';
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
  readonly #advice: AdviceContext;

  constructor(advice: Omit<AdviceContext, 'showPart'>) {
    this.#advice = {
      ...advice,
      showPart: (testIds) => {
        this.#showPart(testIds);
      },
    };
  }

  show(run: ReportParts): void {
    const { report, networks, tree } = run;
    const key = report && JSON.stringify([report, networks, tree !== undefined]);
    if (key === this.#shown) return;
    this.#shown = key;
    this.element.hidden = report === undefined;
    // Without a teacher there is nothing to compare the student with.
    this.#explanation = report?.teacher ? new ExplanationView(report) : undefined;
    const advice = report && adviceView(report, this.#advice);
    this.element.replaceChildren(...(report ? content(report, run, this.#explanation, advice) : []));
  }

  showExplanation(answer: ExplanationAnswer): void {
    this.#explanation?.show(answer);
  }

  #showPart(testIds: readonly string[]): void {
    const [part] = testIds.flatMap((id) => [...this.element.querySelectorAll(`[data-testid="${id}"]`)]);
    if (!part) return;
    const fold = part.closest('details');
    if (fold) fold.open = true;
    (fold ?? part).scrollIntoView({ block: 'start' });
    fold?.querySelector<HTMLElement>('summary')?.focus({ preventScroll: true });
  }
}

function content(
  report: Report,
  { networks, tree }: Omit<ReportParts, 'report'>,
  explanation: ExplanationView | undefined,
  advice: HTMLElement | undefined,
): HTMLElement[] {
  const table = comparisonTable({
    testId: 'report.table',
    caption: t('Teacher, student and baseline compared'),
    heading: t('Measured'),
    rows: reportRows(report).map((row) => ({ ...row, label: rowLabel(row.id, report, t) })),
    hasTeacher: report.teacher !== null,
    hasBaseline: report.baseline !== null,
  });
  const measured = element('section', {}, element('h3', {}, t('Size, speed and quality')), table);
  const perClass = classes(report);
  // The advice stands at the top, with its buttons.
  const shown = reportSections(report, networks).filter(({ id }) => id !== 'advice');
  const sections = shown.map((section) => ({
    title: written(section.title),
    part: sectionView(section),
  }));
  const treeView = tree && (isDecisionTree(tree) ? decisionTreeView(tree) : softTreeView(tree));
  const entries: readonly Entry[] = [
    ...(advice ? [{ title: t('What to do next'), part: advice }] : []),
    { title: t('Size, speed and quality'), part: measured },
    ...perClass.map((part) => ({ title: t('Accuracy per class'), part })),
    ...(treeView ? [{ title: t('The tree'), part: treeView }] : []),
    ...(explanation ? [{ title: t('Why they say so'), part: explanation.element }] : []),
    ...sections,
  ];
  const body = element(
    'div',
    { class: 'report-body' },
    element('h2', {}, report.partial ? t('Compression report, so far') : t('Compression report')),
    element('p', { class: 'report-summary', 'data-testid': 'report.summary' }, sentence(report)),
    figures(report),
    // What one came for, before all figures.
    actions(),
    ...(advice ? [advice] : []),
    measured,
    ...perClass,
    ...(treeView ? [treeView] : []),
    ...(explanation ? [explanation.element] : []),
    ...sections.map(({ part }) => part),
    provenance(report),
  );
  return [contents(entries), body];
}

/** The result in the person's language; the report itself has it in English. */
function sentence(report: Report): string {
  const text = written(summaryText(report));
  return text.charAt(0).toUpperCase() + text.slice(1);
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
      figure(
        'report.gain',
        written(pointsText(gain)),
        t('of accuracy against the same student trained without the teacher'),
      ),
    );
  }
  return figures;
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
    t(
      'Trained on {0}; latency at batch 1 on {1}. {2}.',
      formatTrainingDevice(device),
      device.latency,
      found(device.machine),
    ),
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
  return element('div', { class: 'actions' }, reveal.element, open.element, copyForAgent('copyReport').element);
}
