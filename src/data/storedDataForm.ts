import type { Resize } from './resize.ts';
import { basename } from 'node:path';
import type { Dataset } from './dataset.ts';
import { dataFormOf, parseDataForm, type DataForm } from './dataForm.ts';
import type { ChannelStatistics } from './channelStatistics.ts';
import type { ColumnCode, Preparation } from './preparation.ts';
import { listedTokens } from './formats/texts/tokenWords.ts';
import { classesOf } from './task.ts';
import type { Problem } from '../errors.ts';
import type { ModelProto } from '../onnx/onnx_pb.ts';
import { saysOwnNumbers } from '../onnx/ownNumbers.ts';

/** The entry of a model's metadata that says, as JSON, what the model was made for. */
export const DATA_FORM_KEY = 'distillery.data';

/** What a model's file says it was made for; undefined where it does not say. */
export function storedDataForm(metadata: Readonly<Record<string, string>>): DataForm | undefined {
  const text = metadata[DATA_FORM_KEY];
  return text === undefined ? undefined : parseDataForm(text);
}

/** The metadata that a network for a dataset is exported with. */
export function dataFormMetadata(dataset: Dataset): Record<string, string> {
  return { [DATA_FORM_KEY]: JSON.stringify(dataFormOf(dataset)) };
}

/**
 * Warnings for a model that was made for data which were prepared in another way.
 *
 * @param where the field that names it
 * @param use `matched` for a teacher, whose classes and images were matched to the dataset already
 */
export function checkDataForm(
  proto: ModelProto,
  dataset: Dataset,
  where: string,
  use: 'as it is' | 'matched' = 'as it is',
): Problem[] {
  const stored = storedDataForm(Object.fromEntries(proto.metadataProps.map(({ key, value }) => [key, value])));
  if (!stored) return [];
  const present = dataFormOf(dataset);
  const [made, found] = [stored.preparation, present.preparation];
  const warnings: Problem[] = [];
  const warn = (message: string, hint: string): void => {
    warnings.push({ where, message: `The model was made for ${message}.`, hint });
  };
  const differing = firstDifference(classesOf(stored.task), classesOf(present.task));
  if (differing && use === 'as it is')
    warn(`other classes: ${differing}`, 'Its outputs stand for its own classes, in its own order.');
  // What takes whole numbers was made for the data as they are, and is given these.
  if (saysOwnNumbers(proto)) return warnings;
  if (made.kind !== found.kind) {
    warn(`${KINDS[made.kind]}, but this dataset has ${KINDS[found.kind]}`, 'Choose data like those it was trained on.');
    return warnings;
  }
  const [madeValues, foundValues] = [describeNormalization(made), describeNormalization(found)];
  const isMatched = use === 'matched' && (made.kind === 'pixels' || made.kind === 'arrays');
  if (madeValues !== foundValues && !isMatched) {
    warn(`values ${madeValues}, but those of this dataset are ${foundValues}`, hintOfNormalization(made));
  }
  const column = firstDifference(columnsOf(made), columnsOf(found));
  if (column) warn(`other columns: ${column}`, 'Use the same columns, scaled the same way.');
  const part = firstDifference(partsOf(made), partsOf(found));
  if (part) warn(`other arrays: ${part}`, 'Use arrays of the same names and shapes.');
  const sound = firstDifference(spectrogramOf(made), spectrogramOf(found));
  if (sound) warn(`other spectrograms: ${sound}`, 'Use recordings of the same sample rate and length.');
  const tokens = firstDifference(tokensOf(made), tokensOf(found));
  if (tokens) warn(`other tokens: ${tokens}`, 'Use the same tokenizer and length.');
  return warnings;
}

const KINDS = { pixels: 'images', arrays: 'arrays', table: 'tables', text: 'texts' } as const;

/** Where two lists of the same length differ first; nothing for lists of other lengths, which are refused elsewhere. */
function firstDifference(made: readonly string[], found: readonly string[]): string | undefined {
  if (made.length !== found.length) return undefined;
  const index = made.findIndex((name, position) => name !== found[position]);
  return index < 0
    ? undefined
    : `'${made[index] ?? ''}' as number ${index + 1} where this dataset has '${found[index] ?? ''}'`;
}

/** What a person has to know to use a model, as pairs of a name and what it is. */
export function describeDataForm(form: DataForm): readonly (readonly [string, string])[] {
  const { task, sampleShape, layout, preparation } = form;
  const classes = classesOf(task);
  const isImage = preparation.kind === 'pixels';
  const scales = preparation.targets?.map(({ name, mean, std }) => `${name} = output × ${round(std)} + ${round(mean)}`);
  return [
    ['Task', task.kind],
    ...(classes.length > 0 ? [['Classes', listed(classes)] as const] : []),
    ['Sample', `${isImage ? 'pixels' : preparation.kind} [${sampleShape.join(', ')}]${layout ? `, ${layout}` : ''}`],
    ...(preparation.kind === 'pixels' && preparation.resize
      ? [['Resize', resizeText(preparation.resize)] as const]
      : []),
    ...(preparation.kind === 'pixels' && preparation.isTurned === true
      ? [['Orientation', 'turned by EXIF'] as const]
      : []),
    ['Preparation', [isImage ? 'divided by 255' : '', ...describeAll(preparation)].filter(Boolean).join('; ')],
    ...(scales && scales.length > 0 ? [['Predicted numbers', scales.join('; ')] as const] : []),
  ];
}

function resizeText({ height, width, fit, shorterSide }: Resize): string {
  const before = shorterSide === undefined ? '' : `shorter side ${shorterSide}, then `;
  return `${before}${height} × ${width}, ${fit}`;
}

function describeAll(preparation: Preparation): readonly string[] {
  switch (preparation.kind) {
    case 'pixels':
    case 'arrays':
      return [...partsOf(preparation), ...spectrogramOf(preparation), describeNormalization(preparation)];
    case 'table':
      return [listed(columnsOf(preparation))];
    case 'text':
      return [describeTokens(preparation)];
  }
}

function describeNormalization(preparation: Preparation): string {
  if (preparation.kind !== 'pixels' && preparation.kind !== 'arrays') return '';
  const { normalization } = preparation;
  return normalization ? `normalised with ${describeStatistics(normalization)}` : 'not normalised';
}

/** What makes the data those that a model was made for, to be copied into an experiment. */
function hintOfNormalization(preparation: Preparation): string {
  const isValues = preparation.kind === 'pixels' || preparation.kind === 'arrays';
  const statistics = isValues ? preparation.normalization : null;
  const inFull = (values: readonly number[]): readonly number[] => values.map((value) => Number(value.toPrecision(6)));
  const said = statistics ? { mean: inFull(statistics.mean), std: inFull(statistics.std) } : 'none';
  return `Set dataset.normalization to the same: "normalization": ${JSON.stringify(said)}.`;
}

function partsOf(preparation: Preparation): readonly string[] {
  const parts = preparation.kind === 'arrays' ? preparation.parts : undefined;
  if (!parts) return [];
  const each = parts.map(({ name, shape, unit }) => `${name} [${shape.join(', ')}]${unit === 1 ? '' : ` ÷ ${unit}`}`);
  return [`one after the other: ${each.join(', ')}`];
}

function spectrogramOf(preparation: Preparation): readonly string[] {
  const code = preparation.kind === 'arrays' ? preparation.spectrogram : undefined;
  if (!code) return [];
  const { rate, window, hop, transform, bands, lowest, highest, floor, frames } = code;
  return [
    `log-mel spectrogram of ${rate} samples/s: ${frames} Hann windows of ${window} samples every ${hop}, transform of ` +
      `${transform}, ${bands} bands from ${lowest} to ${highest} Hz, ${floor} dB is 0 and full loudness 1`,
  ];
}

/** In words: `mean 0.5 and deviation 0.25`. */
export function describeStatistics({ mean, std }: ChannelStatistics): string {
  return `mean ${mean.map(round).join(', ')} and deviation ${std.map(round).join(', ')}`;
}

function columnsOf(preparation: Preparation): readonly string[] {
  return preparation.kind === 'table' ? preparation.columns.map(describeColumn) : [];
}

function describeColumn(column: ColumnCode): string {
  switch (column.kind) {
    case 'number':
      return `${column.name} (− ${round(column.mean)}, ÷ ${round(column.std)})`;
    case 'category':
      return `${column.name} (${column.categories.length} categories)`;
  }
}

function tokensOf(preparation: Preparation): readonly string[] {
  if (preparation.kind !== 'text') return [];
  const { tokens, length } = preparation;
  return [`${length} tokens`, ...(tokens.kind === 'file' ? [basename(tokens.file)] : listedTokens(tokens))];
}

function describeTokens(preparation: Preparation): string {
  if (preparation.kind !== 'text') return '';
  const { tokens, length } = preparation;
  const source = tokens.kind === 'file' ? `of ${tokens.file}` : `of ${listedTokens(tokens).length} ${tokens.kind}`;
  return `tokens ${source}, ${length} of them`;
}

function listed(names: readonly string[]): string {
  const most = 12;
  return names.length <= most ? names.join(', ') : `${names.slice(0, most).join(', ')}, … (${names.length})`;
}

function round(value: number): string {
  return String(Number(value.toPrecision(4)));
}
