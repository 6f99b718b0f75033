import type { Problem } from '../../src/errors.ts';
import type { ExplanationAnswer } from '../../src/report/explanation.ts';
import type { Report } from '../../src/report/report.ts';
import { explanationParts } from '../../src/report/sections/explanationParts.ts';
import { button } from '../components/button.ts';
import { textField } from '../components/textField.ts';
import { element } from '../dom.ts';
import { t } from '../l10n.ts';
import { problemList } from '../problemList.ts';
import { post } from '../vscodeApi.ts';
import { written } from './reportTexts.ts';
import { sectionView } from './reportSectionView.ts';

/** Why teacher and student say what they do of a test sample that the person chooses. */
export class ExplanationView {
  readonly element: HTMLElement;
  readonly #result = element('div', { role: 'status', 'data-testid': 'explanation.result' });
  readonly #last: number;
  readonly #sample = textField({
    testId: 'explanation.sample',
    label: t('Test sample'),
    isNumeric: true,
    onChange: (value) => {
      this.#wishedSample = value;
      this.#sample.setProblem(undefined);
    },
  });
  readonly #output = textField({
    testId: 'explanation.output',
    label: t('Output'),
    description: t('A class, or another name of an output. Empty: what the teacher says.'),
    placeholder: t('what the teacher says'),
    onChange: (value) => {
      this.#wishedOutput = value;
    },
  });
  readonly #explain = button({
    testId: 'explanation.explain',
    label: t('Explain'),
    appearance: 'secondary',
    onClick: () => {
      this.#ask();
    },
  });
  #wishedSample = '0';
  #wishedOutput = '';

  constructor({ dataset }: Report) {
    this.#last = dataset.test - 1;
    this.#sample.setValue(this.#wishedSample);
    const field = (label: string, control: HTMLElement): HTMLElement =>
      element('div', { class: 'explanation-field' }, element('span', { 'aria-hidden': 'true' }, label), control);
    this.element = element(
      'details',
      { class: 'group', 'data-testid': 'explanation', open: true },
      element('summary', {}, t('Why they say so')),
      element('p', {}, t('What each part of a test sample contributes, in teacher and student.')),
      element(
        'div',
        { class: 'explanation-fields' },
        field(t('Test sample'), this.#sample.element),
        field(t('Output'), this.#output.element),
        this.#explain.element,
      ),
      this.#result,
    );
  }

  show(answer: ExplanationAnswer): void {
    this.#explain.setEnabled(true);
    if (answer.kind === 'refused') {
      this.#refuse(answer.problems);
      return;
    }
    const { title, sentences, sections } = explanationParts(answer.explanation);
    this.#result.replaceChildren(
      element('h3', {}, written(title)),
      ...sentences.map((sentence) => element('p', {}, written(sentence))),
      ...sections.map(sectionView),
    );
  }

  #refuse(problems: readonly Problem[]): void {
    const list = problems.length > 0 ? [problemList({ severity: 'error', problems })] : [];
    this.#result.replaceChildren(...list);
  }

  #ask(): void {
    const sample = Number(this.#wishedSample);
    if (!/^\s*\d+\s*$/.test(this.#wishedSample) || sample > this.#last) {
      const message = t('must be a whole number from {0} to {1}', 0, this.#last);
      this.#sample.setProblem(message);
      this.#refuse([{ where: t('Test sample'), message }]);
      return;
    }
    const output = this.#wishedOutput.trim();
    this.#explain.setEnabled(false);
    this.#result.replaceChildren(element('p', {}, t('Explains…')));
    post({ kind: 'explain', sample, ...(output !== '' && { output }) });
  }
}
