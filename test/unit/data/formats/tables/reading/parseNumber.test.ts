import assert from 'node:assert/strict';
import { randomStream } from '../../../../../../src/data/random.ts';
import { parseNumber } from '../../../../../../src/data/formats/tables/numbers/parseNumber.ts';

const parse = (text: string): number | undefined => {
  const bytes = Buffer.from(`<${text}>`, 'latin1');
  return parseNumber(bytes, 1, bytes.length - 1);
};

describe('parseNumber', () => {
  it('gives the same double as the language does', () => {
    const random = randomStream(0, 'numbers');
    for (let round = 0; round < 5000; round++) {
      const value = random.normal() * 10 ** (random.integer(30) - 15);
      for (const text of [String(value), value.toFixed(random.integer(12)), value.toExponential(random.integer(17))]) {
        assert.equal(parse(text), Number(text), text);
      }
    }
    for (const text of [
      '0.1',
      '-0',
      '+7',
      '.5',
      '5.',
      '123456789012345678',
      '1e-3',
      '1E5',
      ' 2 ',
      '1e999',
      '-1E+400',
    ]) {
      assert.equal(parse(text), Number(text), text);
    }
  });

  it('tells missing values from words', () => {
    for (const text of ['', ' ', 'NA', 'n/a', 'NaN', 'null', 'None', '?']) assert.ok(Number.isNaN(parse(text)), text);
    for (const text of ['x', '-', '1,5', '1 2', '0x10', '1e', 'e5', 'Infinity', '--1', '1.2.3']) {
      assert.equal(parse(text), undefined, text);
    }
  });
});
