import { drawingStyle } from '../report/drawings/drawingStyle.ts';

/** Style of `report.html`: light, dark by the reader's preference, and black on white in print. */
export const reportStyle = `
:root {
  color-scheme: light dark;
  --text: #1b1f24; --faint: #59636e; --page: #ffffff; --rule: #d1d9e0; --accent: #f6f8fa;
  --line-0: #0969da; --line-1: #bc4c00; --line-2: #1a7f37; --line-3: #8250df; --line-4: #bf3989; --line-5: #59636e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e6edf3; --faint: #9198a1; --page: #0d1117; --rule: #3d444d; --accent: #151b23;
    --line-0: #4493f8; --line-1: #f0883e; --line-2: #3fb950; --line-3: #ab7df8; --line-4: #db61a2; --line-5: #9198a1;
  }
}
body { margin: 0 auto; max-width: 62rem; padding: 2rem 1rem; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; }
h1, h2, p, li, dt, figcaption, summary { overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; margin: 0; }
h2 { font-size: 1.15rem; margin: 2rem 0 0.5rem; }
.summary { font-size: 1.15rem; }
.faint { color: var(--faint); }
.notice { border-left: 4px solid var(--line-1); padding-left: 0.75rem; }
.scroll { overflow-x: auto; }
.scroll th[scope='row'], .scroll thead th:first-child { position: sticky; left: 0; }
.scroll th[scope='row'] { background: var(--page); }
.scroll th[scope='row'] { min-width: 8rem; white-space: normal; overflow-wrap: anywhere; }
.scroll td.long { min-width: 14rem; white-space: normal; overflow-wrap: anywhere; }
.run { display: inline-block; max-width: min(24rem, 40vw); overflow: hidden; text-overflow: ellipsis; vertical-align: bottom; white-space: nowrap; }
thead .run { max-width: 9rem; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 460px), 1fr)); gap: 0 2rem; }
table { border-collapse: separate; border-spacing: 0; font-variant-numeric: tabular-nums; }
th, td { padding: 0.25rem 0.75rem; border-bottom: 1px solid var(--rule); text-align: right; white-space: nowrap; }
th[scope='row'], thead th:first-child { text-align: left; }
thead th { background: var(--accent); white-space: normal; word-break: keep-all; vertical-align: bottom; }
dl { display: grid; grid-template-columns: fit-content(50%) 1fr; gap: 0.25rem 1rem; margin: 0; }
dt { color: var(--faint); }
dd { margin: 0; overflow-wrap: anywhere; }
figure { margin: 1.5rem 0; break-inside: avoid; }
figcaption { font-weight: 600; }
summary { cursor: pointer; }
${drawingStyle}.legend { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; margin: 0; padding: 0; list-style: none; }
.legend svg { width: 28px; height: 12px; vertical-align: middle; }
.samples { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: 1rem; margin: 0.5rem 0; padding: 0; list-style: none; font-size: 0.85rem; }
.samples li { display: flex; flex-direction: column; break-inside: avoid; overflow-wrap: anywhere; }
.samples img { align-self: flex-start; width: 6rem; border: 1px solid var(--rule); image-rendering: pixelated; }
.samples img.series { width: 11rem; border: 0; image-rendering: auto; }
.samples blockquote { margin: 0; color: var(--faint); }
.features { grid-template-columns: fit-content(60%) 1fr; gap: 0 0.75rem; max-height: 14rem; overflow-y: auto; }
.way img { image-rendering: pixelated; }
.way ol { display: flex; flex-wrap: wrap; gap: 0.75rem; margin: 0.25rem 0 0; padding: 0; list-style: none; font-size: 0.8rem; }
.way li { flex: none; }
.way img { width: 4.5rem; border: 1px solid var(--rule); }
@media print {
  :root { color-scheme: light; --text: #000000; --faint: #444444; --page: #ffffff; --rule: #bbbbbb; --accent: #eeeeee;
    --line-0: #0969da; --line-1: #bc4c00; --line-2: #1a7f37; --line-3: #8250df; --line-4: #bf3989; --line-5: #59636e; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  tr { break-inside: avoid; }
  th, td { padding: 0.2rem 0.4rem; white-space: normal; overflow-wrap: anywhere; }
}
`;
