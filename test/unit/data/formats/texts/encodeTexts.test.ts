import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeTexts } from '../../../../../src/data/formats/texts/encodeTexts.ts';
import { readTokenizer } from '../../../../../src/data/formats/texts/fileTokenizer.ts';
import { assertProblems, removeFolder, temporaryFolder } from '../../../../support/datasets.ts';
import { wordPieceFile } from '../../../../support/tokenizerFile.ts';

const QUICKLY = { texts: 4, togetherMs: 100, aloneMs: 200 };

describe('texts turned into tokens', () => {
  const folder = temporaryFolder();
  after(() => {
    removeFolder(folder);
  });

  it('are all turned, in order, whatever the size of the groups that are watched', async () => {
    const path = join(folder, 'tokenizer.json');
    writeFileSync(path, wordPieceFile(['film']));
    const tokenizer = await readTokenizer(path);
    const turned: number[] = [];
    encodeTexts(tokenizer, 10, (text) => turned.push(text), undefined, QUICKLY);
    assert.deepEqual(turned, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('are refused, by number, when a pattern of the tokenizer takes for ever', async () => {
    const path = join(folder, 'endless.json');
    const file = JSON.parse(wordPieceFile(['film'])) as Record<string, unknown>;
    file['pre_tokenizer'] = {
      type: 'Split',
      pattern: { Regex: '(a+)+$' },
      behavior: 'Isolated',
      invert: false,
    };
    writeFileSync(path, JSON.stringify(file));
    const tokenizer = await readTokenizer(path);
    const texts = ['a fine film', 'aaa', 'film', 'film', 'film', 'film', `${'a'.repeat(60)}!`];
    const turn = (): Promise<void> =>
      Promise.resolve().then(() => {
        encodeTexts(tokenizer, texts.length, (text) => tokenizer.encode(texts[text] ?? '', 8), undefined, QUICKLY);
      });
    await assertProblems(turn(), [/^endless\.json comes to no end with text 7: a pattern in it/], 'dataset.tokenizer');
  });
});
