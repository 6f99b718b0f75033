import assert from 'node:assert/strict';
import { randomStream } from '../../../../../src/data/random.ts';
import { alterText } from '../../../../../src/data/unlabelled/synthesize/alterText.ts';

const [PAD, CLS, SEP, MASK, DRAWN] = [0, 2, 3, 4, 99];
const words = { special: new Set([PAD, CLS, SEP]), padding: PAD, hidden: MASK, draw: () => DRAWN };
/** Two parts of eight and three words, and padding behind. */
const source = Int32Array.of(CLS, 10, 11, 12, 13, 14, 15, 16, 17, SEP, 20, 21, 22, SEP, PAD, PAD);
const nothing = { mask: 0, replace: 0, fragment: 0 };

function alter(options: Partial<typeof nothing>, seed = 0, hidden: number | undefined = MASK) {
  const target = new Int32Array(source.length);
  const places = alterText(
    source,
    target,
    { ...words, hidden },
    { ...nothing, ...options },
    randomStream(seed, 'text'),
  );
  return { target: [...target], places };
}

describe('alterText', () => {
  it('leaves a text of which nothing is to be changed', () => {
    const { target, places } = alter({});
    assert.deepEqual(target, [...source]);
    assert.deepEqual(
      places,
      Array.from({ length: 14 }, (_, place) => place),
    );
  });

  it('hides and replaces words, and never what is none', () => {
    assert.deepEqual(
      alter({ mask: 1 }).target,
      [...source].map((token) => (words.special.has(token) ? token : MASK)),
    );
    assert.deepEqual(
      alter({ replace: 1 }).target,
      [...source].map((token) => (words.special.has(token) ? token : DRAWN)),
    );
    let [hidden, replaced] = [0, 0];
    for (let seed = 0; seed < 300; seed++) {
      const { target } = alter({ mask: 0.1, replace: 0.2 }, seed);
      hidden += target.filter((token) => token === MASK).length;
      replaced += target.filter((token) => token === DRAWN).length;
    }
    assert.ok(Math.abs(hidden / 3300 - 0.1) < 0.02 && Math.abs(replaced / 3300 - 0.2) < 0.03, `${hidden}, ${replaced}`);
  });

  it('hides nothing where nothing stands for a word that is hidden', () => {
    const target = new Int32Array(source.length);
    alterText(source, target, { ...words, hidden: undefined }, { ...nothing, mask: 1 }, randomStream(0, 'text'));
    assert.deepEqual(target, source);
  });

  it('leaves 1 to 5 words in a row of every part, framed as they were, and tells where they stood', () => {
    const lengths = new Set<number>();
    for (let seed = 0; seed < 100; seed++) {
      const { target, places } = alter({ fragment: 1 }, seed);
      assert.deepEqual(
        places.map((place) => source[place]),
        target.slice(0, places.length),
      );
      assert.ok(target.slice(places.length).every((token) => token === PAD));
      assert.deepEqual(
        target.filter((token) => token === CLS || token === SEP),
        [CLS, SEP, SEP],
      );
      const first = target.slice(1, target.indexOf(SEP));
      assert.deepEqual(
        first,
        first.map((_, at) => (first[0] ?? 0) + at),
      );
      lengths.add(first.length);
      const second = target.slice(target.indexOf(SEP) + 1, target.lastIndexOf(SEP));
      assert.ok(second.length >= 1 && second.length <= 3 && second.every((token) => token >= 20));
    }
    assert.deepEqual([...lengths].sort(), [1, 2, 3, 4, 5]);
  });

  it('takes a text without words, and an empty one', () => {
    for (const text of [Int32Array.of(CLS, SEP, PAD), new Int32Array(3)]) {
      const target = Int32Array.of(7, 7, 7);
      alterText(text, target, words, { mask: 1, replace: 0, fragment: 1 }, randomStream(0, 'text'));
      assert.deepEqual(target, text);
    }
  });
});
