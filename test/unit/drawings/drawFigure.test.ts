import assert from 'node:assert/strict';
import { drawFigure } from '../../../src/drawings/drawFigure.ts';
import { inEnglish } from '../../../src/protocol/reportText.ts';

const number = (text: string, attribute: string): number =>
  Number(new RegExp(`${attribute}="([^"]*)"`).exec(text)?.[1]);

describe('the confusion matrix', () => {
  const drawn = drawFigure(
    {
      kind: 'confusion',
      classes: ['a', 'b & c'],
      counts: [
        [3, 1],
        [0, 4],
      ],
    },
    'Confusion',
    inEnglish,
  ).text;

  it('has a square for every count that is not 0, right ones apart from wrong ones', () => {
    const cells = [...drawn.matchAll(/<rect\s+class="(right|wrong)"[\s\S]*?\/>/g)];
    assert.deepEqual(
      cells.map((cell) => cell[1]),
      ['right', 'wrong', 'right'],
    );
    const [right, wrong] = cells.map(([cell]) => ({ x: number(cell, ' x'), y: number(cell, ' y') }));
    assert.ok(wrong!.x > right!.x && wrong!.y === right!.y, 'columns are the classes that were chosen');
    const [all, some] = [number(cells[2]![0], 'fill-opacity'), number(cells[0]![0], 'fill-opacity')];
    assert.ok(all > some, 'a larger share is darker');
  });

  it('names the classes and escapes them', () => {
    assert.match(drawn, /b &amp; c/);
    assert.match(drawn, /aria-label="Confusion; the numbers are in the table below"/);
  });
});

describe('the reliability diagram', () => {
  const bins = [
    { decisions: 0, confidence: null, accuracy: null },
    { decisions: 4, confidence: 0.7, accuracy: 0.5 },
  ];
  const drawn = drawFigure({ kind: 'reliability', bins }, 'Reliability', (text) => `«${inEnglish(text)}»`).text;

  it('has a bar for every bin with decisions, as high as they are right', () => {
    const bars = [...drawn.matchAll(/<rect\s+class="bar"[\s\S]*?\/>/g)].map(([bar]) => bar);
    assert.equal(bars.length, 1);
    const axis = [...drawn.matchAll(/y1="([^"]*)"/g)].map((match) => Number(match[1]));
    assert.equal(number(bars[0]!, 'height'), (Math.max(...axis) - Math.min(...axis)) / 2);
  });

  it('is labelled in the reader’s language', () => {
    for (const text of ['«Confidence»', '«Right»']) assert.ok(drawn.includes(text), text);
  });
});

describe('drawings', () => {
  it('need no inline style, which the panel’s policy forbids', () => {
    for (const figure of [
      { kind: 'reliability', bins: [] },
      { kind: 'confusion', classes: ['a'], counts: [[1]] },
    ] as const) {
      assert.doesNotMatch(drawFigure(figure, 'A title', inEnglish).text, /style="/);
    }
  });
});
