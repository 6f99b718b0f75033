import assert from 'node:assert/strict';
import { assertProblems } from '../../../../support/datasets.ts';
import { dataFolder, toldOf } from '../../../../support/dataFolder.ts';

const ROWS = Array.from({ length: 40 }, (_, row) => ({
  x: row / 4,
  colour: row % 3 === 0 ? null : `c${row % 3}`,
  label: row % 2 === 0 ? 'a' : 'b',
}));
const NAMES = ['x', 'colour', 'label'] as const;
const cells = () => ROWS.map((row) => NAMES.map((name) => row[name]));
const columns = () => Object.fromEntries(NAMES.map((name) => [name, ROWS.map((row) => row[name])]));

describe('JSON', () => {
  const data = dataFolder('suite', { target: 'label' });
  const { open } = data;
  const write = (name: string, content: unknown): string => {
    return data.write(name, typeof content === 'string' ? content : JSON.stringify(content, null, 1));
  };

  it('is a table however its rows or columns are written', async () => {
    const expected = (await open(write('lines.jsonl', ROWS.map((row) => JSON.stringify(row)).join('\n')))).preparation;
    const byRow = (name: (typeof NAMES)[number]) => Object.fromEntries(ROWS.map((row, index) => [index, row[name]]));
    const forms: Readonly<Record<string, unknown>> = {
      'records.json': ROWS,
      'one-line.json': JSON.stringify(ROWS),
      'called-lines.jsonl': ROWS,
      'lines.json': ROWS.map((row) => JSON.stringify(row)).join('\n'),
      'columns.json': columns(),
      'data.json': { version: 1, data: ROWS },
      'rows.json': [NAMES, ...cells()],
      'pandas-columns.json': Object.fromEntries(NAMES.map((name) => [name, byRow(name)])),
      'pandas-split.json': { columns: NAMES, index: ROWS.map((_, row) => row), data: cells() },
      'pandas-index.json': Object.fromEntries(ROWS.map((row, index) => [`r${index}`, row])),
      'pandas-table.json': { schema: { fields: [] }, data: ROWS },
    };
    for (const [name, content] of Object.entries(forms)) {
      assert.deepEqual((await open(write(name, content))).preparation, expected, name);
    }
    assert.match(toldOf(await open('data.json')), /The rows of data\.json are its field 'data'; version is not read/);
    assert.match(toldOf(await open('pandas-index.json')), /whose names \('r0', …\) are no column/);
  });

  it('is the data where it is all that a folder holds, and refused as what it is where it is damaged', async () => {
    write('alone/any.json', ROWS);
    assert.equal((await open('alone')).task.kind, 'classification');
    write('alone/any.json', JSON.stringify(ROWS).slice(0, -20));
    await assertProblems(open('alone'), [/any\.json is no JSON/]);
  });

  it('may bring its splits, and is asked about where it has several tables', async () => {
    const split = await open(write('splits.json', { train: ROWS, test: ROWS.slice(0, 12) }));
    assert.equal(split.test.count, 12);
    write('train.json', ROWS);
    write('test.json', columns());
    const several = write('several.json', { good: ROWS, bad: ROWS.slice(0, 20) });
    await assertProblems(open(several), [/several\.json has 2 tables: good, bad/]);
    assert.equal((await open(several, { table: 'bad', test: 0.5 })).test.count, 10);
    await assertProblems(open(several, { table: 'ugly' }), [/no field 'ugly'/], 'dataset.table');
  });

  it('has columns for what is nested, and Python’s NaN for what is missing', async () => {
    const rows = ROWS.map(({ x, label }, row) => ({
      label,
      place: { far: x, at: { lat: row % 7 } },
      pixels: [row % 5, 2 * x],
    }));
    const nested = await open(write('nested.json', rows));
    assert.deepEqual(nested.sampleShape, [4]);
    assert.match(toldOf(nested), /columns of their own: place\.far, place\.at\.lat/);
    assert.match(toldOf(nested), /columns of their own: pixels\[0\] to pixels\[1\]/);
    const text = JSON.stringify(ROWS.map(({ x, label }) => ({ x, words: `NaN ${label}`, label }))).replace(
      '"x":0.5',
      '"x":NaN',
    );
    assert.match(
      toldOf(await open(write('nan.json', text), { columns: { words: 'ignore' } })),
      /1 of 40 values of 'x' are missing/,
    );
    const uneven = write(
      'uneven.json',
      ROWS.map((row, index) => ({ ...row, tags: Array.from({ length: index % 3 }, () => 7) })),
    );
    const problems = open(uneven);
    await assert.rejects(problems, /Row 1 of uneven\.json has an array or object as 'tags'/);
    assert.equal((await open(uneven, { columns: { tags: 'ignore' } })).sampleShape.length, 1);
  });

  it('that is no table is refused with what it is', async () => {
    const cases: readonly (readonly [string, unknown, RegExp])[] = [
      ['broken.json', '[{"x": 1,', /broken\.json is no JSON/],
      ['empty.json', '', /empty\.json is empty/],
      ['text.json', '"words"', /text\.json is no table, but a text/],
      ['none.json', [], /none\.json has no rows/],
      ['numbers.json', [1, 2], /Row 1 of numbers\.json is a number and no object/],
      [
        'settings.json',
        { name: 'x', size: 3 },
        /settings\.json holds one object and no table; its fields are name, size/,
      ],
      ['unequal.json', { x: [1, 2], label: [1] }, /the column 'label' has 1 values, but 'x' has 2/],
      ['ragged.json', [[1, 2], [3]], /Row 2 of ragged\.json has 1 values, but the first has 2/],
    ];
    for (const [name, content, pattern] of cases) await assertProblems(open(write(name, content)), [pattern]);
    data.write('latin.json', Buffer.from('[{"x":"\xfc"}]', 'latin1'));
    await assertProblems(open('latin.json'), [/latin\.json cannot be read: it is not UTF-8/]);
  });
});
