/** Gives a page in the report's style the colours of the editor's theme, high contrast included. */
export const editorStyle = `
:root {
  color-scheme: inherit;
  --text: var(--vscode-editor-foreground); --faint: var(--vscode-descriptionForeground); --page: var(--vscode-editor-background);
  --rule: var(--vscode-contrastBorder, var(--vscode-widget-border, #8888)); --accent: var(--vscode-editorWidget-background);
  --line-0: var(--vscode-charts-blue); --line-1: var(--vscode-charts-red); --line-2: var(--vscode-charts-green);
  --line-3: var(--vscode-charts-purple); --line-4: var(--vscode-charts-yellow); --line-5: var(--vscode-charts-foreground);
}
html { font-size: var(--vscode-font-size); }
body { max-width: 1200px; font-family: var(--vscode-font-family); }
figure svg.drawing.wide { max-width: 640px; }
.notice { border-color: var(--vscode-editorWarning-foreground); }
:focus-visible { outline: 1px solid var(--vscode-focusBorder); }
`;
