import { join, resolve } from 'node:path';
import type { DatasetOptions, OpenContext } from '../../dataset.ts';
import type { Finding } from '../../findings/finding.ts';
import { allOrProblems } from '../../findings/problems.ts';
import { withFindings } from '../../findings/withFindings.ts';
import type { Format, Location, UnfittedSource } from '../../source.ts';
import { plainTextKind, tellsNothing } from '../tables/reading/plainTextKind.ts';
import { splitFiles, type SplitFiles } from '../tables/reading/tableFiles.ts';
import { readTokenizer } from './fileTokenizer.ts';
import { readConll } from './readConll.ts';
import { tokenLabelSource, type LabelledFile } from './tokenLabels.ts';

const ENDING = /\.(?:conll|conllu|bio|iob2?)$/i;
const TRAINING = /(?:^|[-_. ])train(?:ing)?[-_. ](?:.*\.)?txt$|\.train$/i;
/** As CoNLL-2003 calls its files beside `eng.train`: what is chosen by, and what is judged on. */
const VALIDATION = /\.testa$/i;
const TEST = /\.testb$/i;

/** Texts with a label for every word, as the CoNLL tasks have them. */
export const conllFiles = {
  description:
    'texts with a label for every word: .conll, .bio or .iob files, or .txt files of such lines, or eng.train, eng.testa and eng.testb; one for all or one for each split',
  recognises: async (location) => (await endingAt(location)) !== undefined,
  open: openConll,
} satisfies Format;

/** What the names of such files at a location end with; files of another name are known by what is in them. */
async function endingAt({ folder, file, files, folders }: Location): Promise<RegExp | undefined> {
  const names = file === undefined ? files : [file];
  if (names.some((name) => ENDING.test(name))) return ENDING;
  const first = file ?? (folders.length < 2 ? files.find((name) => TRAINING.test(name)) : undefined);
  if (first === undefined || !tellsNothing(first)) return undefined;
  return (await plainTextKind(join(folder, first))) === 'labelled-words' ? /(?:\.txt)?$/i : undefined;
}

function filesOf(location: Location, ending: RegExp): SplitFiles {
  const { file, files } = location;
  if (file !== undefined) return splitFiles(location, ending);
  const beside = files.filter((name) => VALIDATION.test(name) || TEST.test(name));
  const found = splitFiles({ ...location, files: files.filter((name) => !beside.includes(name)) }, ending);
  // Files of another language have another first word.
  const called = (kind: RegExp): string | undefined => {
    const language = found.training.split('.', 1)[0] ?? '';
    return beside.find((name) => kind.test(name) && name.startsWith(`${language}.`));
  };
  return {
    training: found.training,
    validation: found.validation ?? called(VALIDATION),
    test: found.test ?? called(TEST),
  };
}

async function openConll(location: Location, context: OpenContext, options: DatasetOptions): Promise<UnfittedSource> {
  const names = filesOf(location, (await endingAt(location)) ?? ENDING);
  const wanted = typeof options.target === 'string' ? options.target : options.target?.[0];
  const findings: Finding[] = [];
  const read = async (file: string): Promise<LabelledFile> => {
    const found = await readConll(join(location.folder, file), wanted, context);
    if (file === names.training) findings.push(...found.findings);
    return { file, texts: found.texts };
  };
  const readOther = (file: string | undefined) => (file === undefined ? Promise.resolve(undefined) : read(file));
  const [training, validation, test] = await allOrProblems<
    [LabelledFile, LabelledFile | undefined, LabelledFile | undefined]
  >([read(names.training), readOther(names.validation), readOther(names.test)]);
  const { tokenizer, length, vocabulary } = options;
  const source = tokenLabelSource(
    { format: 'CoNLL', training, validation, test },
    {
      tokenizer: tokenizer === undefined ? undefined : await readTokenizer(resolve(context.baseDirectory, tokenizer)),
      length,
      vocabulary,
    },
  );
  return withFindings(source, findings);
}
