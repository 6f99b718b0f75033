import type { ModelFacts } from '../../src/protocol/experimentFacts.ts';
import { formatBytes, formatCount } from '../../src/report/format.ts';
import { t } from '../l10n.ts';

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
