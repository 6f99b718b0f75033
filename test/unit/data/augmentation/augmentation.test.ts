import assert from 'node:assert/strict';
import { augmentImages } from '../../../../src/data/augmentation/augmentation.ts';
import { moveImage } from '../../../../src/data/augmentation/moveImage.ts';
import { randomStream } from '../../../../src/data/random.ts';

const shape = [1, 3, 3];
const image = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9);

function moved(placement: Partial<Parameters<typeof moveImage>[3]>): number[] {
  const target = new Float32Array(9);
  moveImage(image, target, [1, 3, 3], { x: 0, y: 0, angle: 0, scale: 1, ...placement }, [-1]);
  return [...target];
}

describe('moving an image', () => {
  it('shifts whole pixels exactly and fills with the background', () => {
    assert.deepEqual(moved({ x: 1 }), [-1, 1, 2, -1, 4, 5, -1, 7, 8]);
    assert.deepEqual(moved({ y: -1 }), [4, 5, 6, 7, 8, 9, -1, -1, -1]);
  });

  it('turns about the centre', () => {
    const quarter = moved({ angle: Math.PI / 2 }).map((value) => Math.round(value * 1000) / 1000);
    assert.deepEqual(quarter, [7, 4, 1, 8, 5, 2, 9, 6, 3]);
  });

  it('interpolates between pixels when it is enlarged', () => {
    assert.deepEqual(moved({ scale: 2 }), [3, 3.5, 4, 4.5, 5, 5.5, 6, 6.5, 7]);
  });
});

describe('augmenting a batch', () => {
  const batch = (): Float32Array => Float32Array.from([...image, ...image, ...image, ...image]);

  it('gives the same images for the same numbers, others for others, and another one for every sample', () => {
    const draw = (seed: number): number[] => {
      const samples = batch();
      augmentImages(
        samples,
        shape,
        { shift: 1, rotate: 20, brightness: 0.2, noise: 0.1 },
        [0],
        randomStream(seed, 'a'),
      );
      return [...samples];
    };
    assert.deepEqual(draw(1), draw(1));
    assert.notDeepEqual(draw(1), draw(2));
    assert.notDeepEqual(draw(1).slice(0, 9), draw(1).slice(9, 18));
  });

  it('shifts by every amount up to the largest, as often as the others', () => {
    const random = randomStream(0, 'shifts');
    const seen = new Map<number, number>();
    for (let round = 0; round < 3000; round++) {
      const samples = image.slice();
      augmentImages(samples, shape, { shift: 1 }, [0], random);
      const at = samples.indexOf(5);
      seen.set(at, (seen.get(at) ?? 0) + 1);
    }
    assert.equal(seen.size, 9);
    for (const count of seen.values()) assert.ok(count > 240 && count < 430, `${count} of 3000`);
  });

  it('mirrors half of the images', () => {
    const random = randomStream(0, 'flips');
    let mirrored = 0;
    for (let round = 0; round < 400; round++) {
      const samples = image.slice();
      augmentImages(samples, shape, { flip: true }, [0], random);
      if (samples[0] === 3) {
        assert.deepEqual([...samples], [3, 2, 1, 6, 5, 4, 9, 8, 7]);
        mirrored++;
      } else assert.deepEqual(samples, image);
    }
    assert.ok(mirrored > 150 && mirrored < 250);
  });

  it('stretches contrast about the mean and keeps it', () => {
    const samples = image.slice();
    augmentImages(samples, shape, { contrast: 0.5 }, [0], randomStream(3, 'contrast'));
    const mean = samples.reduce((sum, value) => sum + value, 0) / 9;
    assert.ok(Math.abs(mean - 5) < 1e-5);
    const factor = (samples[8] ?? 0) - 5;
    assert.ok(factor >= 2 - 1e-5 && factor <= 6 + 1e-5 && Math.abs(factor - 4) > 1e-3);
  });
});
