import { BadInputError } from '../../../errors.ts';
import type { Dataset, OpenContext, SynthesizeOptions } from '../../dataset.ts';
import { information, type Finding } from '../../findings/finding.ts';
import type { Split } from '../../samples/split.ts';
import { tokenizerOf } from '../unlabelledTables.ts';
import { synthesizeRows } from './synthesizeRows.ts';
import { synthesizeTexts } from './synthesizeTexts.ts';

/** Where the dataset comes from, which samples are made from. */
export interface SynthesizeContext extends Pick<OpenContext, 'seed' | 'signal' | 'baseDirectory'> {
  /** The tokenizer that the experiment names. */
  readonly tokenizer?: string | undefined;
}

/**
 * Samples made from those of the training split, for a teacher to label: rows of a table, or texts. Undefined where none are asked for.
 *
 * @throws BadInputError where the data are of another kind, or too few
 * @throws DistilleryError `CANCELLED` when the signal aborts
 */
export async function synthesize(
  dataset: Pick<Dataset, 'preparation' | 'samples' | 'training' | 'sampleShape'>,
  options: SynthesizeOptions | undefined,
  context: SynthesizeContext,
): Promise<{ readonly split: Split; readonly findings: readonly Finding[] } | undefined> {
  if (!options) return undefined;
  const { preparation, training, samples } = dataset;
  const told = (what: string): readonly Finding[] => [
    information(
      'dataset.synthesize',
      `${options.rows} ${what} without labels are made from the ${training.count} of the training split, which the teacher labels.`,
    ),
  ];
  if (preparation.kind === 'table') {
    return { split: await synthesizeRows(dataset, preparation.columns, options, context), findings: told('rows') };
  }
  if (preparation.kind === 'text' && samples.kind === 'tokens') {
    const tokenizer = await tokenizerOf(preparation, context.tokenizer, context.baseDirectory);
    return { split: await synthesizeTexts(dataset, tokenizer, options, context), findings: told('texts') };
  }
  const message =
    'Rows are made from the rows of a table, and texts from texts; the samples of this dataset are neither.';
  throw new BadInputError([
    {
      where: 'dataset.synthesize',
      message,
      hint: 'Name samples without labels in dataset.unlabelled, or augment images.',
    },
  ]);
}
