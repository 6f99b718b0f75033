import type { GraphDrawing, ModelDescription, NodeDescription, TensorContents } from '../../src/protocol/modelView.ts';
import { formatBytes, formatInteger } from '../../src/report/format.ts';
import { button } from '../components/button.ts';
import { Tabs } from '../components/tabs.ts';
import { element } from '../dom.ts';
import { found } from '../found.ts';
import { t } from '../l10n.ts';
import { dataTable } from './dataTable.ts';
import { GraphView } from './graphView.ts';
import { ask, keepTab, keptTab } from './hostApi.ts';
import { nodeDetails } from './nodeDetails.ts';
import { modelSentence, overview } from './overview.ts';
import { tensorDetails } from './tensorDetails.ts';
import { fileName, gradientText, typeText } from './texts.ts';

const tabIds = ['overview', 'graph', 'nodes', 'tensors'] as const;
type TabId = (typeof tabIds)[number];

/** The page of a model: what it is, its graph, its nodes and its tensors, and beside them what was chosen. */
export class ModelView {
  readonly element: HTMLElement;
  readonly #model: ModelDescription;
  readonly #graph: GraphView;
  readonly #details = element('aside', {
    class: 'model-details',
    'aria-label': t('Details'),
    'aria-live': 'polite',
    tabindex: 0,
    hidden: true,
  });
  #hasAskedForGraph = false;

  /** @param canDistill whether the model is a file that a teacher can be */
  constructor(model: ModelDescription, canDistill: boolean) {
    this.#model = model;
    this.#graph = new GraphView((index) => {
      const node = model.nodes[index];
      if (node) this.#showNode(node);
    });
    const tabs = new Tabs<TabId>(
      t('Model'),
      [
        { id: 'overview', title: t('Overview'), content: overview(model) },
        { id: 'graph', title: t('Graph'), content: this.#graph.element },
        { id: 'nodes', title: t('Nodes'), content: element('div', {}, this.#nodeTable()) },
        { id: 'tensors', title: t('Tensors'), content: element('div', {}, this.#tensorTable()) },
      ],
      (id) => {
        keepTab(id);
        this.#prepare(id);
      },
    );
    const kept = tabIds.find((id) => id === keptTab());
    if (kept) {
      tabs.choose(kept);
      this.#prepare(kept);
    }
    const distill = button({
      testId: 'model.distill',
      label: t('Distill this model'),
      appearance: 'primary',
      onClick: () => {
        ask({ kind: 'distill' });
      },
    });
    const compare = button({
      testId: 'model.compare',
      label: t('Compare with …'),
      appearance: 'secondary',
      onClick: () => {
        ask({ kind: 'compare' });
      },
    });
    distill.setVisible(canDistill);
    compare.setVisible(canDistill);
    this.element = element(
      'div',
      { class: 'model-page', 'data-testid': 'model' },
      element(
        'header',
        { class: 'model-header' },
        element(
          'div',
          {},
          element('h1', {}, fileName(model.path)),
          element('p', { 'data-testid': 'model.sentence' }, modelSentence(model)),
        ),
        element('div', { class: 'actions' }, distill.element, compare.element),
      ),
      tabs.list,
      element('div', { class: 'model-body' }, element('div', { class: 'model-main' }, ...tabs.pages), this.#details),
    );
  }

  showDrawing(drawing: GraphDrawing): void {
    this.#graph.show(drawing);
  }

  showTensor(contents: TensorContents): void {
    this.#showDetails(tensorDetails(contents));
  }

  showTensorProblem(name: string, message: string): void {
    this.#showDetails(element('div', { role: 'alert' }, element('h2', {}, name), element('p', {}, found(message))));
  }

  #showNode(node: NodeDescription): void {
    const stored = new Set(this.#model.tensors.map(({ name }) => name));
    this.#showDetails(nodeDetails(node, (name) => stored.has(name)));
  }

  #showDetails(content: HTMLElement): void {
    const close = element('button', { class: 'model-close', type: 'button', 'aria-label': t('Close') }, '×');
    close.addEventListener('click', () => {
      this.#details.hidden = true;
    });
    this.#details.hidden = false;
    this.#details.replaceChildren(close, content);
  }

  /** The graph is laid out when somebody looks at it. */
  #prepare(id: TabId): void {
    if (id !== 'graph' || this.#hasAskedForGraph) return;
    this.#hasAskedForGraph = true;
    ask({ kind: 'draw', scope: '' });
  }

  #nodeTable(): HTMLElement {
    return dataTable<NodeDescription>({
      testId: 'model.nodes',
      label: t('Nodes'),
      rows: this.#model.nodes,
      columns: [
        { title: t('Name'), text: ({ name, outputs, operator }) => name || (outputs[0]?.name ?? operator) },
        { title: t('Operator'), text: ({ operator }) => operator },
        { title: t('Output'), text: ({ outputs }) => outputs.map(typeText).join(', ') },
        {
          title: t('Parameters'),
          text: ({ parameters }) => blankZero(parameters),
          order: ({ parameters }) => parameters,
        },
        { title: 'MACs', text: ({ macs }) => (macs === null ? '?' : blankZero(macs)), order: ({ macs }) => macs ?? -1 },
        { title: t('Gradient'), text: ({ gradient }) => gradientText(gradient) },
      ],
      onChoose: (node) => {
        this.#showNode(node);
      },
    });
  }

  #tensorTable(): HTMLElement {
    return dataTable<ModelDescription['tensors'][number]>({
      testId: 'model.tensors',
      label: t('Tensors'),
      rows: this.#model.tensors,
      columns: [
        { title: t('Name'), text: ({ name }) => name },
        { title: t('Type'), text: typeText },
        {
          title: t('Size'),
          text: ({ bytes }) => (bytes === null ? '?' : formatBytes(bytes)),
          order: ({ bytes }) => bytes ?? -1,
        },
        // Most models keep all of them in the file itself.
        ...(this.#model.tensors.some(({ file }) => file != null)
          ? [{ title: t('File'), text: ({ file }: ModelDescription['tensors'][number]) => file ?? '' }]
          : []),
      ],
      onChoose: ({ name }) => {
        ask({ kind: 'tensor', name });
      },
    });
  }
}

function blankZero(count: number): string {
  return count === 0 ? '' : formatInteger(count);
}
