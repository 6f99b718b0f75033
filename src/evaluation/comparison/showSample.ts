import { samplePixels } from '../../report/drawings/pixels.ts';
import { tokenWords } from '../../data/formats/texts/tokenWords.ts';
import type { ColumnCode, Preparation } from '../../data/preparation.ts';
import { inOwnUnits } from '../../data/targetScales.ts';
import type { ShownSample } from '../../report/quality.ts';
import { pngOf, pngOfCurves } from '../pictures.ts';

/** Numbers of a sample that are written at most. */
const MOST_FEATURES = 40;

/**
 * A sample as a person can look at it: images as pictures, series as curves, rows of a table as their columns in their own
 * units, texts as words or characters. Null where it cannot be shown.
 *
 * @param values the sample as networks are fed it
 */
export async function showSample(
  values: Float32Array,
  sampleShape: readonly number[],
  preparation: Preparation,
): Promise<ShownSample | null> {
  switch (preparation.kind) {
    case 'pixels':
    case 'arrays': {
      const isImage = sampleShape.length === 3 && (sampleShape[1] ?? 0) > 1 && (sampleShape[2] ?? 0) > 1;
      if (isImage) return { kind: 'picture', picture: await pngOf(samplePixels([...values], sampleShape)) };
      const isSeries = sampleShape.length === 2 && (sampleShape[1] ?? 0) > 1;
      return isSeries ? { kind: 'series', picture: await pngOfCurves(values, sampleShape[1] ?? 0) } : null;
    }
    case 'table':
      return { kind: 'features', features: columnsOf(values, preparation.columns).slice(0, MOST_FEATURES) };
    case 'text': {
      const { tokens, padding } = preparation;
      if (tokens.kind === 'file') return null;
      const written = tokenWords(
        values.filter((token) => token !== padding),
        preparation,
      );
      return { kind: 'text', text: (written ?? []).join(tokens.kind === 'words' ? ' ' : '') };
    }
  }
}

function columnsOf(
  values: Float32Array,
  columns: readonly ColumnCode[],
): readonly { readonly name: string; readonly value: string }[] {
  let position = 0;
  return columns.map((column) => {
    const { name } = column;
    if (column.kind === 'number') {
      const value = inOwnUnits(values[position++] ?? NaN, column);
      return { name, value: String(Number(value.toPrecision(4))) };
    }
    const { categories, missing } = column;
    if (categories.length === 2 && !missing) {
      return { name, value: categories[(values[position++] ?? 0) > 0.5 ? 1 : 0] ?? '' };
    }
    const width = categories.length + (missing ? 1 : 0);
    const chosen = values.subarray(position, position + width).findIndex((value) => value > 0.5);
    position += width;
    return { name, value: categories[chosen] ?? (chosen === categories.length ? 'missing' : 'not listed') };
  });
}
