import { element, setAttributes } from '../dom.ts';

/** A page of the panel behind its tab. */
export interface Tab<Id extends string> {
  readonly id: Id;
  readonly title: string;
  readonly content: HTMLElement;
}

/** Tabs as the ARIA practices want them: one stop of the tab key, arrows move and choose. The toolkit's hold their pages inside of them. */
export class Tabs<Id extends string> {
  readonly list: HTMLElement;
  readonly #tabs: readonly (Tab<Id> & { readonly button: HTMLElement })[];
  readonly #onChoose: (id: Id) => void;
  #chosen: Id;

  /** @param onChoose called when a person chooses a tab */
  constructor(label: string, tabs: readonly [Tab<Id>, ...Tab<Id>[]], onChoose: (id: Id) => void) {
    this.#onChoose = onChoose;
    this.#tabs = tabs.map((tab) => {
      const { id, title, content } = tab;
      const button = element(
        'button',
        {
          class: 'tab',
          type: 'button',
          role: 'tab',
          id: `tab.${id}`,
          'data-testid': `tab.${id}`,
          'aria-controls': `page.${id}`,
        },
        title,
      );
      setAttributes(content, {
        'data-testid': `page.${id}`,
        id: `page.${id}`,
        role: 'tabpanel',
        'aria-labelledby': `tab.${id}`,
      });
      button.addEventListener('click', () => {
        this.#chooseByPerson(id);
      });
      return { ...tab, button };
    });
    this.list = element(
      'div',
      { class: 'tabs', role: 'tablist', 'aria-label': label },
      ...this.#tabs.map(({ button }) => button),
    );
    this.list.addEventListener('keydown', (event) => {
      this.#move(event);
    });
    this.#chosen = tabs[0].id;
    this.choose(this.#chosen);
  }

  get chosen(): Id {
    return this.#chosen;
  }

  /** The pages in the order of their tabs. */
  get pages(): readonly HTMLElement[] {
    return this.#tabs.map(({ content }) => content);
  }

  /** Shows a page. The focus stays where it is. */
  choose(id: Id): void {
    this.#chosen = id;
    for (const tab of this.#tabs) {
      const isChosen = tab.id === id;
      setAttributes(tab.button, { 'aria-selected': String(isChosen), tabindex: isChosen ? 0 : -1 });
      tab.content.hidden = !isChosen;
    }
  }

  #chooseByPerson(id: Id): void {
    this.choose(id);
    this.#onChoose(id);
  }

  #move(event: KeyboardEvent): void {
    const last = this.#tabs.length - 1;
    const index = this.#tabs.findIndex(({ id }) => id === this.#chosen);
    const target = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: last }[event.key];
    if (target === undefined) return;
    const tab = this.#tabs.at(target > last ? 0 : target);
    if (!tab) return;
    event.preventDefault();
    this.#chooseByPerson(tab.id);
    tab.button.focus();
  }
}
