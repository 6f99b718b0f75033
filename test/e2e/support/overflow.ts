import type { Workbench } from './workbench.ts';

/** Finds what reaches over the right edge of a page and is not in a part that is scrolled or cut off on its own. Run in the browser. */
const FIND = `(() => {
  const width = document.documentElement.clientWidth;
  const isHeld = (node) => {
    for (let outer = node.parentElement; outer && outer !== document.body; outer = outer.parentElement)
      if (getComputedStyle(outer).overflowX !== 'visible') return true;
    return false;
  };
  return [...document.querySelectorAll('body *')]
    .filter((node) => node.checkVisibility() && node.getBoundingClientRect().right > width + 1 && !isHeld(node))
    .map((node) => node.tagName.toLowerCase() + '.' + node.getAttribute('class') + ': ' + node.textContent.trim().slice(0, 60));
})()`;

const UNFOLD = "for (const part of document.querySelectorAll('details')) part.open = true";

/** What is wider than the shown webview, with everything folded out; nothing where it fits. */
export async function widerThanPage(workbench: Workbench): Promise<readonly string[]> {
  const body = workbench.webview().locator('body');
  await body.evaluate(UNFOLD);
  return body.evaluate<readonly string[], string, unknown>(FIND);
}
