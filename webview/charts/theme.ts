import type { ChartColor } from './series.ts';

/** The theme's colours for what is drawn on a canvas, which style sheets do not reach. */
export interface ChartTheme {
  color(name: ChartColor): string;
  readonly text: string;
  readonly grid: string;
  readonly font: string;
}

export function readTheme(): ChartTheme {
  const style = getComputedStyle(document.body);
  const value = (name: string): string => style.getPropertyValue(`--vscode-${name}`).trim();
  const text = value('foreground') || style.color;
  return {
    color: (name) => value(name === 'foreground' ? 'charts-foreground' : `charts-${name}`) || text,
    text,
    grid: `color-mix(in srgb, ${text} 16%, transparent)`,
    font: `11px ${style.fontFamily}`,
  };
}

/** Calls `onChange` whenever the person chooses another theme; VS Code then changes the body's attributes. */
export function watchTheme(onChange: () => void): void {
  const observer = new MutationObserver(onChange);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
}
