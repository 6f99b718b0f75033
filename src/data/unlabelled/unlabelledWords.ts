import { join } from 'node:path';
import * as z from 'zod';
import { BadInputError, type Problem } from '../../errors.ts';
import { pathProblem, refuseIfAny, shortList } from '../findings/problems.ts';
import { readJson } from '../formats/tables/json/readJson.ts';
import { readLines } from '../formats/tables/reading/readLines.ts';
import { encodeTexts } from '../formats/texts/encodeTexts.ts';
import { allocateTokens, TokenSamples } from '../formats/texts/tokenSamples.ts';
import type { Preparation } from '../preparation.ts';
import { UNKNOWN_CLASS } from './noLabel.ts';
import type { UnlabelledRequest, UnlabelledSamples } from './prepared.ts';
import { tokenizerOf } from './unlabelledTables.ts';

const words = z.array(z.string());

/**
 * Texts divided into words: JSONL lines with `tokens` or `words`, or files as the CoNLL tasks have them, the word first in its line.
 * The teacher is followed at the first token of every word, where labelled texts have their labels.
 */
export async function unlabelledWords(
  { location, options, context }: UnlabelledRequest,
  preparation: Extract<Preparation, { kind: 'text' }>,
): Promise<UnlabelledSamples> {
  const { length } = preparation;
  const texts = await readWords(location.folder, location.file, context.signal);
  const tokenizer = await tokenizerOf(preparation, options.tokenizer, context.baseDirectory);
  const tokens = allocateTokens(texts.length, length, tokenizer.padding);
  const labels = new Int32Array(texts.length * length).fill(-1);
  encodeTexts(tokenizer, texts.length, (row) => {
    const encoded = tokenizer.encodeWords(texts[row] ?? [], length);
    tokens.set(encoded.tokens, row * length);
    for (const start of encoded.starts) labels[row * length + start] = UNKNOWN_CLASS;
  });
  return { split: new TokenSamples(tokens, length, { kind: 'tokens', labels, width: length }), findings: [] };
}

async function readWords(
  folder: string,
  file: string | undefined,
  signal: AbortSignal | undefined,
): Promise<readonly (readonly string[])[]> {
  if (file === undefined) {
    throw new BadInputError([pathProblem(`${folder} is a folder.`, 'Name the one file of unlabelled texts.')]);
  }
  const path = join(folder, file);
  if (/\.(?:jsonl|ndjson|json)$/i.test(file)) {
    const problems: Problem[] = [];
    const texts = (await readJson(path, undefined, signal)).training.records.map(({ line, fields }) => {
      const found = words.safeParse(fields['tokens'] ?? fields['words']);
      if (!found.success)
        problems.push(pathProblem(`Line ${line} of ${file} has no array of tokens.`, 'Every line has tokens.'));
      return found.data ?? [];
    });
    refuseIfAny(shortList(problems, 'lines'));
    return texts;
  }
  const texts: string[][] = [];
  let isInside = false;
  await readLines(
    path,
    file,
    (bytes) => {
      const [word = ''] = bytes.toString().trim().split(/\s+/);
      if (word === '') isInside = false;
      else if (word !== '-DOCSTART-') {
        if (!isInside) texts.push([]);
        isInside = true;
        texts.at(-1)?.push(word);
      }
    },
    signal,
  );
  return texts;
}
