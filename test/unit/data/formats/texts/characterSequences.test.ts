import assert from 'node:assert/strict';
import { showSample } from '../../../../../src/evaluation/comparison/showSample.ts';
import { randomStream } from '../../../../../src/data/random.ts';
import { dataFormOf, parseDataForm } from '../../../../../src/data/dataForm.ts';
import { readSamples } from '../../../../support/datasets.ts';
import { dataFolder } from '../../../../support/dataFolder.ts';

const random = randomStream(1, 'sequences');

/** Sequences of a length between the two, of these characters. */
function sequences(alphabet: string, least: number, most: number): readonly string[] {
  const letters = Array.from(alphabet);
  return Array.from({ length: 60 }, () =>
    Array.from(
      { length: least + random.integer(most - least + 1) },
      () => letters[random.integer(letters.length)],
    ).join(''),
  );
}

const GENES = sequences('ACGT', 20, 20);
const MOLECULES = sequences('CcNOn()=1#', 12, 30);
const KEYS = sequences('0123456789abcdef', 12, 12);

function table(names: string, cells: readonly string[], others: (row: number) => string): string {
  return [names, ...cells.map((cell, row) => `${cell},${others(row)}`)].join('\n');
}

describe('sequences of characters', () => {
  const data = dataFolder('suite', { length: 24 });
  const { open, write } = data;
  const kindOf = (row: number): string => ['coding', 'other'][row % 2] ?? '';

  it('are texts whose tokens are characters, which is told', async () => {
    const dataset = await open(write('genes.csv', table('sequence,label', GENES, kindOf)));
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['coding', 'other'] });
    assert.deepEqual(dataset.samples, { kind: 'tokens', vocabulary: 6, padding: 0 });
    const { preparation } = dataset;
    assert.ok(preparation.kind === 'text' && preparation.tokens.kind === 'characters');
    const { characters } = preparation.tokens;
    assert.deepEqual([...characters].sort(), ['A', 'C', 'G', 'T']);
    const values = await readSamples(dataset.training, [0], 24);
    const written = [...values].map((token) => (token === 0 ? '' : characters[token - 2])).join('');
    assert.ok(GENES.includes(written));
    assert.deepEqual(await showSample(Float32Array.from(values), [24], preparation), { kind: 'text', text: written });
    assert.match(dataset.findings.map(({ message }) => message).join(' '), /read character by character/);
    assert.deepEqual(parseDataForm(JSON.stringify(dataFormOf(dataset)))?.preparation, preparation);
  });

  it('keep small and capital letters apart, and tell what is cut off', async () => {
    const dataset = await open(
      write(
        'molecules.csv',
        table('smiles,p_np', MOLECULES, (row) => String(row % 2)),
      ),
    );
    assert.ok(dataset.preparation.kind === 'text' && dataset.preparation.tokens.kind === 'characters');
    const { characters } = dataset.preparation.tokens;
    assert.ok(characters.includes('C') && characters.includes('c'));
    const cut = MOLECULES.filter((each) => each.length > 24).length;
    const told = dataset.findings.find(({ where }) => where === 'dataset.length');
    assert.equal(told?.message, `${cut} of 60 texts have more than 24 tokens; what is behind them is cut off.`);
  });

  it('are left out beside numbers, unless they are asked for', async () => {
    const path = write(
      'measured.csv',
      table('smiles,weight,active', MOLECULES, (row) => `${row * 1.37},${kindOf(row)}`),
    );
    const dataset = await open(path);
    assert.equal(dataset.preparation.kind, 'table');
    const told = dataset.findings.find(({ where }) => where === 'dataset.columns.smiles');
    assert.match(told?.hint ?? '', /\{"smiles": "text"\} to learn from its characters/);
    const asked = await open(path, { columns: { smiles: 'text' } });
    assert.ok(asked.preparation.kind === 'text' && asked.preparation.tokens.kind === 'characters');
  });

  it('are not what only names the rows, and not what words divide', async () => {
    for (const [name, cells] of [
      ['keys.csv', KEYS],
      ['files.csv', GENES.map((gene) => `scans/${gene}.txt`)],
      ['numbers.csv', GENES.map((_, row) => `ORDER-${1000 + row * 7}`)],
      ['mails.csv', GENES.map((gene) => `${gene}@example.org`)],
    ] as const) {
      await assert.rejects(open(write(name, table('code,label', cells, kindOf))), /No column of .* is left/);
    }
    const chinese = GENES.map((_, row) => `这部电影${['很好', '很差'][row % 2]}我们看了${row}次`);
    const dataset = await open(write('films.csv', table('评论,label', chinese, kindOf)));
    assert.ok(dataset.preparation.kind === 'text' && dataset.preparation.tokens.kind === 'words');
  });

  it('are read so without labels, too', async () => {
    write('more.csv', ['sequence', ...sequences('ACGT', 20, 20)].join('\n'));
    const path = write('genes.csv', table('sequence,label', GENES, kindOf));
    const dataset = await open(path, { unlabelled: 'more.csv' });
    assert.equal(dataset.unlabelled?.count, 60);
  });
});
