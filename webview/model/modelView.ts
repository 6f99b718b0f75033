import type {
  GraphDrawing,
  ModelDescription,
  NodeDescription,
  TensorContents,
  TensorDescription,
} from '../../src/protocol/modelView.ts';
import { formatBytes, formatInteger } from '../../src/report/format.ts';
import { button } from '../components/button.ts';
import { Tabs } from '../components/tabs.ts';
import { element } from '../dom.ts';
import { found } from '../found.ts';
import { t } from '../l10n.ts';
import { dataTable, type DataTable } from './dataTable.ts';
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
  readonly #nodes: DataTable<NodeDescription>;
  readonly #tensors: DataTable<TensorDescription>;
  #hasAskedForGraph = false;
  /** What had the focus when something was chosen, which gets it back. */
  #chosenFrom: Element | null = null;

  /** @param canDistill whether the model is a file that a teacher can be */
  constructor(model: ModelDescription, canDistill: boolean) {
    this.#model = model;
    this.#graph = new GraphView((index) => {
      const node = model.nodes[index];
      if (node) this.#showNode(node);
    });
    this.#nodes = this.#nodeTable();
    this.#tensors = this.#tensorTable();
    const tabs = new Tabs<TabId>(
      t('Model'),
      [
        { id: 'overview', title: t('Overview'), content: overview(model) },
        { id: 'graph', title: t('Graph'), content: this.#graph.element },
        { id: 'nodes', title: t('Nodes'), content: element('div', {}, this.#nodes.element) },
        { id: 'tensors', title: t('Tensors'), content: element('div', {}, this.#tensors.element) },
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
    this.#details.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape') this.#closeDetails();
    });
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
    this.#markTensor(contents.name);
  }

  showTensorProblem(name: string, message: string): void {
    this.#showDetails(element('div', { role: 'alert' }, element('h2', {}, name), element('p', {}, found(message))));
    this.#markTensor(name);
  }

  #showNode(node: NodeDescription): void {
    const stored = new Set(this.#model.tensors.map(({ name }) => name));
    this.#showDetails(nodeDetails(node, (name) => stored.has(name)));
    this.#markNode(node);
    this.#markTensor(undefined);
  }

  #showDetails(content: HTMLElement): void {
    const close = element('button', { class: 'model-close', type: 'button', 'aria-label': t('Close') }, '×');
    close.addEventListener('click', () => {
      this.#closeDetails();
    });
    const isFromDetails = this.#details.contains(document.activeElement);
    if (!isFromDetails) this.#chosenFrom = document.activeElement;
    this.#details.hidden = false;
    this.#details.replaceChildren(close, content);
    // What was pressed there, such as the name of a tensor, is gone.
    if (isFromDetails) this.#details.focus();
  }

  #closeDetails(): void {
    this.#details.hidden = true;
    this.#markNode(undefined);
    this.#markTensor(undefined);
    if (this.#chosenFrom instanceof HTMLElement || this.#chosenFrom instanceof SVGElement) this.#chosenFrom.focus();
  }

  /** In the graph and in the table. It stays marked while one looks at its tensors. */
  #markNode(node: NodeDescription | undefined): void {
    this.#graph.mark(node?.index);
    this.#nodes.mark(node);
  }

  #markTensor(name: string | undefined): void {
    this.#tensors.mark(this.#model.tensors.find((tensor) => tensor.name === name));
  }

  /** The graph is laid out when somebody looks at it. */
  #prepare(id: TabId): void {
    if (id !== 'graph' || this.#hasAskedForGraph) return;
    this.#hasAskedForGraph = true;
    ask({ kind: 'draw', scope: '' });
  }

  #nodeTable(): DataTable<NodeDescription> {
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

  #tensorTable(): DataTable<TensorDescription> {
    return dataTable<TensorDescription>({
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
          ? [{ title: t('File'), text: ({ file }: TensorDescription) => file ?? '' }]
          : []),
      ],
      onChoose: ({ name }) => {
        this.#markNode(undefined);
        ask({ kind: 'tensor', name });
      },
    });
  }
}

function blankZero(count: number): string {
  return count === 0 ? '' : formatInteger(count);
}
