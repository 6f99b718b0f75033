import type { Problem } from '../src/errors.ts';
import { copyForAgent } from './components/copyForAgent.ts';
import { element, withCode } from './dom.ts';
import { found } from './found.ts';

/** Problems as a list: where, what is wrong, and what would be right. `onChoose` makes a place that has a name a link. */
export function problemList(options: {
  readonly severity: 'error' | 'warning';
  readonly problems: readonly Problem[];
  readonly title?: string;
  readonly onChoose?: (where: string) => void;
  /** What the place is called; undefined where it has no other name. */
  readonly labelOf?: (where: string) => string | undefined;
  /** Whether they can be copied for an agent. */
  readonly isCopied?: boolean;
}): HTMLElement {
  const { severity, problems, title, onChoose, labelOf, isCopied = false } = options;
  const items = problems.map(({ where, message, hint }) => {
    const label = labelOf?.(where);
    const shown = { class: label === undefined ? 'place code' : 'place', title: where };
    // What is no part of the form cannot be led to, and a sentence about the whole needs no place.
    const place =
      onChoose && label !== undefined
        ? element('button', { ...shown, type: 'button' }, label)
        : element('span', shown, label ?? where);
    place.addEventListener('click', () => onChoose?.(where));
    const item = element('li', {}, ...(where === '' ? [] : [place, ' ']), ...withCode(found(message)));
    if (hint !== undefined) item.append(element('p', { class: 'hint' }, ...withCode(found(hint))));
    return item;
  });
  const list = element('div', {
    tabindex: -1,
    class: `problems ${severity}`,
    'data-testid': severity === 'error' ? 'problems' : 'warnings',
  });
  if (title !== undefined) list.append(element('p', { class: 'problems-title' }, title));
  list.append(element('ul', {}, ...items));
  if (isCopied) list.append(element('div', { class: 'actions' }, copyForAgent('copyProblems', problems).element));
  return list;
}
