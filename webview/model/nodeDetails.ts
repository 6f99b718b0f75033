import type { NodeDescription } from '../../src/protocol/modelView.ts';
import { formatInteger } from '../../src/report/format.ts';
import { element } from '../dom.ts';
import { t } from '../l10n.ts';
import { ask } from './hostApi.ts';
import { gradientText, typeText } from './texts.ts';

/** Everything about one node. @param isStored whether an input is a tensor of the file, whose values can be shown */
export function nodeDetails(node: NodeDescription, isStored: (name: string) => boolean): HTMLElement {
  const list = element('dl', { class: 'model-facts' });
  const add = (term: string, ...content: readonly (Node | string)[]): void => {
    list.append(element('dt', {}, term), element('dd', {}, ...content));
  };
  add(t('Name'), node.name === '' ? t('none') : node.name);
  add(t('Gradient'), gradientText(node.gradient));
  add(t('Parameters'), formatInteger(node.parameters));
  add('MACs', node.macs === null ? t('not known') : formatInteger(node.macs));
  for (const input of node.inputs) {
    if (!isStored(input)) {
      add(t('Input'), input === '' ? t('none') : input);
      continue;
    }
    const button = element('button', { class: 'link', type: 'button' }, input);
    button.addEventListener('click', () => {
      ask({ kind: 'tensor', name: input });
    });
    add(t('Input'), button);
  }
  for (const output of node.outputs) add(t('Output'), `${output.name} ${typeText(output)}`);
  for (const { name, value } of node.attributes) add(name, value);
  return element('div', { 'data-testid': 'model.node' }, element('h2', {}, node.operator), list);
}
