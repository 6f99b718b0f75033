import assert from 'node:assert/strict';
import { Random, randomStream } from '../../../../../src/data/random.ts';
import { drawMixture } from '../../../../../src/training/augmentation/mixing/mixture.ts';

const image = [3, 8, 6];

describe('drawMixture', () => {
  it('draws nothing where nothing is asked for', () => {
    assert.equal(drawMixture({}, 4, image, new Random(0)), undefined);
  });

  it('pairs every sample with one partner, the same ones for the same seed', () => {
    const draw = () => drawMixture({ mixup: 0.4 }, 16, image, randomStream(5, 'mixing/7'))!;
    const { partners, share, box } = draw();
    assert.deepEqual(
      [...partners].sort((a, b) => a - b),
      [...Array(16).keys()],
    );
    assert.ok(share > 0 && share < 1);
    assert.equal(box, undefined);
    assert.deepEqual(draw(), { partners, share });
  });

  it('gives CutMix the share of the area that is left when the rectangle is cut at the edges', () => {
    const random = new Random(1);
    let touched = 0;
    for (let draw = 0; draw < 500; draw++) {
      const { box, share } = drawMixture({ cutmix: 1 }, 4, image, random)!;
      assert.ok(box);
      assert.ok(box.top >= 0 && box.bottom <= 8 && box.left >= 0 && box.right <= 6);
      assert.ok(box.top <= box.bottom && box.left <= box.right);
      assert.equal(share, 1 - ((box.bottom - box.top) * (box.right - box.left)) / 48);
      if (box.top === 0 || box.left === 0 || box.bottom === 8 || box.right === 6) touched++;
    }
    assert.ok(touched > 100);
  });

  it('takes one of both by turns of chance', () => {
    const random = new Random(2);
    const cuts = Array.from({ length: 400 }, () => drawMixture({ mixup: 1, cutmix: 1 }, 2, image, random)!.box);
    const count = cuts.filter((box) => box !== undefined).length;
    assert.ok(count > 160 && count < 240, `${count} of 400`);
  });

  it('refuses to cut samples that are no images', () => {
    assert.throws(() => drawMixture({ cutmix: 1 }, 2, [12], new Random(0)), /CutMix pastes parts of images.*\[12\]/);
  });
});
