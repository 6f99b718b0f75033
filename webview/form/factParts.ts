import type { ModelFacts } from '../../src/protocol/experimentFacts.ts';
import { formatBytes, formatCount } from '../../src/report/format.ts';
import { linkButton } from '../components/linkButton.ts';
import { element } from '../dom.ts';
import { found } from '../found.ts';
import { t } from '../l10n.ts';

/** Figures beside each other. */
export function line(figures: readonly (string | HTMLElement)[]): HTMLElement {
  const parts = figures.flatMap((figure, index) => (index === 0 ? [figure] : [' · ', figure]));
  return element('p', { class: 'facts-figures' }, ...parts);
}

/** Opens the form at the field that decides something. */
export type ShowField = (path: string) => void;

/** What a person should check of a teacher; where one of its fields says it, with a way there. */
export function warned(warnings: readonly string[], showField: ShowField): readonly HTMLElement[] {
  return warnings.map((warning) => {
    const [, field] = /\bits field (\w+)\./.exec(warning) ?? [];
    const way = field === undefined ? [] : [' ', changeButton(`teacher.${field}`, t('Change this'), showField)];
    return element('p', { class: 'facts-warning' }, found(warning), ...way);
  });
}

/** A way to the field that decides something. */
export function changeButton(where: string, label: string, showField: ShowField): HTMLElement {
  return linkButton({
    testId: `change.${where}`,
    label,
    onClick: () => {
      showField(where);
    },
  }).element;
}

/** What a model is, in figures: what it takes and gives, and how large it is. */
export function modelFigures({
  takes,
  gives,
  parameters,
  macs,
  bytes,
  opset,
}: Omit<ModelFacts, 'bytes'> & { readonly bytes: number | null }): readonly string[] {
  // Of an output without dimensions, or with such as the file does not tell, there is nothing to say.
  const written = (shapes: ModelFacts['takes']): string =>
    shapes
      .filter(({ length }) => length > 0)
      .map((shape) => shape.join(' × '))
      .join(', ');
  const [taken, given] = [written(takes), written(gives)];
  // Trees and machines of other kinds have none that are counted.
  const isCounted = parameters !== 0;
  return [
    ...(taken === '' ? [] : [t('takes {0}', taken)]),
    ...(given === '' ? [] : [t('gives {0}', given)]),
    ...(parameters === null || !isCounted ? [] : [t('{0} parameters', formatCount(parameters))]),
    ...(macs === null || !isCounted ? [] : [t('{0} MACs', formatCount(macs))]),
    ...(bytes === null ? [] : [formatBytes(bytes)]),
    ...(opset === null ? [] : [t('opset {0}', opset)]),
  ];
}
