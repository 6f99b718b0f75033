import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatasetOptions } from '../../../../../src/data/dataset.ts';
import { openDataset } from '../../../../../src/data/openDataset.ts';
import type { Split } from '../../../../../src/data/samples/split.ts';
import { UNKNOWN_CLASS } from '../../../../../src/data/unlabelled/noLabel.ts';
import { countTokens } from '../../../../../src/data/unlabelled/synthesize/synthesizeTexts.ts';
import { synthesizeSchema } from '../../../../../src/experiment/schema/dataset.ts';
import {
  datasetOptions,
  problemsOf,
  readSamples,
  removeFolder,
  temporaryFolder,
} from '../../../../support/datasets.ts';
import { wordPieceFile } from '../../../../support/tokenizerFile.ts';

const LENGTH = 8;
const rowsOf = async (split: Split, length = LENGTH): Promise<readonly (readonly number[])[]> => {
  const values = await readSamples(split, [...Array(split.count).keys()], length);
  return Array.from({ length: split.count }, (_, row) => [...values.subarray(row * length, (row + 1) * length)]);
};

describe('texts made from texts', () => {
  const folder = temporaryFolder();
  const texts = Array.from(
    { length: 40 },
    (_, row) => `${row % 2 === 0 ? 'what a dull' : 'one fine'} film number n${row}`,
  );
  before(() => {
    writeFileSync(
      join(folder, 'reviews.tsv'),
      `text\tlabel\n${texts.map((text, row) => `${text}\t${row % 2 === 0 ? 'bad' : 'good'}`).join('\n')}\n`,
    );
  });
  after(() => {
    removeFolder(folder);
  });
  const open = async (
    options: Partial<DatasetOptions>,
    made: Partial<ReturnType<typeof synthesizeSchema.parse>> = {},
    seed = 0,
    path = 'reviews.tsv',
  ) => {
    const dataset = await openDataset(
      datasetOptions(path, {
        length: LENGTH,
        synthesize: synthesizeSchema.parse({ rows: 600, ...made }),
        ...options,
      }),
      { baseDirectory: folder, seed },
    );
    assert.ok(dataset.unlabelled);
    return { ...dataset, unlabelled: dataset.unlabelled };
  };

  it('are as many as were asked for, without labels, and the same from the same seed', async () => {
    const { unlabelled, findings, training } = await open({});
    assert.equal(unlabelled.count, 600);
    assert.ok(unlabelled.targets.kind === 'classes' && unlabelled.targets.labels.every((label) => label < 0));
    assert.ok(
      findings.some(({ message }) =>
        message.startsWith(`600 texts without labels are made from the ${training.count}`),
      ),
    );
    const made = await rowsOf(unlabelled);
    assert.deepEqual(made, await rowsOf((await open({})).unlabelled));
    assert.notDeepEqual(made, await rowsOf((await open({}, {}, 1)).unlabelled));
    const known = new Set((await rowsOf(training)).map(String));
    const fresh = made.filter((text) => !known.has(String(text))).length;
    assert.ok(fresh > 200 && fresh < 600, `${fresh} are new`);
  });

  it('have words that the few texts lack and their tokenizer knows', async () => {
    const { unlabelled, training, samples } = await open({ limit: 4 }, { replace: 0.5 });
    const seen = new Set((await rowsOf(training)).flat());
    const more = new Set((await rowsOf(unlabelled)).flat().filter((token) => !seen.has(token)));
    assert.ok(samples.kind === 'tokens');
    // All but the words that the four have, padding and the unknown one, which only hides.
    assert.equal(more.size, samples.vocabulary - seen.size - (seen.has(0) ? 0 : 1));
    assert.ok(Math.max(...more) < samples.vocabulary);
  });

  it("keep what a teacher's tokenizer frames texts with, and hide words behind its mask", async () => {
    const pieces = ['film', 'dull', 'fine', 'what', 'a', 'one', 'number', '[MASK]'];
    writeFileSync(join(folder, 'tokenizer.json'), wordPieceFile(pieces));
    const { unlabelled } = await open({ tokenizer: 'tokenizer.json' }, { mask: 0.3 });
    const [PAD, UNK, CLS, SEP, MASK] = [0, 1, 2, 3, 4 + pieces.indexOf('[MASK]')];
    const counts = new Map<number, number>();
    for (const text of await rowsOf(unlabelled)) {
      const end = text.indexOf(SEP);
      assert.equal(text[0], CLS);
      assert.ok(end > 1 && text.slice(end + 1).every((token) => token === PAD), text.join());
      for (const token of text.slice(1, end)) {
        assert.ok(token === UNK || token > SEP);
        counts.set(token, (counts.get(token) ?? 0) + 1);
      }
    }
    const [hidden, all] = [counts.get(MASK) ?? 0, [...counts.values()].reduce((sum, count) => sum + count, 0)];
    assert.ok(Math.abs(hidden / all - 0.3) < 0.04, `${hidden} of ${all}`);
  });

  it('have labels to be found where the words have some that they are made of', async () => {
    const lines = Array.from({ length: 30 }, (_, row) =>
      JSON.stringify({ tokens: ['wonder', `n${row}`, 'film'], labels: ['A', 'B', row % 2 === 0 ? 'A' : 'B'] }),
    );
    writeFileSync(join(folder, 'words.jsonl'), lines.join('\n'));
    // A word of two tokens has its label at the first.
    writeFileSync(join(folder, 'tokenizer.json'), wordPieceFile(['won', '##der', 'film', '[MASK]']));
    const { unlabelled } = await open({ tokenizer: 'tokenizer.json' }, { replace: 0, mask: 0 }, 0, 'words.jsonl');
    assert.ok(unlabelled.targets.kind === 'tokens');
    const { labels } = unlabelled.targets;
    const made = await rowsOf(unlabelled);
    made.forEach((text, row) => {
      const expected = text.map((token) => ([1, 4, 6].includes(token) ? UNKNOWN_CLASS : -1));
      assert.deepEqual([...labels.subarray(row * LENGTH, (row + 1) * LENGTH)], expected, text.join());
    });
    assert.ok(
      made.some((text) => text.indexOf(3) < 4),
      'some are fragments',
    );
  });

  it('are counted by word', async () => {
    const { training, sampleShape } = await open({ length: 4 });
    const counts = await countTokens({ training, sampleShape }, { vocabulary: 100, special: new Set([0]) });
    assert.equal(counts.words, 4 * training.count);
    assert.equal(counts.different, new Set((await rowsOf(training, 4)).flat()).size);
  });

  it('are not made of what is neither a table nor a text', async () => {
    const [problem] = await problemsOf(open({}, {}, 0, 'builtin:digits'));
    assert.equal(problem?.where, 'dataset.synthesize');
    assert.match(problem.message, /Rows are made from the rows of a table, and texts from texts/);
  });
});
