import assert from 'node:assert/strict';
import {
  numberFromText,
  numbersFromText,
  optionalNumbersFromText,
  textOf,
  textOfOptional,
  textsFromText,
} from '../../../webview/form/numberText.ts';

describe('numbers that are typed', () => {
  it('are numbers, text where they are none, and nothing where there is nothing', () => {
    assert.deepEqual(['0.5', ' 12 ', '1e-3', 'ten', '', 'Infinity'].map(numberFromText), [
      0.5,
      12,
      0.001,
      'ten',
      undefined,
      'Infinity',
    ]);
  });

  it('may be several', () => {
    assert.deepEqual(numbersFromText('800, 800'), [800, 800]);
    assert.deepEqual(numbersFromText('16 32;64 x'), [16, 32, 64, 'x']);
    assert.deepEqual(numbersFromText('  '), []);
  });

  it('are texts where texts are wanted, and no value where there is none', () => {
    assert.deepEqual(textsFromText(' layer4.*, fc.weight ,'), ['layer4.*', 'fc.weight']);
    assert.equal(textsFromText(' , '), undefined);
  });

  it('are written as they are typed', () => {
    assert.equal(textOf([800, 800]), '800, 800');
    assert.deepEqual(numbersFromText(textOf([1, 2.5, 'x'])), [1, 2.5, 'x']);
    assert.equal(textOf(undefined), '');
  });
});

describe('optionalNumbersFromText', () => {
  it('tells no list from one without numbers, and reads back what is written', () => {
    assert.equal(optionalNumbersFromText(' '), undefined);
    assert.deepEqual(optionalNumbersFromText('[]'), []);
    assert.deepEqual(optionalNumbersFromText('0, 2'), [0, 2]);
    for (const value of [undefined, [], [0, 2]]) {
      assert.deepEqual(optionalNumbersFromText(textOfOptional(value)), value);
    }
  });
});
