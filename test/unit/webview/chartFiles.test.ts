import assert from 'node:assert/strict';
import type { TrainingClock } from '../../../src/protocol/snapshot.ts';
import { chartSvg } from '../../../webview/charts/chartSvg.ts';
import { drawnLines } from '../../../webview/charts/drawnLines.ts';
import type { Series } from '../../../webview/charts/series.ts';
import { Timeline } from '../../../webview/charts/timeline.ts';

const line = (label: string, y: Series['y'], isLevel = false): Series => ({
  network: 'student',
  label,
  color: 'blue',
  isDashed: isLevel,
  isLevel,
  x: y.map((_value, index) => index + 1),
  y,
});
const clocks: readonly TrainingClock[] = [{ network: 'student', stepsPerEpoch: 10, x: [1, 2, 3], seconds: [2, 4, 7] }];
const picture = (series: readonly Series[], isLogarithmic = false): string =>
  chartSvg({
    title: 'Loss <of a run>',
    xLabel: 'epoch',
    lines: drawnLines(series, { timeline: new Timeline('epoch', []), smoothing: 0, zoom: undefined }, isLogarithmic),
    range: { from: 0, to: 3 },
    isLogarithmic,
    formatX: String,
    formatY: (value) => String(Number(value.toPrecision(3))),
  });

describe('a chart as a picture', () => {
  it('names what it shows, draws every line and escapes what people wrote', () => {
    const svg = picture([line('kd', [3, 2, 1]), line('a & b', [1, 1, 1], true)]);
    assert.match(svg, /^<svg\s+xmlns/);
    assert.match(svg, /<title>Loss &lt;of a run&gt;<\/title>/);
    assert.match(svg, />a &amp; b</);
    assert.equal(svg.match(/<path d="M[\d. ]+L/g)?.length, 2);
    assert.doesNotMatch(svg, /NaN|Infinity|undefined/);
  });

  it('breaks lines where there is no value', () => {
    const [path] = /d="M[^"]*M[^"]*"/.exec(picture([line('kd', [3, 2, null, 1, 2])])) ?? [];
    assert.ok(path, 'the line is in two pieces');
  });

  it('leaves out what a logarithmic scale has no place for, and spaces powers of ten evenly', () => {
    const svg = picture([line('kd', [1, 0, 100])], true);
    assert.doesNotMatch(svg, /NaN|Infinity/);
    const heights = ['1', '10', '100'].map((mark) => {
      const [, y] = new RegExp(`y="([\\d.]+)" text-anchor="end">${mark}<`).exec(svg) ?? [];
      return Number(y);
    });
    const [one = NaN, ten = NaN, hundred = NaN] = heights;
    assert.ok(Math.abs(one - ten - (ten - hundred)) < 0.1, heights.join());
  });

  it('draws without values, too', () => {
    assert.doesNotMatch(picture([line('kd', [null, null])], true), /NaN|Infinity/);
  });
});

describe('drawnLines', () => {
  it('draws what was measured faintly behind its moving average, levels as they are', () => {
    const lines = drawnLines(
      [line('kd', [1, 3]), line('teacher', [2, 2], true)],
      { timeline: new Timeline('step', clocks), smoothing: 0.5, zoom: undefined },
      false,
    );
    assert.deepEqual(
      lines.map(({ series, isFaint, x }) => [series.label, isFaint, x]),
      [
        ['kd', false, [10, 20]],
        ['teacher', false, [10, 20]],
        ['kd', true, [10, 20]],
      ],
    );
    assert.deepEqual(lines[2]?.y, [1, 3]);
    assert.notDeepEqual(lines[0]?.y, [1, 3]);
  });

  it('smooths the means of what was put together, and draws what is seen with its neighbours', () => {
    const coarse: Series = {
      ...line('kd', [0, 9, 0, 9, 0, 9]),
      means: { x: [1.5, 3.5, 5.5], y: [5, 5, 5] },
    };
    const view = { timeline: new Timeline('epoch', []), smoothing: 0.5, zoom: { from: 2.5, to: 3.5 } };
    const [smoothed, measured] = drawnLines([coarse], view, false);
    assert.deepEqual(measured?.x, [2, 3, 4, 5]);
    assert.deepEqual(measured.y, [9, 0, 9, 0]);
    assert.deepEqual(smoothed?.x, [1.5, 3.5, 5.5]);
    assert.ok(smoothed.y.every((value) => Math.abs((value ?? 0) - 5) < 1e-9));
  });
});
