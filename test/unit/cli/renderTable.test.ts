import assert from 'node:assert/strict';
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

  it('colours only where colours are shown', () => {
    assert.ok(!renderTable(head, rows, fakeOutput()).includes('\x1b'));
    assert.ok(renderTable(head, rows, fakeOutput({ hasColors: true })).includes('\x1b[1m'));
  });
});
