/** Pixels to which drawings become smaller where there is little room; then they are scrolled. Their words are some nine pixels high then. */
const LEAST_WIDTH = 480;

/**
 * The style of all drawings, on the page and in the panel. Where they stand defines the colours: --text, --faint, --page, --rule,
 * and --line-0 to --line-5.
 */
export const drawingStyle = `
svg.drawing text { font-size: 12px; fill: var(--faint); }
svg.drawing:not(.tree) { max-width: max(100%, ${LEAST_WIDTH}px); height: auto; }
svg.drawing.wide { display: block; width: 100%; min-width: ${LEAST_WIDTH}px; }
.grid { stroke: var(--rule); }
.line { fill: none; stroke-width: 2; }
svg.drawing circle { stroke-dasharray: none; }
.style-0 { stroke: var(--line-0); } circle.style-0 { fill: var(--line-0); }
.style-1 { stroke: var(--line-1); stroke-dasharray: 8 3; } circle.style-1 { fill: var(--line-1); }
.style-2 { stroke: var(--line-2); stroke-dasharray: 2 3; } circle.style-2 { fill: var(--line-2); }
.style-3 { stroke: var(--line-3); stroke-dasharray: 8 3 2 3; } circle.style-3 { fill: var(--line-3); }
.style-4 { stroke: var(--line-4); stroke-dasharray: 4 2; } circle.style-4 { fill: var(--line-4); }
.style-5 { stroke: var(--line-5); stroke-dasharray: 12 4; } circle.style-5 { fill: var(--line-5); }
.bar, rect.right { fill: var(--line-0); }
.bar { fill-opacity: 0.75; }
rect.wrong { fill: var(--line-1); }
rect.frame { fill: none; stroke: var(--rule); }
svg.drawing text.count { fill: var(--text); font-variant-numeric: tabular-nums; paint-order: stroke; stroke: var(--page); stroke-width: 3px; }
path.point { stroke: var(--line-0); stroke-width: 1.5; fill: var(--page); }
path.point.of-experiment { fill: var(--line-0); fill-opacity: 0.45; }
path.point.of-other { stroke: var(--faint); }
path.point.of-run { fill: var(--line-3); stroke: var(--page); }
.line.front { stroke: var(--line-3); stroke-width: 1.5; }
svg.drawing text.label { fill: var(--text); paint-order: stroke; stroke: var(--page); stroke-width: 3px; }
svg.tree { display: block; max-width: none; }
.tree .branch { stroke: var(--faint); opacity: 0.6; }
.tree .branch.on-way { stroke: var(--line-3); opacity: 1; }
.tree .node { fill: var(--page); stroke: var(--rule); }
.tree .on-way .node { stroke: var(--line-3); stroke-width: 2.5; }
svg.tree text { paint-order: stroke; stroke: var(--page); stroke-width: 3px; }
svg.tree .leaf text, svg.tree .on-way text { fill: var(--text); }
svg.tree .on-way text { font-weight: 600; }
.tree image { image-rendering: pixelated; }
`;
