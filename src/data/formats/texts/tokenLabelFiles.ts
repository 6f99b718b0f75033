import { join, resolve } from 'node:path';
import type { DatasetOptions, OpenContext } from '../dataset.ts';
import { allOrProblems } from '../problems.ts';
import type { Format, Location, UnfittedSource } from '../source.ts';
import { splitFiles } from '../tables/tableFiles.ts';
import { readTokenizer } from './fileTokenizer.ts';
import { readConll } from './labelledWords.ts';
import { tokenLabelSource, type LabelledFile } from './tokenLabels.ts';

const ENDING = /\.(?:conll|conllu|bio|iob2?)$/i;

/** Texts with a label for every word, as the CoNLL tasks have them. */
export const conllFiles = {
  description: 'texts with a label for every word: .conll, .bio or .iob files, one for all or one for each split',
  recognises: ({ file, files }) => (file === undefined ? files.some((name) => ENDING.test(name)) : ENDING.test(file)),
  open: openConll,
} satisfies Format;

async function openConll(location: Location, context: OpenContext, options: DatasetOptions): Promise<UnfittedSource> {
  const names = splitFiles(location, ENDING);
  const read = async (file: string): Promise<LabelledFile> => ({
    file,
    texts: await readConll(join(location.folder, file), context.signal),
  });
  const readOther = (file: string | undefined) => (file === undefined ? Promise.resolve(undefined) : read(file));
  const [training, validation, test] = await allOrProblems<
    [LabelledFile, LabelledFile | undefined, LabelledFile | undefined]
  >([read(names.training), readOther(names.validation), readOther(names.test)]);
  const { tokenizer, length, vocabulary } = options;
  return tokenLabelSource(
    { format: 'CoNLL', training, validation, test },
    {
      tokenizer: tokenizer === undefined ? undefined : await readTokenizer(resolve(context.baseDirectory, tokenizer)),
      length,
      vocabulary,
    },
  );
}
