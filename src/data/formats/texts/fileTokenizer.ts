import { basename, dirname, join } from 'node:path';
import type { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';
import * as z from 'zod';
import { BadInputError, reasonOf } from '../../../errors.ts';
import { readIfThere } from '../../../platform/readIfThere.ts';
import { readRegularFile } from '../../../platform/readRegularFile.ts';
import { runWithin } from '../../../platform/runWithin.ts';
import { endless } from './encodeTexts.ts';
import type { Tokenizer } from './tokenizer.ts';

/** Only what is looked at here; the library reads the rest. */
const tokenizerFile = z.looseObject({
  model: z.looseObject({}),
  padding: z.looseObject({ pad_id: z.int().nonnegative().optional() }).nullish(),
  added_tokens: z
    .array(z.looseObject({ id: z.int().nonnegative(), special: z.boolean().optional() }))
    .nullish()
    .catch(undefined),
});

/** The largest that are published have a third of this. */
const MOST_BYTES = 2 ** 27;
/** The library keeps tokens by their numbers, with room for all below the largest; those of published ones are below a million. */
const HIGHEST_ID = 2 ** 24;
/** How long opening a tokenizer may take; a vocabulary of a quarter of a million takes a second. */
const LONGEST_MS = 10_000;

/** Names of the padding token, most usual first; models without one are padded with the token that ends a text. */
const PADDING_TOKENS = ['[PAD]', '<pad>', '<|pad|>', '<PAD>', '<unk>', '</s>', '<|endoftext|>'];

/** Names of the tokens that stand for a word that is not seen, and for one that is not known. */
const MASK_TOKENS = ['[MASK]', '<mask>', '<MASK>'];
const UNKNOWN_TOKENS = ['[UNK]', '<unk>', '<UNK>'];

/**
 * Reads a Hugging Face `tokenizer.json`, and the `tokenizer_config.json` beside it where there is one.
 *
 * @throws BadInputError when the file is missing, no tokenizer, of a kind that the library does not know, or has no
 * token to pad with
 */
export async function readTokenizer(path: string): Promise<Tokenizer> {
  const file = basename(path);
  let content: z.output<typeof tokenizerFile>;
  let tokenizer: HuggingFaceTokenizer;
  let frame: Frame;
  try {
    content = tokenizerFile.parse(JSON.parse((await readRegularFile(path, MOST_BYTES)).toString('utf8')));
    refuseHighIds(content, file);
    const configuration = await readConfiguration(path);
    const library = await import('@huggingface/tokenizers');
    let made: { tokenizer: HuggingFaceTokenizer; frame: Frame } | undefined;
    runWithin(LONGEST_MS, () => {
      const opened = new library.Tokenizer(content, configuration);
      // What the library makes of a damaged file shows when it is used.
      made = { tokenizer: opened, frame: frameOf(opened) };
    });
    if (!made) throw endless(file, "the text 'a'");
    ({ tokenizer, frame } = made);
  } catch (error) {
    if (error instanceof BadInputError) throw error;
    const reason = error instanceof z.ZodError ? 'it has no tokenizer model' : reasonOf(error);
    throw refusal(
      `${path} cannot be used as a tokenizer: ${reason}.`,
      'Name the tokenizer.json that belongs to the teacher.',
    );
  }
  const ids = [...tokenizer.get_vocab(true).values()];
  const firstOf = (tokens: readonly string[]): number | undefined =>
    tokens.map((token) => tokenizer.token_to_id(token)).find((id) => id !== undefined);
  const named = firstOf(PADDING_TOKENS);
  const padding = content.padding?.pad_id ?? named;
  if (padding === undefined)
    throw refusal(`${file} has no token to fill up short texts with.`, "Add a token '[PAD]' to it.");
  const unknown = firstOf(UNKNOWN_TOKENS);
  const framed = (tokens: readonly number[], length: number): readonly number[] =>
    [
      ...frame.before,
      ...tokens.slice(0, Math.max(0, length - frame.before.length - frame.behind.length)),
      ...frame.behind,
    ].slice(0, length);
  const idsOf = (text: string): readonly number[] => tokenizer.encode(text, { add_special_tokens: false }).ids;
  return {
    code: { kind: 'file', file },
    vocabulary: ids.reduce((highest, id) => Math.max(highest, id), padding) + 1,
    padding,
    special: specialTokens(content, frame, padding, unknown),
    hidden: firstOf(MASK_TOKENS) ?? unknown,
    encode: (text, length) => {
      const ids = idsOf(text);
      const isCut = frame.before.length + ids.length + frame.behind.length > length;
      return { tokens: framed(ids, length), isCut };
    },
    encodeWords: (words, length) => {
      const tokens: number[] = [];
      const starts: number[] = [];
      const room = length - frame.before.length - frame.behind.length;
      words.forEach((word, index) => {
        // Tokenizers that keep the space before a word need it to be there.
        const ids = idsOf(index === 0 ? word : ` ${word}`);
        if (ids.length === 0 || tokens.length >= room) return;
        starts[index] = frame.before.length + tokens.length;
        tokens.push(...ids);
      });
      return { tokens: framed(tokens, length), starts };
    },
  };
}

/** @throws BadInputError when a token has a number that would fill the memory */
function refuseHighIds({ model, added_tokens: added }: z.output<typeof tokenizerFile>, file: string): void {
  // Vocabularies that are lists number their tokens by their places.
  const vocabulary: readonly unknown[] = Object.values(
    z.record(z.string(), z.unknown()).catch({}).parse(model['vocab']),
  );
  const numbers = [...vocabulary.filter((id) => typeof id === 'number'), ...(added ?? []).map(({ id }) => id)];
  const high = numbers.find((id) => id > HIGHEST_ID);
  if (high === undefined) return;
  throw refusal(
    `${file} gives a token the number ${high}, which no vocabulary is large enough for.`,
    'Name the tokenizer.json that belongs to the teacher.',
  );
}

/** An unknown word is a word. */
function specialTokens(
  { added_tokens: added }: z.output<typeof tokenizerFile>,
  frame: Frame,
  padding: number,
  unknown: number | undefined,
): ReadonlySet<number> {
  const marked = (added ?? []).flatMap(({ id, special }) => (special === true ? [id] : []));
  const tokens = new Set([...marked, ...frame.before, ...frame.behind]);
  if (unknown !== undefined) tokens.delete(unknown);
  return tokens.add(padding);
}

async function readConfiguration(path: string): Promise<object> {
  const beside = join(dirname(path), 'tokenizer_config.json');
  const bytes = await readIfThere(readRegularFile(beside, MOST_BYTES), Buffer.from('{}'));
  return z.looseObject({}).parse(JSON.parse(bytes.toString('utf8')));
}

/** The tokens that the tokenizer puts before and behind every text, such as [CLS] and [SEP]. */
interface Frame {
  readonly before: readonly number[];
  readonly behind: readonly number[];
}

function frameOf(tokenizer: HuggingFaceTokenizer): Frame {
  const bare = tokenizer.encode('a', { add_special_tokens: false }).ids;
  const whole = tokenizer.encode('a').ids;
  for (let start = 0; start + bare.length <= whole.length; start++) {
    if (bare.every((id, offset) => whole[start + offset] === id)) {
      return { before: whole.slice(0, start), behind: whole.slice(start + bare.length) };
    }
  }
  return { before: [], behind: [] };
}

function refusal(message: string, hint: string): BadInputError {
  return new BadInputError([{ where: 'dataset.tokenizer', message, hint }]);
}
