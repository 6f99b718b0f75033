import type { ModelDescription } from '../../src/protocol/modelView.ts';
import { formatBytes, formatCount, formatInteger } from '../../src/report/format.ts';
import { element } from '../dom.ts';
import { found } from '../found.ts';
import { t } from '../l10n.ts';
import { typeText } from './texts.ts';

/** Nodes that are named where gradients stop; the table has all of them. */
const NAMED = 5;

/** What a model is, in a sentence and in tables. */
export function overview(model: ModelDescription): HTMLElement {
  return element(
    'div',
    { class: 'model-overview' },
    ...(model.problem === null
      ? []
      : [
          element(
            'p',
            { class: 'model-note', 'data-testid': 'model.problem' },
            t('Not everything is understood: {0}', found(model.problem)),
          ),
        ]),
    ...model.exporterNotes.map((note) => element('p', { class: 'model-note' }, found(note))),
    element('p', { 'data-testid': 'model.gradients' }, gradientSentence(model)),
    element('div', { class: 'model-cards' }, ...tables(model)),
  );
}

function tables(model: ModelDescription): readonly HTMLElement[] {
  return [
    facts(
      t('Inputs'),
      model.inputs.map((value) => [value.name, typeText(value)]),
    ),
    facts(
      t('Outputs'),
      model.outputs.map((value) => [value.name, typeText(value)]),
    ),
    facts(t('File'), [
      [t('Size'), formatBytes(model.bytes)],
      ...model.externalFiles.map(
        ({ name, bytes }) =>
          [t('External data'), `${name} (${bytes === null ? t('missing') : formatBytes(bytes)})`] as const,
      ),
      [t('Written by'), model.producer === '' ? t('not said') : model.producer],
      [t('IR version'), String(model.irVersion)],
      ...model.opsets.map(({ domain, version }) => [t('Operator set of {0}', domain), String(version)] as const),
      ...(model.documentation === '' ? [] : [[t('Description'), model.documentation] as const]),
    ]),
    facts(t('Operators'), operatorCounts(model)),
    facts(
      t('Metadata'),
      model.metadata.map(({ key, value }) => [key, value]),
    ),
    facts(
      t('Functions'),
      model.functions.map(({ domain, name, inputs, outputs, operators }) => [
        domain === '' ? name : `${domain}.${name}`,
        `(${inputs.join(', ')}) → (${outputs.join(', ')}): ${operators.join(', ')}`,
      ]),
    ),
  ];
}

/** What a model is, as one sentence. */
export function modelSentence(model: ModelDescription): string {
  const list = (values: ModelDescription['inputs']): string =>
    values.map((value) => `${value.name} ${typeText(value)}`).join(', ');
  const counts = t('{0} nodes, {1} parameters', formatInteger(model.nodes.length), formatCount(model.parameters));
  const macs = model.macs === null ? '' : t(', {0} MACs per sample', formatCount(model.macs));
  return t('{0}{1}: from {2} to {3}.', counts, macs, list(model.inputs) || '–', list(model.outputs));
}

function gradientSentence({ nodes }: ModelDescription): string {
  const stopping = nodes.filter(({ gradient }) => gradient.kind === 'unsupported');
  if (stopping.length === 0) return t('Gradients pass every node: the network can be trained further as a student.');
  const names = [...new Set(stopping.map(({ operator }) => operator))];
  const named = names.slice(0, NAMED).join(', ') + (names.length > NAMED ? ', …' : '');
  return t(
    'Gradients stop at {0} of {1} nodes ({2}); the table of nodes says why.',
    stopping.length,
    nodes.length,
    named,
  );
}

function operatorCounts({ nodes }: ModelDescription): (readonly [string, string])[] {
  const counts = new Map<string, number>();
  for (const { operator } of nodes) counts.set(operator, (counts.get(operator) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]).map(([operator, count]) => [operator, formatInteger(count)]);
}

function facts(title: string, entries: readonly (readonly [string, string])[]): HTMLElement {
  const section = element('section', { hidden: entries.length === 0 }, element('h2', {}, title));
  const list = element('dl', { class: 'model-facts' });
  for (const [name, fact] of entries) list.append(element('dt', {}, name), element('dd', {}, fact));
  section.append(list);
  return section;
}
