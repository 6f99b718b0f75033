import type { FormField, FormSection } from '../../src/protocol/form.ts';
import type { ExperimentDraft } from '../../src/protocol/panel.ts';
import { element, setText } from '../dom.ts';
import { t } from '../l10n.ts';
import { keepUi, uiState } from '../vscodeApi.ts';
import { isWithin } from './paths.ts';
import { summarizeSection } from './summarizeSection.ts';

/** A part of the form that can be folded away; its heading then says in short what is chosen. */
export class SectionView {
  readonly element: HTMLDetailsElement;
  readonly fields: readonly FormField[];
  readonly id: string;
  readonly #facts: HTMLElement;
  #toldFacts = '';
  readonly #body = element('div', { class: 'section-body fields' });
  readonly #summary = element('span', { class: 'section-summary' });
  /** State that the program chose, not the person. */
  #openedByProgram: boolean | undefined;
  readonly #problems = element('span', { class: 'section-problems', hidden: true });

  constructor({ id, title, fields, isFolded = false }: FormSection) {
    this.fields = fields;
    this.id = id;
    const heading = element('h2', {}, title);
    // The student's figures change with every move of a slider, which would be read out again and again.
    this.#facts = element('div', { class: 'facts', role: id === 'student' ? undefined : 'status' });
    this.element = element(
      'details',
      {
        class: fields.some(({ isEssential }) => isEssential) ? 'section' : 'section detail',
        'data-testid': `section.${id}`,
        open: uiState().sections[id] ?? !isFolded,
      },
      element('summary', {}, heading, this.#summary, this.#problems),
      this.#body,
      this.#facts,
    );
    this.element.addEventListener('toggle', () => {
      // Only what the person folds is remembered.
      if (this.element.open === this.#openedByProgram) return;
      this.#openedByProgram = undefined;
      keepUi({ sections: { ...uiState().sections, [id]: this.element.open } });
    });
  }

  /** Whether a path is of this section's fields. */
  contains(path: string): boolean {
    return this.fields.some(({ name }) => isWithin(path, name));
  }

  show(content: readonly HTMLElement[], draft: ExperimentDraft): void {
    this.#body.replaceChildren(...content);
    this.summarize(draft);
  }

  /** What was found out about what is chosen here. */
  showFacts(facts: readonly HTMLElement[]): void {
    this.#facts.classList.remove('stale');
    const told = facts.map(({ outerHTML }) => outerHTML).join('');
    if (told === this.#toldFacts) return;
    this.#toldFacts = told;
    this.#facts.replaceChildren(...facts);
  }

  /** What was found out may be about something else now. */
  markFactsStale(): void {
    this.#facts.classList.add('stale');
  }

  summarize(draft: ExperimentDraft): void {
    setText(this.#summary, summarizeSection(this.id, this.fields, draft));
  }

  countProblems(count: number): void {
    this.#problems.hidden = count === 0;
    setText(this.#problems, count === 1 ? t('1 problem') : t('{0} problems', count));
  }

  setOpen(isOpen: boolean): void {
    this.#openedByProgram = isOpen;
    this.element.open = isOpen;
  }
}
