import { drawingStyle } from '../../src/report/drawings/drawingStyle.ts';
import type { Markup } from '../../src/report/drawings/html.ts';

/** Gives the drawings of the report their style, in the colours that main.css takes from the theme. */
export function adoptDrawingStyle(): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(drawingStyle);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

/** A drawing as a part of the page. Everything in it is text that was escaped. */
export function drawn(markup: Markup): Node {
  const { body } = new DOMParser().parseFromString(markup.text, 'text/html');
  const fragment = document.createDocumentFragment();
  fragment.append(...[...body.children].map((child) => document.importNode(child, true)));
  return fragment;
}
