import { button } from '../components/button.ts';
import { textField } from '../components/textField.ts';
import { element, setText } from '../dom.ts';
import { t } from '../l10n.ts';
import { keepUi, uiState } from '../vscodeApi.ts';
import type { DifferingSetting } from './differingSettings.ts';

/** Differing settings that are named; the others are counted. */
const MOST_NAMED = 4;

/** Shows all settings of the form or the essential ones, says which differ from their defaults, and searches among them. */
export class AllSettings {
  readonly element: HTMLElement;
  readonly #form: HTMLElement;
  readonly #differing = element('p', { class: 'differing', 'data-testid': 'settings.differing' });
  readonly #toggle = button({
    testId: 'settings.all',
    label: t('All settings'),
    appearance: 'secondary',
    onClick: () => {
      keepUi({ showsAllSettings: uiState().showsAllSettings !== true });
      if (uiState().showsAllSettings !== true) this.#search.setValue('');
      this.apply();
    },
  });
  readonly #search = textField({
    testId: 'settings.search',
    label: t('Search the settings'),
    placeholder: t('Search the settings'),
    onChange: (text) => {
      this.#query = text.trim().toLowerCase();
      this.apply();
    },
  });
  readonly #found = element('p', {
    class: 'found',
    role: 'status',
    'aria-live': 'polite',
    'data-testid': 'settings.found',
  });
  #query = '';

  constructor(form: HTMLElement) {
    this.#form = form;
    this.element = element(
      'div',
      { class: 'all-settings-bar' },
      this.#toggle.element,
      this.#search.element,
      this.#found,
      this.#differing,
    );
  }

  /** Shows what is asked for; after the form was drawn anew as well. */
  apply(): void {
    const showsAll = uiState().showsAllSettings === true;
    if (!showsAll) this.#query = '';
    this.#form.classList.toggle('shows-all', showsAll);
    this.#form.classList.toggle('searched', this.#query !== '');
    this.#search.element.hidden = !showsAll;
    this.#differing.hidden = this.#query !== '';
    this.#toggle.setLabel(showsAll ? t('Fewer settings') : t('All settings'));
    const fields = [...this.#form.querySelectorAll<HTMLElement>('.field')];
    for (const field of fields) field.classList.toggle('not-found', !this.#isFound(field));
    for (const group of this.#form.querySelectorAll<HTMLElement>('details, .card')) {
      const found = group.querySelector('.field:not(.not-found)') !== null;
      group.classList.toggle('not-found', this.#query !== '' && !found);
      if (this.#query !== '' && found && group instanceof HTMLDetailsElement) group.open = true;
    }
    setText(this.#found, this.#query === '' ? '' : foundText(fields.filter((field) => this.#isFound(field)).length));
  }

  /** Shows every setting, whatever is searched for. */
  showAll(): void {
    keepUi({ showsAllSettings: true });
    this.#search.setValue('');
    this.#query = '';
    this.apply();
  }

  /** Says which settings, of those that are not always in sight, differ from their defaults. */
  tellDiffering(settings: readonly DifferingSetting[]): void {
    const named = settings.slice(0, MOST_NAMED).map(({ label, value }) => `${label}: ${value}`);
    const others = settings.length - named.length;
    const list = others > 0 ? [...named, t('{0} more', others)] : named;
    setText(
      this.#differing,
      settings.length === 0
        ? t('All other settings are at their defaults.')
        : settings.length === 1
          ? t('1 differs from the default: {0}', list.join(', '))
          : t('{0} differ from the default: {1}', settings.length, list.join(', ')),
    );
  }

  #isFound(field: HTMLElement): boolean {
    return this.#query === '' || searchedText(field).includes(this.#query);
  }
}

function foundText(count: number): string {
  if (count === 0) return t('No setting has this in its name or explanation.');
  return count === 1 ? t('1 setting found') : t('{0} settings found', count);
}

/** What a field is found by: its label, its help and its name in the experiment file. */
function searchedText(field: HTMLElement): string {
  const names = [...field.querySelectorAll('[data-testid]')].map((part) => part.getAttribute('data-testid') ?? '');
  return [field.textContent, ...names].join(' ').toLowerCase();
}
