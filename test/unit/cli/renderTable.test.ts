import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { renderTable } from '../../../src/cli/renderTable.ts';
import { fakeOutput } from '../../support/fakeTerminal.ts';

describe('renderTable', () => {
  const head = ['', 'Teacher', 'Student'];
  const rows = [
    ['Parameters', '2.40 M', '1.28 M'],
    ['Accuracy', '', '98.91 %'],
  ];

  it('frames the table, numbers to the right', () => {
    assert.equal(
      renderTable(head, rows, fakeOutput()),
      [
        '┌────────────┬─────────┬─────────┐',
        '│            │ Teacher │ Student │',
        '│ Parameters │  2.40 M │  1.28 M │',
        '│ Accuracy   │         │ 98.91 % │',
        '└────────────┴─────────┴─────────┘',
        '',
      ].join('\n'),
    );
  });

  it('leaves the frame out where it does not fit', () => {
    const text = renderTable(head, rows, fakeOutput({ columns: 30 }));
    assert.deepEqual(
      text.split('\n').map((line) => line.trimEnd()),
      ['            Teacher  Student', 'Parameters   2.40 M   1.28 M', 'Accuracy             98.91 %', ''],
    );
    assert.ok(text.split('\n').every((line) => line.length <= 30));
  });

  it('does not count colours as width', () => {
    const text = renderTable(head, rows, fakeOutput({ columns: 34, hasColors: true }));
    assert.ok(stripVTControlCharacters(text).startsWith('┌────────────┬─────────┬─────────┐\n'));
  });

  it('colours only where colours are shown, whatever the environment says', () => {
    assert.ok(!renderTable(head, rows, fakeOutput()).includes('\x1b'));
    const module = JSON.stringify(new URL('../../../src/cli/renderTable.ts', import.meta.url).href);
    const script = `import(${module}).then(({ renderTable }) => {
      const output = { isTerminal: true, columns: 80, hasColors: true, write() {} };
      process.stdout.write(renderTable(['Head'], [['cell']], output));
    });`;
    for (const variable of ['FORCE_COLOR=0', 'CI=1', 'TERM=dumb', 'FORCE_COLOR=1']) {
      const [name = '', value] = variable.split('=');
      const env = { PATH: process.env['PATH'], [name]: value };
      const text = execFileSync(process.execPath, ['--import=tsx', '-e', script], { env, encoding: 'utf8' });
      assert.ok(text.includes('\x1b[1mHead\x1b[22m') && text.includes('\x1b[2m┌'), variable);
    }
  });
});
