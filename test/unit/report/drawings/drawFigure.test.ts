import assert from 'node:assert/strict';
import { drawFigure } from '../../../../src/report/drawings/drawFigure.ts';
import { inEnglish } from '../../../../src/report/wording/reportText.ts';
import { sizedNetworks } from '../../../../src/report/sizedNetworks.ts';
import { detailedReport } from '../../../support/detailedReport.ts';

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

describe('sizes and qualities', () => {
  const network = { run: 'r', experiment: 'e', kind: 'student', standing: 'other', isOnFront: true } as const;
  const networks = [
    { ...network, kind: 'float16', standing: 'run', bytes: 1000, quality: 0.8 },
    { ...network, bytes: 10_000, quality: 0.9, experiment: 'a & b' },
    { ...network, bytes: 20_000, quality: 0.85, isOnFront: false },
  ] as const;
  const drawn = drawFigure({ kind: 'sizes', networks, measure: 'accuracy', teacher: 0.95 }, 'Sizes', inEnglish).text;

  it('are a point for every network, with what it is', () => {
    const points = [...drawn.matchAll(/<path class="point of-(\w+)"/g)].map((match) => match[1]);
    assert.deepEqual(points.sort(), ['other', 'other', 'run']);
    assert.match(drawn, /<title>a &amp; b, Student: 10\.0 kB, 90\.00 %<\/title>/);
    assert.match(drawn, /Teacher: 95\.00 %/);
    assert.doesNotMatch(drawn, /NaN|Infinity|undefined/);
  });

  it('tell kinds of networks by their shapes', () => {
    const kinds = ['student', 'baseline', 'static-int8', 'pruned'] as const;
    const alike = kinds.map((kind) => ({ ...network, kind, bytes: 1000, quality: 0.8 }));
    const { text } = drawFigure({ kind: 'sizes', networks: alike, measure: 'accuracy', teacher: null }, '', inEnglish);
    const shapes = [...text.matchAll(/<path class="point [^"]*" d="([^"]*)"/g)].map(([, shape]) => shape);
    assert.equal(new Set(shapes).size, kinds.length);
  });

  it('name the networks of the run', () => {
    assert.equal([...drawn.matchAll(/>\s*Float16\s*</g)].length, 1);
    assert.doesNotMatch(drawn, />\s*Student\s*</);
  });

  it('have a line in steps through those that nothing beats', () => {
    const points = / points="([^"]*)"/
      .exec(drawn)![1]!
      .split(' ')
      .map((point) => point.split(',').map(Number));
    assert.equal(points.length, 4);
    const [small, corner, large, end] = points;
    assert.ok(corner![0] === large![0] && corner![1] === small![1] && end![1] === large![1]);
    assert.ok(large![0]! > small![0]! && large![1]! < small![1]!, 'better is higher');
  });
});

describe('drawings', () => {
  it('need no inline style, which the panel’s policy forbids', () => {
    for (const figure of [
      { kind: 'reliability', bins: [] },
      { kind: 'confusion', classes: ['a'], counts: [[1]] },
      { kind: 'sizes', networks: sizedNetworks(detailedReport, []), measure: 'accuracy', teacher: null },
    ] as const) {
      assert.doesNotMatch(drawFigure(figure, 'A title', inEnglish).text, /style="/);
    }
  });
});
