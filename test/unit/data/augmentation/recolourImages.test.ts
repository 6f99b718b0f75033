import assert from 'node:assert/strict';
import {
  changeHue,
  changeSaturation,
  RAND_AUGMENT_OPERATIONS,
} from '../../../../src/data/augmentation/imageOperations.ts';
import { recolourImages, type Recolouring } from '../../../../src/data/augmentation/recolourImages.ts';
import { NORMALIZATION_PRESETS } from '../../../../src/data/normalization.ts';
import { randomStream } from '../../../../src/data/random.ts';

const SHAPE = [3, 8, 8] as const;
const PLANE = 64;

/** Images of random colours, of 0…1. */
function images(count: number): Float32Array {
  const random = randomStream(1, 'colours');
  return Float32Array.from({ length: count * 3 * PLANE }, () => random.uniform());
}

function near(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  assert.equal(actual.length, expected.length);
  for (let index = 0; index < actual.length; index++) {
    const [one, other] = [actual[index]!, expected[index]!];
    assert.ok(Math.abs(one - other) <= tolerance, `${index}: ${one} is not ${other}`);
  }
}

/** What an operation of RandAugment, by its place in the paper's list here, makes of a row of grey values. */
function applied(place: number, values: readonly number[], strength: number): number[] {
  const image = Float32Array.from(values);
  RAND_AUGMENT_OPERATIONS[place]!.apply(image, [1, 1, values.length], strength);
  return [...image].map((value) => Math.round(value * 1000) / 1000);
}

describe('operations on images', () => {
  it('take the colour away, and add to it', () => {
    const pixel = Float32Array.of(1, 0, 0);
    changeSaturation(pixel, [3, 1, 1], -1);
    near(pixel, [0.299, 0.299, 0.299], 1e-6);
    const pale = Float32Array.of(0.6, 0.5, 0.5);
    changeSaturation(pale, [3, 1, 1], 1);
    near(pale, [0.6701, 0.4701, 0.4701], 1e-4);
  });

  it('turn the hue around and back, and leave grey alone', () => {
    const image = images(1);
    const turned = image.slice();
    for (const strength of [0.25, 0.5, -0.75]) changeHue(turned, SHAPE, strength);
    near(turned, image, 2e-3);
    const grey = Float32Array.of(0.4, 0.4, 0.4);
    changeHue(grey, [3, 1, 1], 0.6);
    near(grey, [0.4, 0.4, 0.4], 1e-3);
    const red = Float32Array.of(1, 0, 0);
    changeHue(red, [3, 1, 1], 1);
    assert.ok(red[1]! > red[0]! && red[2]! > red[0]!, 'the opposite of red is cyan');
  });

  it('do to tones what their names say', () => {
    assert.deepEqual(applied(0, [0.2, 0.4], 1), [0.2, 0.4]);
    assert.deepEqual(applied(1, [0.2, 0.3, 0.6], 1), [0, 0.25, 1]);
    assert.deepEqual(applied(2, [0.1, 0.1, 0.2, 0.9], 1), [0, 0, 0.5, 1]);
    assert.deepEqual(applied(2, [0.3, 0.3], 1), [0.3, 0.3], 'one value has nothing to spread');
    assert.deepEqual(applied(3, [0x5f / 255, 0xff / 255], 1), [
      Math.round((1000 * 0x50) / 255) / 1000,
      Math.round((1000 * 0xf0) / 255) / 1000,
    ]);
    assert.deepEqual(applied(4, [0.2, 0.75], 0.5), [0.2, 0.25]);
    assert.deepEqual(applied(6, [0.25, 0.75], -1), [0.475, 0.525]);
    assert.deepEqual(applied(7, [0.1, 0.4], 1), [0.19, 0.76]);
  });

  it('move and shear', () => {
    assert.deepEqual(applied(10, [0.1, 0.2, 0.3, 0.4], 0.5), [0, 0.1, 0.2, 0.3]);
    const image = Float32Array.of(1, 1, 1, 2, 2, 2, 3, 3, 3);
    RAND_AUGMENT_OPERATIONS[12]!.apply(image, [1, 3, 3], 1);
    near(image, [1, 1, 0.7, 2, 2, 2, 2.1, 3, 3], 1e-6);
  });
});

describe('recolouring a batch', () => {
  const all: Recolouring = { saturation: 0.5, hue: 30, randAugment: { operations: 3, magnitude: 0.5 } };

  it('gives the same for the same numbers, others for others, and another one for every image', () => {
    const draw = (seed: number): Float32Array => {
      const batch = images(1);
      const twice = Float32Array.from([...batch, ...batch]);
      recolourImages(twice, SHAPE, all, undefined, randomStream(seed, 'a'));
      return twice;
    };
    assert.deepEqual(draw(1), draw(1));
    assert.notDeepEqual(draw(1), draw(2));
    assert.notDeepEqual(draw(1).slice(0, 192), draw(1).slice(192));
    assert.ok(draw(1).every((value) => value >= 0 && value <= 1));
  });

  it('does to normalised images what it does to others', () => {
    const statistics = NORMALIZATION_PRESETS.imagenet;
    for (let seed = 0; seed < 20; seed++) {
      const plain = images(2);
      const channel = (index: number): number => Math.floor(index / PLANE) % 3;
      const normalized = plain.map(
        (value, index) => (value - statistics.mean[channel(index)]!) / statistics.std[channel(index)]!,
      );
      // Without posterize and solarize, where rounding may fall on the other side of a step.
      const changes = { saturation: 0.5, hue: 30 };
      recolourImages(plain, SHAPE, changes, undefined, randomStream(seed, 'b'));
      recolourImages(normalized, SHAPE, changes, statistics, randomStream(seed, 'b'));
      const back = normalized.map(
        (value, index) => value * statistics.std[channel(index)]! + statistics.mean[channel(index)]!,
      );
      near(back, plain, 1e-5);
    }
  });

  it('leaves a batch alone that nothing is asked for', () => {
    const batch = images(1);
    recolourImages(batch, SHAPE, {}, NORMALIZATION_PRESETS.imagenet, randomStream(0, 'c'));
    assert.deepEqual(batch, images(1));
  });
});
