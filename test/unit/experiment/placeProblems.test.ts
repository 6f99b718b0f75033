import assert from 'node:assert/strict';
import { keysAt, keysOf, lineAndColumn, placeProblems } from '../../../src/experiment/placeProblems.ts';

const TEXT = `{
  // what teaches
  "teacher": { "model": "models/big.onnx" },
  "dataset": { "path": "data" },
  "student": { "architecture": "mlpp", "hidden": [64, "a"] },
  "search": { "space": { "student.hidden[0]": { "range": [1, 2] } } },
}`;

/** The piece of the text that a problem is placed at: value, or field where there is no value. */
function pieceOf(where: string, text = TEXT): string | undefined {
  const [place] = placeProblems(text, [{ where, message: '' }]);
  const stretch = place && (place.value ?? place.field);
  return stretch && text.slice(stretch.offset, stretch.offset + stretch.length);
}

describe('placeProblems', () => {
  for (const [where, piece] of [
    ['student.architecture', '"mlpp"'],
    ['student.hidden[1]', '"a"'],
    ['search.space["student.hidden[0]"].range', '[1, 2]'],
    ['student.depth', '"student"'],
    ['student.hidden[7]', '"hidden"'],
    ['objective', '{'],
    ['experiment', TEXT],
    ['line 3, column 16', '"model"'],
    ['models/big.onnx', '"models/big.onnx"'],
    ['/somewhere/models/big.onnx', '"models/big.onnx"'],
    ['--out', undefined],
    ['other.onnx', undefined],
  ] as const) {
    it(`places ${where} at ${piece === TEXT ? 'everything' : piece}`, () => {
      assert.equal(pieceOf(where), piece);
    });
  }

  it('knows the name of the field beside its value', () => {
    const [place] = placeProblems(TEXT, [{ where: 'student.hidden', message: '' }]);
    assert.ok(place?.value);
    assert.equal(TEXT.slice(place.field.offset, place.field.offset + place.field.length), '"hidden"');
  });

  it('places what it can in a file that is not whole', () => {
    assert.equal(pieceOf('student.architecture', '{ "student": { "architecture": "mlpp"'), '"mlpp"');
    assert.equal(pieceOf('student', ''), undefined);
  });

  it('counts lines and columns from 1', () => {
    assert.deepEqual(lineAndColumn(TEXT, 0), { line: 1, column: 1 });
    assert.deepEqual(lineAndColumn(TEXT, TEXT.indexOf('"teacher"')), { line: 3, column: 3 });
  });
});

describe('the keys of a path', () => {
  it('are those that problems write', () => {
    assert.deepEqual(keysOf('objective[0].pairs[2].student'), ['objective', 0, 'pairs', 2, 'student']);
    assert.deepEqual(keysOf('search.space["a.b[0]"].range'), ['search', 'space', 'a.b[0]', 'range']);
    assert.deepEqual(keysOf('experiment'), []);
  });

  it('are found at an offset', () => {
    assert.deepEqual(keysAt(TEXT, TEXT.indexOf('"a"') + 1), ['student', 'hidden', 1]);
    assert.deepEqual(keysAt(TEXT, TEXT.indexOf('big')), ['teacher', 'model']);
    assert.deepEqual(keysAt(TEXT, TEXT.indexOf('// what')), []);
  });
});
