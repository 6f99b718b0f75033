import { html, type Markup } from './html.ts';

/** Lines across a chart at the marks of its upright axis, each with what it stands for on the left. @param write a mark in words */
export function horizontalGrid(
  ticks: readonly number[],
  { left, right, yAt }: { readonly left: number; readonly right: number; readonly yAt: (tick: number) => number },
  write: (tick: number) => string,
): readonly Markup[] {
  return ticks.map(
    (tick) =>
      html`<line class="grid" x1="${left}" x2="${right}" y1="${yAt(tick)}" y2="${yAt(tick)}" />
        <text x="${left - 8}" y="${yAt(tick)}" text-anchor="end" dominant-baseline="middle">${write(tick)}</text>`,
  );
}
