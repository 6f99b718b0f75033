import type { Advice, ExperimentPatch } from '../../src/report/advice.ts';
import type { Report } from '../../src/report/report.ts';
import { adviceSentence } from '../../src/report/sections/adviceSection.ts';
import { button, type Button } from '../components/button.ts';
import { element } from '../dom.ts';
import type { NamedSetting } from '../form/settingNames.ts';
import { t } from '../l10n.ts';
import { post } from '../vscodeApi.ts';
import { written } from './reportTexts.ts';

/** What advice needs of the panel around it. */
export interface AdviceContext {
  /** What a change sets, in the form's words. */
  readonly nameSettings: (change: ExperimentPatch) => readonly NamedSetting[];
  /** Opens the form at a field. */
  readonly showField: (path: string) => void;
  /** Brings a part of the report into sight; where it is not there, the parts after it are tried. */
  readonly showPart: (testIds: readonly string[]) => void;
}

/** What to do next, each with a button that begins it; undefined where nothing is advised. */
export function adviceView(
  report: Pick<Report, 'advice' | 'student'>,
  context: AdviceContext,
): HTMLElement | undefined {
  const { advice } = report;
  if (advice.length === 0) return undefined;
  const items = advice.map((each) => {
    const buttons = [...actionsOf(each, report, context)].map(({ element: shown }) => shown);
    return element(
      'li',
      { 'data-testid': `advice.${each.kind}`, class: 'advice' },
      element('p', {}, written(adviceSentence(each))),
      element('div', { class: 'actions' }, ...buttons),
    );
  });
  return element(
    'section',
    { class: 'advice-card', 'data-testid': 'report.advice', 'aria-label': t('What to do next') },
    element('h3', {}, t('What to do next')),
    element('ul', {}, ...items),
  );
}

function actionsOf(advice: Advice, { student }: Pick<Report, 'student'>, context: AdviceContext): readonly Button[] {
  const { kind, patch } = advice;
  const apply = patch ? [applyButton(kind, patch, context)] : [];
  const goTo = (testId: string, label: string, path: string): Button =>
    plain(`advice.${kind}.${testId}`, label, () => {
      context.showField(path);
    });
  switch (kind) {
    case 'no-better-than-largest-class':
    case 'no-better-than-mean':
      return [
        goTo('student', t('Choose a larger student'), 'student'),
        goTo('unlabelled', t('Add unlabelled data'), 'dataset.unlabelled'),
      ];
    case 'worse-than-baseline':
      return [
        plain('advice.openBaseline', t('Open baseline'), () => {
          post({ kind: 'openBaseline' });
        }),
        ...apply,
      ];
    case 'teacher-no-better':
      return [goTo('teacher', t('Choose another teacher'), 'teacher')];
    case 'taught-no-better':
      return [
        goTo('teacher', t('Choose another teacher'), 'teacher'),
        goTo('unlabelled', t('Add unlabelled data'), 'dataset.unlabelled'),
      ];
    case 'larger-than-teacher':
      return [goTo('student', t('Choose a smaller student'), 'student')];
    case 'too-small':
    case 'too-small-for-numbers':
      return patch ? apply : [goTo('student', t('Choose a larger student'), 'student')];
    case 'overfits':
    case 'overfits-numbers':
      return [...apply, goTo('unlabelled', t('Add unlabelled data'), 'dataset.unlabelled')];
    case 'train-longer':
      return patch ? apply : [goTo('limit', t('Change the limit'), `training.${student.endedBy}`)];
    case 'use-folds':
      return apply;
    case 'classes-lost':
      return [
        plain('advice.classes-lost.show', t('Show where they differ'), () => {
          context.showPart(['report.disagreements', 'report.confusion', 'report.classes']);
        }),
      ];
  }
}

/** Makes a new experiment of the run's, with the change in it. */
function applyButton(kind: Advice['kind'], change: ExperimentPatch, { nameSettings }: AdviceContext): Button {
  const settings = nameSettings(change).map(({ label, value }) => `${label} ${value}`);
  return button({
    testId: `advice.${kind}.apply`,
    label: kind === 'worse-than-baseline' ? t('Try the labels alone') : t('Try: {0}', settings.join(', ')),
    appearance: 'secondary',
    onClick: () => {
      post({ kind: 'applyAdvice', change });
    },
  });
}

function plain(testId: string, label: string, onClick: () => void): Button {
  return button({ testId, label, appearance: 'secondary', onClick });
}
