import type { Problem } from '../../../errors.ts';
import { warning, type Finding } from '../../findings/finding.ts';
import { pathProblem, refuseIfAny, shortList } from '../../findings/problems.ts';
import type { Source, UnfittedSource } from '../../source.ts';
import type { LabelledWords } from './labelledWords.ts';
import type { Tokenizer } from './tokenizer.ts';
import { encodeTexts } from './encodeTexts.ts';
import { allocateTokens, TokenSamples } from './tokenSamples.ts';
import { fitVocabulary, wordTokenizer } from './wordTokenizer.ts';

/** The texts of the splits and the file that each comes from. */
export interface LabelledSplits {
  readonly format: string;
  readonly training: LabelledFile;
  readonly validation?: LabelledFile | undefined;
  readonly test?: LabelledFile | undefined;
}

export interface LabelledFile {
  readonly file: string;
  readonly texts: readonly LabelledWords[];
}

export interface TokenLabelOptions {
  /** Undefined makes one from the words of the training split. */
  readonly tokenizer: Tokenizer | undefined;
  readonly length: number;
  readonly vocabulary: number;
}

/**
 * Texts with a label for every word as samples. The first token of a word carries its label; the others, padding and special
 * tokens have none.
 *
 * @throws BadInputError when a split has labels that the training split lacks, or there are fewer than two
 */
export function tokenLabelSource(splits: LabelledSplits, options: TokenLabelOptions): UnfittedSource {
  const { format, training, validation, test } = splits;
  const classes = [...new Set(training.texts.flatMap(({ labels }) => labels))].sort();
  const problems: Problem[] = [];
  if (classes.length < 2) {
    problems.push(
      pathProblem(`Every word in ${training.file} has the label '${classes[0] ?? ''}'.`, 'At least two are needed.'),
    );
  }
  for (const split of [validation, test]) if (split) problems.push(...unknownLabels(split, classes));
  refuseIfAny(shortList(problems, 'lines'));
  return {
    format,
    count: training.texts.length,
    strata: new Int32Array(training.texts.length),
    brings: { validation: validation !== undefined, test: test !== undefined },
    fit: (rows) => fitTokenLabels(splits, classes, rows, options),
  };
}

function unknownLabels({ file, texts }: LabelledFile, classes: readonly string[]): readonly Problem[] {
  const seen = new Set(classes);
  const problems: Problem[] = [];
  for (const { line, labels } of texts) {
    for (const label of labels) {
      if (seen.has(label)) continue;
      seen.add(label);
      problems.push(
        pathProblem(
          `Line ${line} of ${file} has the label '${label}', which the training split lacks.`,
          'Every split must have labels of the training split only.',
        ),
      );
    }
  }
  return problems;
}

function fitTokenLabels(
  { format, training, validation, test }: LabelledSplits,
  classes: readonly string[],
  rows: Int32Array,
  options: TokenLabelOptions,
): Source {
  const { length } = options;
  const tokenizer = options.tokenizer ?? fitTokenizer(training, rows, options.vocabulary);
  const classOf = new Map(classes.map((name, index) => [name, index]));
  let cutOff = 0;
  const splitOf = ({ texts }: LabelledFile): TokenSamples => {
    const tokens = allocateTokens(texts.length, length, tokenizer.padding);
    const labels = new Int32Array(texts.length * length).fill(-1);
    encodeTexts(tokenizer, texts.length, (row) => {
      const { words, labels: named } = texts[row] ?? { words: [], labels: [] };
      const encoded = tokenizer.encodeWords(words, length);
      tokens.set(encoded.tokens, row * length);
      named.forEach((label, word) => {
        const start = encoded.starts[word];
        if (start === undefined) cutOff++;
        else labels[row * length + start] = classOf.get(label) ?? -1;
      });
    });
    return new TokenSamples(tokens, length, { kind: 'tokens', labels, width: length });
  };
  const made = {
    training: splitOf(training),
    ...(validation && { validation: splitOf(validation) }),
    ...(test && { test: splitOf(test) }),
  };
  const findings: readonly Finding[] =
    cutOff === 0
      ? []
      : [
          warning(
            'dataset.length',
            `${cutOff} labelled words lie behind the ${length} tokens of a sample, or have no token, and do not count.`,
            'Choose a larger dataset.length.',
          ),
        ];
  return {
    format,
    task: { kind: 'token-classification', classes },
    samples: { kind: 'tokens', vocabulary: tokenizer.vocabulary, padding: tokenizer.padding },
    sampleShape: [length],
    ...made,
    preparation: {
      kind: 'text',
      columns: [],
      tokens: tokenizer.code,
      length,
      padding: tokenizer.padding,
      targets: [],
    },
    findings,
  };
}

function fitTokenizer({ texts }: LabelledFile, rows: Int32Array, vocabulary: number): Tokenizer {
  function* words(): Generator<readonly string[]> {
    for (const row of rows) yield (texts[row]?.words ?? []).map((word) => word.normalize('NFC').toLowerCase());
  }
  return wordTokenizer(fitVocabulary(words(), vocabulary));
}
