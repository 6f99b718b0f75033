import type { Problem } from '../src/errors.ts';
import { element, withCode } from './dom.ts';

/** Problems as a list: where, what is wrong, and what would be right. `onChoose` makes the place a link. */
export function problemList(options: {
  readonly severity: 'error' | 'warning';
  readonly problems: readonly Problem[];
  readonly title?: string;
  readonly onChoose?: (where: string) => void;
}): HTMLElement {
  const { severity, problems, title, onChoose } = options;
  const items = problems.map(({ where, message, hint }) => {
    const place = onChoose
      ? element('button', { class: 'place', type: 'button' }, where)
      : element('span', { class: 'place' }, where);
    place.addEventListener('click', () => onChoose?.(where));
    const item = element('li', {}, place, ' ', message);
    if (hint !== undefined) item.append(element('p', { class: 'hint' }, ...withCode(hint)));
    return item;
  });
  const list = element('div', {
    tabindex: -1,
    class: `problems ${severity}`,
    'data-testid': severity === 'error' ? 'problems' : 'warnings',
  });
  if (title !== undefined) list.append(element('p', { class: 'problems-title' }, title));
  list.append(element('ul', {}, ...items));
  return list;
}
