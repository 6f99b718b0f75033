import assert from 'node:assert/strict';
import { durationStyleOf, secondsOf } from '../../../../../../src/data/formats/tables/times/durations.ts';

const plain = { minutesFirst: false, monthsLong: false };
const [MONTH, YEAR] = [2_629_800, 31_557_600];
/** More words than are categories. */
const many = (make: (at: number) => string): readonly string[] => Array.from({ length: 9 }, (_, at) => make(at));

describe('durations in cells', () => {
  it('are seconds, as people and programs write them', () => {
    for (const [word, seconds] of [
      ['1 days 02:03:04', 93_784],
      ['0 days 00:00:01.500000', 1.5],
      ['-1 days +23:59:59', -1],
      ['1 day, 2:03:04', 93_784],
      ['1.02:03:04', 93_784],
      ['3 days', 259_200],
      ['210:33:11', 758_000 - 9],
      ['72:15', 260_100],
      ['-0:30', -1800],
      ['1:23.456', 83.456],
      ['PT1H2M3.5S', 3723.5],
      ['P1DT2H', 93_600],
      ['P1Y2M', YEAR + 2 * MONTH],
      ['-PT5M', -300],
      ['2h 50m', 10_200],
      ['19h', 68_400],
      ['1 hour and 5 minutes', 3900],
      ['2 hrs, 3 mins', 7380],
      ['2 years', 2 * YEAR],
    ] as const)
      assert.equal(secondsOf(word, plain), seconds, word);
    for (const word of ['19M', '1:75', 'P', 'PT', 'soon', '5 kg', '12', '2-1', '1:2:3'])
      assert.equal(secondsOf(word, plain), undefined, word);
    assert.ok(Number.isNaN(secondsOf('n/a', plain)));
  });

  it('are minutes and seconds beside hours, and months beside years', () => {
    const songs = durationStyleOf('length', ['1:02:03', ...many((at) => `4:3${at}`)]);
    assert.ok(songs);
    assert.deepEqual(
      ['4:33', '1:02:03'].map((word) => secondsOf(word, songs)),
      [273, 3723],
    );
    const bonds = durationStyleOf('tenor', ['2y', ...many((at) => `${at + 1}m`)]);
    assert.ok(bonds);
    assert.equal(secondsOf('6m', bonds), 6 * MONTH);
  });

  it('are none where they may be times of day, amounts of one unit or few categories', () => {
    assert.equal(
      durationStyleOf(
        'when',
        many((at) => `0${at}:30:00`),
      ),
      undefined,
    );
    assert.ok(
      durationStyleOf(
        'finish_time',
        many((at) => `0${at}:30:00`),
      ),
    );
    assert.equal(
      durationStyleOf(
        'run',
        many((at) => `${at} min`),
      ),
      undefined,
    );
    assert.equal(durationStyleOf('x', ['1h', '2h 5m']), undefined);
    assert.equal(durationStyleOf('years', ['10+ years', ...many((at) => `${at} years 2 months`)]), undefined);
  });
});
