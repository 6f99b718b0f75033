import { element, setAttributes } from '../dom.ts';
import { t } from '../l10n.ts';

/** A part of the report that the contents lead to. */
export interface Entry {
  readonly title: string;
  readonly part: HTMLElement;
}

/** The table of contents: it stays in sight and follows where one reads. */
export function contents(entries: readonly Entry[]): HTMLElement {
  const links = new Map<Element, HTMLElement>();
  const inSight = new Set<Element>();
  const items = entries.map(({ title, part }) => {
    const link = element('button', { class: 'link', type: 'button' }, title);
    link.addEventListener('click', () => {
      if (part instanceof HTMLDetailsElement) part.open = true;
      part.scrollIntoView({ block: 'start' });
      // Whoever goes on by the tab key goes on from there.
      const heading = part.querySelector<HTMLElement>('summary, h3');
      if (heading?.matches('h3') === true) heading.tabIndex = -1;
      heading?.focus({ preventScroll: true });
    });
    links.set(part, link);
    return element('li', {}, link);
  });
  const observer = new IntersectionObserver((changes) => {
    for (const { target, isIntersecting } of changes) {
      if (isIntersecting) inSight.add(target);
      else inSight.delete(target);
    }
    const current = entries.find(({ part }) => inSight.has(part))?.part;
    for (const [part, link] of links) setAttributes(link, { 'aria-current': part === current && 'true' });
  });
  for (const { part } of entries) observer.observe(part);
  // Where it stands above the report and not beside it, it is folded: what came of the run is what one came for.
  const open = !matchMedia('(max-width: 900px)').matches;
  const list = element('details', { open }, element('summary', {}, t('Contents')), element('ul', {}, ...items));
  return element('nav', { class: 'contents', 'aria-label': t('Contents'), 'data-testid': 'report.contents' }, list);
}
