/** What had the focus last, and how it is found again where the page has drawn it anew. */
interface Focused {
  readonly element: Element;
  readonly testId: string | null;
  /** What it lay in, from the inside out. */
  readonly around: readonly Element[];
}

/**
 * Keeps the focus in a page whose parts come and go: whoever works by keyboard or listens to a screen reader would have to begin at the top
 * again. It goes to what is in the place of the part that had it; at first, and where nothing is, to where the page begins.
 *
 * @param beginning takes the focus, though the tab key does not stop there
 */
export function keepFocus(root: HTMLElement, beginning: () => HTMLElement | undefined): void {
  let last: Focused | undefined;
  let isLookedAt = false;
  const mend = (): void => {
    isLookedAt = false;
    if (!document.hasFocus() || document.activeElement !== document.body) return;
    // A person who clicked beside everything has taken the focus away.
    if (last?.element.isConnected === true && last.element.checkVisibility() && !isOff(last.element)) return;
    (successorOf(last, root) ?? beginning())?.focus({ preventScroll: last === undefined });
  };
  const look = (): void => {
    if (isLookedAt) return;
    isLookedAt = true;
    // The browser takes the focus from what is hidden when it draws the next picture.
    requestAnimationFrame(() => setTimeout(mend));
  };
  document.addEventListener('focusin', ({ target }) => {
    if (target instanceof Element) last = noted(target, root);
  });
  window.addEventListener('focus', look);
  new MutationObserver(look).observe(root, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ['class', 'disabled', 'hidden', 'open'],
  });
  look();
}

function noted(element: Element, root: HTMLElement): Focused {
  const around: Element[] = [];
  for (let each = element.parentElement; each && each !== root; each = each.parentElement) around.push(each);
  return { element, testId: element.closest('[data-testid]')?.getAttribute('data-testid') ?? null, around };
}

function successorOf(last: Focused | undefined, root: HTMLElement): HTMLElement | undefined {
  if (!last) return undefined;
  const again = last.testId === null ? [] : root.querySelectorAll(`[data-testid="${CSS.escape(last.testId)}"]`);
  const near = last.around.filter((each) => each.isConnected);
  return [...again, ...near].map(firstStop).find((stop) => stop !== undefined);
}

/** The first in a part at which the tab key stops, the part itself included. */
function firstStop(part: Element): HTMLElement | undefined {
  const stops = [part, ...part.querySelectorAll(STOPS)];
  return stops.find(
    (stop): stop is HTMLElement =>
      stop instanceof HTMLElement && stop.matches(STOPS) && stop.checkVisibility() && !isOff(stop),
  );
}

const STOPS = ['a[href]', 'button', 'input', 'select', 'textarea', 'summary', '[tabindex]:not([tabindex="-1"])']
  .concat(['vscode-button', 'vscode-text-field', 'vscode-dropdown', 'vscode-checkbox'])
  .map((stop) => `${stop}:not([tabindex="-1"])`)
  .join(', ');

function isOff(element: Element): boolean {
  return element.matches('[disabled], [aria-disabled="true"]');
}
