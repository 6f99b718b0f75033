import type { ModelComparison, NodeDescription, TensorChange } from '../../src/protocol/modelView.ts';
import { formatBytes, formatCount, formatInteger } from '../../src/report/format.ts';
import { element } from '../dom.ts';
import { t } from '../l10n.ts';
import { dataTable, type DataTable } from './dataTable.ts';
import { fileName, numberText } from './texts.ts';

type NodeChange = ModelComparison['nodes'][number];

/** The page of a comparison: what differs in the facts, the structure and the weights of two models. */
export function comparisonView(comparison: ModelComparison): HTMLElement {
  const { before, after, facts, nodes, tensors, sameTensors } = comparison;
  const isSame = facts.length + nodes.length + tensors.length === 0;
  return element(
    'div',
    { class: 'model-page', 'data-testid': 'comparison' },
    element('h1', {}, `${fileName(before.path)} → ${fileName(after.path)}`),
    element(
      'p',
      { 'data-testid': 'comparison.sentence' },
      isSame
        ? t('The two models are the same: all {0} tensors are equal.', sameTensors)
        : t(
            'What differs: nodes {0}, tensors {1}, other facts {2}. Equal tensors: {3}.',
            nodes.length,
            tensors.length,
            facts.length,
            sameTensors,
          ),
    ),
    section(
      t('Size'),
      plainTable(
        ['', t('Before'), t('After')],
        [
          [t('File'), before.path, after.path],
          [t('Size'), formatBytes(before.bytes), formatBytes(after.bytes)],
          [t('Nodes'), formatInteger(before.nodes), formatInteger(after.nodes)],
          [t('Parameters'), formatCount(before.parameters), formatCount(after.parameters)],
          ...facts.map((fact) => [fact.name, fact.before ?? '–', fact.after ?? '–']),
        ],
      ),
    ),
    ...(nodes.length === 0 ? [] : [section(t('Nodes'), nodeTable(nodes).element)]),
    ...(tensors.length === 0 ? [] : [section(t('Tensors'), tensorTable(tensors).element)]),
  );
}

function nodeTable(nodes: readonly NodeChange[]): DataTable<NodeChange> {
  const nodeOf = (change: NodeChange): NodeDescription => (change.kind === 'removed' ? change.before : change.after);
  return dataTable<NodeChange>({
    testId: 'comparison.nodes',
    label: t('Nodes'),
    rows: nodes,
    columns: [
      { title: t('Name'), text: (change) => nodeOf(change).name || (nodeOf(change).outputs[0]?.name ?? '') },
      { title: t('Operator'), text: (change) => nodeOf(change).operator },
      { title: t('Change'), text: ({ kind }) => changeText(kind) },
      { title: t('What'), text: (change) => (change.kind === 'changed' ? change.what.join('; ') : '') },
    ],
  });
}

function tensorTable(tensors: readonly TensorChange[]): DataTable<TensorChange> {
  const figure = (value: number | null): string => (value === null ? '–' : numberText(value));
  return dataTable<TensorChange>({
    testId: 'comparison.tensors',
    label: t('Tensors'),
    rows: tensors,
    columns: [
      { title: t('Name'), text: ({ name }) => name },
      { title: t('Change'), text: ({ kind }) => changeText(kind) },
      {
        title: t('Type'),
        text: ({ before, after }) => (before === after ? (after ?? '') : `${before ?? '–'} → ${after ?? '–'}`),
      },
      { title: t('Norm of the change'), text: ({ norm }) => figure(norm), order: ({ norm }) => norm ?? -1 },
      {
        title: t('Relative'),
        text: ({ relativeNorm }) => figure(relativeNorm),
        order: ({ relativeNorm }) => relativeNorm ?? -1,
      },
      { title: t('Largest change'), text: ({ largest }) => figure(largest), order: ({ largest }) => largest ?? -1 },
    ],
  });
}

function changeText(kind: TensorChange['kind']): string {
  switch (kind) {
    case 'added':
      return t('added');
    case 'removed':
      return t('removed');
    case 'changed':
      return t('changed');
    case 'reshaped':
      return t('other shape');
  }
}

function section(title: string, content: HTMLElement): HTMLElement {
  return element('section', {}, element('h2', {}, title), content);
}

function plainTable(head: readonly string[], rows: readonly (readonly string[])[]): HTMLElement {
  return element(
    'table',
    { class: 'model-plain' },
    element(
      'thead',
      {},
      element('tr', {}, ...head.map((text) => (text === '' ? element('td') : element('th', { scope: 'col' }, text)))),
    ),
    element(
      'tbody',
      {},
      ...rows.map(([first = '', ...cells]) =>
        element('tr', {}, element('th', { scope: 'row' }, first), ...cells.map((text) => element('td', {}, text))),
      ),
    ),
  );
}
