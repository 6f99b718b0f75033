import { html, type Markup } from './html.ts';

/**
 * Where a drawing stands: it is scrolled on its own, by key, too, where there is so little room that its words would be too small to be read.
 *
 * @param title what the drawing is called for those who do not see it
 */
export function drawingArea(title: string, drawing: Markup): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${title}">${drawing}</div>`;
}
