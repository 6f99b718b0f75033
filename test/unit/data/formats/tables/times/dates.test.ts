import assert from 'node:assert/strict';
import { dateFormOf, momentOf, partOf } from '../../../../../../src/data/formats/tables/times/dates.ts';

const dayFirst = { dayFirst: true, isClock: false };

describe('dates in cells', () => {
  it('are no seasons, which are written like months', () => {
    assert.equal(dateFormOf(['2004-05', '2005-06', '2006-07']), undefined);
    assert.deepEqual(dateFormOf(['2004-05', '2004-06', '2004-07'])?.isClock, false);
  });

  it('are read as people and programs write them', () => {
    for (const [word, expected] of [
      ['2024-01-31', '2024-01-31T00:00:00.000Z'],
      ['2024/1/31 7:05', '2024-01-31T07:05:00.000Z'],
      ['2024-01-31T23:59:58.25+02:00', '2024-01-31T21:59:58.250Z'],
      ['2009-01-01 00:37:00 UTC', '2009-01-01T00:37:00.000Z'],
      ['2024/01/31 3:14:05 PM GMT-5:30', '2024-01-31T20:44:05.000Z'],
      ['2024-01-31 10:00:00+00', '2024-01-31T10:00:00.000Z'],
      ['31/01/2024 10:00 UTC+1', '2024-01-31T09:00:00.000Z'],
      ['31.1.2024', '2024-01-31T00:00:00.000Z'],
      ['31/01/24 18.30', '2024-01-31T18:30:00.000Z'],
      ['31-Jan-1999', '1999-01-31T00:00:00.000Z'],
      ['31 January 2024', '2024-01-31T00:00:00.000Z'],
      ['Jan 31, 2024', '2024-01-31T00:00:00.000Z'],
      ['Jan 1 2000', '2000-01-01T00:00:00.000Z'],
      ['Mon Apr 06 22:19:45 PDT 2009', '2009-04-06T22:19:45.000Z'],
      ['Mar-2001', '2001-03-01T00:00:00.000Z'],
      ['20141013T000000', '2014-10-13T00:00:00.000Z'],
      ['1/2/2024 12:30 AM', '2024-02-01T00:30:00.000Z'],
      ['2024-03', '2024-03-01T00:00:00.000Z'],
      ['2024/1/31 下午 3:05:00', '2024-01-31T15:05:00.000Z'],
      ['2024年1月31日 上午9时30分', '2024-01-31T09:30:00.000Z'],
      ['2024. 1. 31. 오후 3:05', '2024-01-31T15:05:00.000Z'],
      ['31/01/2024 3:05 p. m.', '2024-01-31T15:05:00.000Z'],
      ['Wed, 31 Jan 2024 10:00:00 +0100', '2024-01-31T09:00:00.000Z'],
      ['31/Jan/2024:10:00:00 -0500', '2024-01-31T15:00:00.000Z'],
      ['2024年1月31日', '2024-01-31T00:00:00.000Z'],
      ['2024年01月31日 10:30', '2024-01-31T10:30:00.000Z'],
      ['2024년 1월 31일', '2024-01-31T00:00:00.000Z'],
      ['31. März 2024', '2024-03-31T00:00:00.000Z'],
      ['1 juin 2024', '2024-06-01T00:00:00.000Z'],
      ['1 juil. 2024', '2024-07-01T00:00:00.000Z'],
      ['5 de septiembre de 2024', '2024-09-05T00:00:00.000Z'],
      ['31-Dez-24', '2024-12-31T00:00:00.000Z'],
      ['août 2024', '2024-08-01T00:00:00.000Z'],
    ] as const) {
      assert.equal(new Date(momentOf(word, dayFirst)).toISOString(), expected, word);
    }
  });

  it('are none where there is no such day, time or month', () => {
    for (const word of [
      '2024-02-30',
      '2024-13-01',
      '31.1.2024 25:00',
      'Foo-2001',
      '31 Bar 2024',
      '12',
      '1.5',
      'red',
      '',
    ]) {
      assert.ok(Number.isNaN(momentOf(word, dayFirst)), word);
    }
  });

  it('have the day first where a number above 12 or the hyphens tell', () => {
    assert.equal(dateFormOf(['1/2/2024', '25/2/2024'])?.dayFirst, true);
    assert.equal(dateFormOf(['1/2/2024', '2/25/2024'])?.dayFirst, false);
    assert.equal(dateFormOf(['1/2/2024'])?.dayFirst, false);
    assert.equal(dateFormOf(['1.2.2024'])?.dayFirst, true);
    assert.equal(dateFormOf(['1.2.2024', 'soon']), undefined);
    assert.equal(dateFormOf(['1.2.2024', '25.25.2024']), undefined);
  });

  it('may be times of day alone, and have parts', () => {
    assert.deepEqual(dateFormOf(['18:30', '7.05.30', '1:00 pm']), { dayFirst: false, isClock: true });
    assert.equal(partOf(momentOf('18:30', { dayFirst: false, isClock: true }), 'hour'), 18.5);
    const moment = momentOf('2024-03-01 06:00', dayFirst);
    assert.deepEqual(
      (['year', 'month', 'day', 'weekday', 'hour'] as const).map((part) => partOf(moment, part)),
      [2024, 3, 1, 4, 6],
    );
    assert.equal(partOf(moment, 'days'), 19_783.25);
    assert.deepEqual(
      (['friday', 'saturday'] as const).map((part) => partOf(moment, part)),
      [1, 0],
    );
    const place = (word: string, part: 'yearSine' | 'yearCosine' | 'daySine' | 'dayCosine'): number =>
      Math.round(partOf(momentOf(word, dayFirst), part) * 100) / 100;
    assert.deepEqual([place('2024-01-01', 'yearSine'), place('2024-01-01', 'yearCosine')], [0, 1]);
    assert.deepEqual([place('2023-12-31', 'yearSine'), place('2023-12-31', 'yearCosine')], [-0.02, 1]);
    assert.deepEqual(
      [place('2024-03-01 06:00', 'daySine'), place('2024-03-01 06:00', 'dayCosine')].map(Math.abs),
      [1, 0],
    );
    assert.ok(Number.isNaN(partOf(NaN, 'monday')));
  });

  it('have the half of the day in front, behind or not, in several languages', () => {
    const hour = (word: string): number => momentOf(word, { dayFirst: false, isClock: true }) / 3_600_000;
    for (const [word, expected] of [
      ['PM 3:05', 15 + 5 / 60],
      ['上午9:30', 9.5],
      ['下午 3:30:00', 15.5],
      ['오전 12:30', 0.5],
      ['午後3時30分', 15.5],
      ['3 PM', 15],
      ['12am', 0],
      ['3:30 p.m.', 15.5],
      ['13:30 PM', 13.5],
    ] as const)
      assert.ok(Math.abs(hour(word) - expected) < 1e-9, `${word}: ${hour(word)}`);
    for (const word of ['PM', '13:30 AM', '3', 'PM 25']) assert.ok(Number.isNaN(hour(word)), word);
  });
});
