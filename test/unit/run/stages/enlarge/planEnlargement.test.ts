import assert from 'node:assert/strict';
import {
  afforded,
  fewOccurrences,
  hasFewSamples,
  learnsByHeart,
  mayAskAlways,
  rowsFor,
  textsFor,
  viewsFor,
} from '../../../../../src/run/stages/enlarge/planEnlargement.ts';

describe('planEnlargement', () => {
  it('finds that a student learns by heart only beyond what few samples show by chance', () => {
    const quality = (accuracy: number) => ({ accuracy, loss: 0 });
    assert.ok(learnsByHeart(quality(0.97), quality(0.9), 1000));
    assert.ok(!learnsByHeart(quality(0.92), quality(0.9), 1000));
    // Ten samples leave an error of nine points.
    assert.ok(!learnsByHeart(quality(0.97), quality(0.9), 10));
  });

  it('compares losses where nothing is decided', () => {
    const quality = (loss: number) => ({ accuracy: null, loss });
    assert.ok(learnsByHeart(quality(0.1), quality(0.2), 100));
    assert.ok(!learnsByHeart(quality(0.1), quality(0.12), 100));
  });

  it('finds rows few for a network of a tenth as many parameters and more', () => {
    assert.deepEqual(
      [500, 579, 580, 3891].map((rows) => hasFewSamples('rows', rows, 58)),
      [true, true, false, false],
    );
  });

  it('finds images few for a network of more parameters than there are', () => {
    assert.ok(hasFewSamples('augmentation', 6000, 25_450));
    assert.ok(!hasFewSamples('augmentation', 54_000, 12_730));
  });

  it('makes ten rows of each, within bounds', () => {
    assert.deepEqual([50, 1000, 100_000].map(rowsFor), [2000, 10_000, 50_000]);
  });

  it('finds words seldom that occur less than ten times on average', () => {
    assert.equal(fewOccurrences({ words: 4800, different: 1600 }), 3);
    assert.equal(fewOccurrences({ words: 64_000, different: 3000 }), undefined);
    assert.equal(fewOccurrences({ words: 0, different: 0 }), 0);
  });

  it('makes as many texts as the teacher labels soon, and fewer of long ones, which would fill the memory', () => {
    assert.equal(textsFor(300, 32, 25_000), 25_000);
    assert.equal(textsFor(300, 32, 1e9), 50_000);
    // A teacher that takes as long as hundreds of students labels no more than of rows.
    assert.equal(textsFor(300, 32, 80), 3000);
    assert.equal(textsFor(300, 8192, 25_000), 8192);
  });

  it('has small teachers label more than large ones', () => {
    assert.equal(afforded({ student: 6000, teachers: 100_000 }), 774_720);
    assert.equal(afforded({ student: 1e6, teachers: 1e10 }), 694);
  });

  it('asks small teachers at every step', () => {
    assert.ok(mayAskAlways({ student: 79_400, teachers: 2_400_000 }, 32));
    assert.ok(!mayAskAlways({ student: 300_000, teachers: 27_000_000 }, 128));
  });

  it('asks about few views of many images, and about others at every step where they would fill the memory', () => {
    assert.equal(viewsFor(40_000, 100, 0), 20);
    assert.equal(viewsFor(40_000, 100, 70), 70);
    assert.equal(viewsFor(40_000, 7, 70), 7);
    assert.equal(viewsFor(2 ** 25, 100, 70), 8);
    assert.equal(viewsFor(2 ** 27, 100, 70), undefined);
  });
});
