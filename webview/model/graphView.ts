import type { GraphBox, GraphDrawing } from '../../src/protocol/modelView.ts';
import { element, setAttributes } from '../dom.ts';
import { t } from '../l10n.ts';
import { ask } from './hostApi.ts';

const MARGIN = 16;
const ZOOM_STEP = 1.25;
const ZOOMS = { least: 0.2, most: 3 };
/** Longer titles would leave their box. */
const LONGEST_TITLE = 30;

/** The drawing of one scope at a time; scopes open with a click or Enter, and the path leads back. */
export class GraphView {
  readonly element: HTMLElement;
  readonly #path = element('nav', { class: 'model-path', 'aria-label': t('Scopes') });
  readonly #canvas = element('div', { class: 'model-graph', tabindex: 0, role: 'region', 'aria-label': t('Graph') });
  readonly #onChoose: (node: number) => void;
  #zoom = 1;
  #drawing: GraphDrawing | undefined;
  /** Place in the file of the node that was chosen, here or in the table, in whichever scope it is. */
  #chosen: number | undefined;

  /** @param onChoose called with a node's place in the file */
  constructor(onChoose: (node: number) => void) {
    this.#onChoose = onChoose;
    const zoom = (title: string, sign: string, factor: number): HTMLElement => {
      const button = element('button', { class: 'model-zoom', type: 'button', 'aria-label': title, title }, sign);
      button.addEventListener('click', () => {
        this.#zoom = Math.min(ZOOMS.most, Math.max(ZOOMS.least, this.#zoom * factor));
        this.#scale();
      });
      return button;
    };
    this.element = element(
      'div',
      { class: 'model-graph-page' },
      element(
        'div',
        { class: 'model-graph-bar' },
        this.#path,
        element('div', {}, zoom(t('Zoom out'), '−', 1 / ZOOM_STEP), zoom(t('Zoom in'), '+', ZOOM_STEP)),
      ),
      this.#canvas,
    );
    this.#canvas.append(element('p', { class: 'model-reading' }, t('Drawing …')));
  }

  /** Marks the box of a node, and that alone, now and whenever its scope is drawn. */
  mark(node: number | undefined): void {
    this.#chosen = node;
    for (const box of this.#canvas.querySelectorAll('[data-node]')) {
      setAttributes(box, { 'aria-current': box.getAttribute('data-node') === String(node) && 'true' });
    }
    this.#bringIntoSight();
  }

  show(drawing: GraphDrawing): void {
    const left = this.#drawing?.scope;
    const hadFocus = this.element.contains(document.activeElement);
    this.#drawing = drawing;
    const steps = drawing.path.map(({ scope, title }, index) => {
      const name = title === '' ? t('Model') : title;
      if (index === drawing.path.length - 1) return element('span', { 'aria-current': 'page' }, name);
      const button = element('button', { class: 'link', type: 'button' }, name);
      button.addEventListener('click', () => {
        ask({ kind: 'draw', scope });
      });
      return button;
    });
    this.#path.replaceChildren(...steps.flatMap((step, index) => (index === 0 ? [step] : [' › ', step])));
    const svg = shape('svg', { class: 'model-drawing', 'data-testid': 'model.drawing', 'data-scope': drawing.scope });
    svg.append(arrowHead());
    for (const { points } of drawing.edges) {
      const path = points.map(([x, y]) => `${x},${y}`).join(' ');
      svg.append(shape('polyline', { class: 'edge', points: path, 'marker-end': 'url(#arrow)' }));
    }
    for (const box of drawing.boxes) svg.append(this.#box(box));
    this.#canvas.replaceChildren(svg);
    this.#scale();
    if (!hadFocus) return;
    // What had the focus is gone: the scope that was left, or the drawing, has it now.
    const before = svg.querySelector<SVGElement>(`[data-scope="${CSS.escape(left ?? '')}"]`);
    (before ?? this.#canvas).focus();
  }

  /** What is shown beside the drawing may have covered the chosen box. */
  #bringIntoSight(): void {
    this.#canvas.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  #scale(): void {
    const svg = this.#canvas.querySelector('svg');
    if (!svg || !this.#drawing) return;
    const [width, height] = [this.#drawing.width + 2 * MARGIN, this.#drawing.height + 2 * MARGIN];
    setAttributes(svg, {
      viewBox: `${-MARGIN} ${-MARGIN} ${width} ${height}`,
      width: width * this.#zoom,
      height: height * this.#zoom,
    });
    this.#bringIntoSight();
  }

  #box(box: GraphBox): SVGElement {
    const { kind, title, subtitle, x, y, width, height } = box;
    const isActive = kind === 'node' || kind === 'scope';
    const group = shape('g', {
      class: `box ${kind}`,
      transform: `translate(${x} ${y})`,
      ...(isActive && { tabindex: 0, role: 'button', 'data-testid': `box.${title}`, 'aria-label': describe(box) }),
      ...(box.scope !== undefined && { 'data-scope': box.scope }),
      ...(box.node !== undefined && { 'data-node': box.node }),
      ...(box.node !== undefined && box.node === this.#chosen && { 'aria-current': 'true' }),
    });
    const label = shape('text', { x: width / 2, y: 18, class: 'title' });
    label.textContent = shortened(title);
    const below = shape('text', { x: width / 2, y: 35, class: 'subtitle' });
    below.textContent = kind === 'scope' ? t('{0} nodes', subtitle) : shortened(subtitle);
    const tip = shape('title', {});
    tip.textContent = describe(box);
    // What is read out of the box has a space between its two lines, as its name has.
    group.append(tip, shape('rect', { width, height, rx: kind === 'scope' ? 8 : 3 }), label, ' ', below);
    if (!isActive) return group;
    const open = (): void => {
      if (box.scope !== undefined) ask({ kind: 'draw', scope: box.scope });
      else if (box.node !== undefined) this.#onChoose(box.node);
    };
    group.addEventListener('click', open);
    group.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      open();
    });
    return group;
  }
}

function describe({ kind, title, subtitle }: GraphBox): string {
  return kind === 'scope' ? t('Open {0}: {1} nodes', title, subtitle) : `${title} ${subtitle}`;
}

function shortened(text: string): string {
  return text.length > LONGEST_TITLE ? `${text.slice(0, LONGEST_TITLE - 1)}…` : text;
}

function arrowHead(): SVGElement {
  const marker = shape('marker', {
    id: 'arrow',
    viewBox: '0 0 8 8',
    refX: 7,
    refY: 4,
    markerWidth: 7,
    markerHeight: 7,
    orient: 'auto',
  });
  marker.append(shape('path', { d: 'M0 0L8 4L0 8z', class: 'arrow' }));
  const definitions = shape('defs', {});
  definitions.append(marker);
  return definitions;
}

function shape(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  setAttributes(made, attributes);
  return made;
}
