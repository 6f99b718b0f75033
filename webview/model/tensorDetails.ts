import type { TensorContents } from '../../src/protocol/modelView.ts';
import { formatInteger } from '../../src/report/format.ts';
import { element, setAttributes } from '../dom.ts';
import { t } from '../l10n.ts';
import { numberText } from './texts.ts';

const WIDTH = 400;
const HEIGHT = 120;

/** Statistics, histogram and first values of a tensor. */
export function tensorDetails(contents: TensorContents): HTMLElement {
  const { name, count, minimum, maximum, mean, deviation, zeros, notFinite, histogram, values } = contents;
  const facts: readonly (readonly [string, string])[] = [
    [t('Elements'), formatInteger(count)],
    [t('Smallest'), numberText(minimum)],
    [t('Largest'), numberText(maximum)],
    [t('Mean'), numberText(mean)],
    [t('Standard deviation'), numberText(deviation)],
    [t('Zeros'), formatInteger(zeros)],
    ...(notFinite === 0 ? [] : [[t('Not finite'), formatInteger(notFinite)] as const]),
  ];
  const list = element('dl', { class: 'model-facts' });
  for (const [term, fact] of facts) list.append(element('dt', {}, term), element('dd', {}, fact));
  const shown = values.map(numberText).join(', ') + (count > values.length ? ', …' : '');
  return element(
    'div',
    { 'data-testid': 'model.tensor' },
    element('h2', {}, name),
    list,
    histogramOf(histogram, t('Histogram of {0}, from {1} to {2}', name, numberText(minimum), numberText(maximum))),
    element('h3', {}, t('Values')),
    element('p', { class: 'model-values', tabindex: 0 }, shown),
  );
}

function histogramOf(counts: readonly number[], label: string): SVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  setAttributes(svg, { class: 'model-histogram', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': label });
  const largest = Math.max(1, ...counts);
  const width = WIDTH / Math.max(counts.length, 1);
  counts.forEach((count, index) => {
    const bar = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
    const height = (count / largest) * HEIGHT;
    setAttributes(bar, { x: index * width, y: HEIGHT - height, width: width * 0.9, height });
    svg.append(bar);
  });
  return svg;
}
