import type { Dataset } from '../../data/dataset.ts';
import { elementCount } from '../../onnx/tensor.ts';
import type { Adaptation } from './adaptNetwork.ts';
import type { OutputFit } from './fitOutputs.ts';

/** Turns samples back into numbers as they are stored; undefined where they are so already. */
export function inputsInOwnUnits({
  preparation,
  samples,
  sampleShape,
}: Pick<Dataset, 'preparation' | 'samples' | 'sampleShape'>): Adaptation['affine'] {
  const scales = scalesOf(preparation, sampleShape);
  const isChanged = scales.some(({ mean, std }) => mean !== 0 || std !== 1);
  if (!isChanged) return undefined;
  const steps = stepsOf(samples);
  const isStepped = steps.length === scales.length && steps.some((each) => each > 0);
  return {
    scale: scales.map(({ std }) => std),
    offset: scales.map(({ mean }) => mean),
    ...(isStepped && { steps }),
  };
}

/** For every value of a row, how many steps of its numbers make 1 where these have few digits, such as 1 for whole numbers; 0 for others. */
function stepsOf(samples: Dataset['samples']): number[] {
  const { parts = [] } = samples.kind === 'values' ? samples : {};
  return parts.flatMap(({ shape, decimals }) =>
    new Array<number>(elementCount(shape)).fill(decimals === undefined ? 0 : 10 ** decimals),
  );
}

/** Mean and deviation of every value of a table's row, or of every channel of arrays. */
function scalesOf(
  preparation: Dataset['preparation'],
  sampleShape: readonly number[],
): readonly { readonly mean: number; readonly std: number }[] {
  switch (preparation.kind) {
    case 'table':
      return preparation.columns.flatMap((column) => {
        if (column.kind === 'number') return [{ mean: column.mean, std: column.std }];
        return Array.from({ length: categoryWidth(column) }, () => ({ mean: 0, std: 1 }));
      });
    case 'arrays': {
      const { normalization } = preparation;
      const [channels = 1] = sampleShape;
      const at = (values: readonly number[], channel: number): number => values[values.length === 1 ? 0 : channel] ?? 0;
      return Array.from({ length: normalization ? channels : 0 }, (_, channel) => ({
        mean: at(normalization?.mean ?? [], channel),
        std: at(normalization?.std ?? [], channel),
      }));
    }
    case 'pixels':
    case 'text':
      return [];
  }
}

/** How many values of a row stand for a column of categories. */
export function categoryWidth({
  categories,
  missing,
}: {
  readonly categories: readonly string[];
  readonly missing: boolean;
}): number {
  return categories.length === 2 && !missing ? 1 : categories.length + (missing ? 1 : 0);
}

/** Turns numbers in the units of the data into targets as they are scaled; undefined where they are not. */
export function outputsFromOwnUnits({ task, preparation }: Dataset): OutputFit | undefined {
  if (task.kind !== 'regression') return undefined;
  const scaled = new Map((preparation.targets ?? []).map((target) => [target.name, target]));
  const scales = task.targets.map((name) => scaled.get(name) ?? { mean: 0, std: 1 });
  if (scales.every(({ mean, std }) => mean === 0 && std === 1)) return undefined;
  return {
    kind: 'affine',
    scale: scales.map(({ std }) => 1 / std),
    offset: scales.map(({ mean, std }) => -mean / std),
  };
}
