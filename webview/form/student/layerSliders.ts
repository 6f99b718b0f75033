import type { NumbersField } from '../../../src/protocol/form.ts';
import { scaleSlider } from '../../components/scaleSlider.ts';
import { element } from '../../dom.ts';
import { t } from '../../l10n.ts';
import { withFirstWidth, withLayers } from './layerWidths.ts';

/** Sliders for the number of layers and their width. */
export interface LayerSliders {
  readonly element: HTMLElement;
  /** Follows widths that were written. */
  readonly setValue: (widths: unknown) => void;
  readonly setEnabled: (isEnabled: boolean) => void;
}

/** @param onChange takes the widths of all layers */
export function layerSliders(
  {
    label,
    layers: { scale, least, most },
  }: { readonly label: string; readonly layers: NonNullable<NumbersField['layers']> },
  testId: string,
  onChange: (widths: readonly number[]) => void,
): LayerSliders {
  let widths: readonly number[] = [];
  /** What a first layer gets: as wide as the last one that there was. */
  let usual = scale[Math.floor(scale.length / 2)] ?? 1;
  const change = (changed: readonly number[]): void => {
    show(changed);
    onChange(changed);
  };
  const depth = scaleSlider({
    testId: `${testId}.layers`,
    label: t('Layers'),
    scale: Array.from({ length: most - least + 1 }, (_, index) => least + index),
    onChange: (count) => {
      change(withLayers(widths, count, usual));
    },
  });
  const width = scaleSlider({
    testId: `${testId}.width`,
    // The list above bears the field's own name.
    label: t('{0} of the first layer', label),
    scale,
    onChange: (first) => {
      change(withFirstWidth(widths, first));
    },
  });
  const show = (shown: readonly number[]): void => {
    widths = shown;
    usual = shown[0] ?? usual;
    depth.setValue(shown.length);
    width.setValue(shown[0] ?? usual);
    width.setEnabled(isEnabled && shown.length > 0);
  };
  let isEnabled = true;
  return {
    element: element('div', { class: 'sliders' }, depth.element, width.element),
    setValue(written) {
      if (isNumbers(written)) show(written);
    },
    setEnabled(enabled) {
      isEnabled = enabled;
      depth.setEnabled(enabled);
      width.setEnabled(enabled && widths.length > 0);
    },
  };
}

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'number');
}
