import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { classesOf } from '../../../../../src/data/task.ts';
import type { OpenContext } from '../../../../../src/data/dataset.ts';
import { imageFolders } from '../../../../../src/data/formats/images/imageFolders.ts';
import { locate } from '../../../../../src/data/location.ts';
import type { Source } from '../../../../../src/data/source.ts';
import { DistilleryError } from '../../../../../src/errors.ts';
import {
  assertProblems,
  bmpFile,
  datasetOptions,
  problemsOf,
  readSamples,
  removeFolder,
  temporaryFolder,
  labelsOf,
} from '../../../../support/datasets.ts';
import { requireShared } from '../../../../support/shared.ts';
import { fullOr, tellShortened } from '../../../../support/full.ts';

async function open(path: string, context: Partial<OpenContext> = {}): Promise<Source> {
  const location = await locate(path, '/');
  assert.ok(imageFolders.recognises(location), 'image folders were not recognised');
  return imageFolders.open(location, { baseDirectory: '/', seed: 0, ...context }, datasetOptions(path));
}

describe('image folders', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => {
    removeFolder(folder);
  });

  const write = (name: string, content: Uint8Array | string): void => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  };
  /** A plain image of one colour, in the format of the name's extension. */
  const writeImage = async (name: string, colour: readonly [number, number, number], width = 4, height = 3) => {
    const [r, g, b] = colour;
    const image = sharp({ create: { width, height, channels: 3, background: { r, g, b } } });
    const format = name.split('.').at(-1) as 'png' | 'jpeg' | 'webp' | 'gif' | 'tiff';
    write(name, await image.toFormat(format, { lossless: true }).toBuffer());
  };
  const writeGrey = (name: string, level: number) => writeImage(name, [level, level, level]);

  it('give every format its pixels, classes in the order of their names', async () => {
    await writeImage('zebra/1.png', [10, 20, 30]);
    await writeImage('zebra/2.webp', [10, 20, 30]);
    await writeImage('Ant/3.tiff', [200, 100, 50]);
    await writeImage('Ant/4.gif', [255, 0, 255]);
    const row = [7, 8, 9, 7, 8, 9, 7, 8, 9, 7, 8, 9];
    write('mouse/5.BMP', bmpFile({ width: 4, height: 3, bits: 24, rows: [...row, ...row, ...row] }));
    await writeImage('mouse/6.jpeg', [128, 128, 128]);
    write('mouse/notes.txt', 'not an image');
    write('mouse/.hidden.png', 'not an image');
    const source = await open(folder);
    assert.equal(source.format, 'image folders');
    assert.deepEqual(classesOf(source.task), ['Ant', 'mouse', 'zebra']);
    assert.deepEqual(source.sampleShape, [3, 3, 4]);
    assert.deepEqual([...labelsOf(source.training)], [0, 0, 1, 1, 2, 2]);
    const values = await readSamples(source.training, [0, 1, 2, 3, 4, 5], 36);
    const colours = [
      [200, 100, 50],
      [255, 0, 255],
      [9, 8, 7],
      [128, 128, 128],
      [10, 20, 30],
      [10, 20, 30],
    ];
    const expected = colours.flatMap((colour) => colour.flatMap((level) => new Array<number>(12).fill(level / 255)));
    assert.deepEqual(values, Float32Array.from(expected));
  });

  it('keep pixels in place, channel by channel', async () => {
    const pixels = Uint8Array.from({ length: 2 * 3 * 3 }, (_, index) => index * 10);
    const png = await sharp(pixels, { raw: { width: 3, height: 2, channels: 3 } })
      .png()
      .toBuffer();
    write('a/1.png', png);
    write('b/1.png', png);
    const source = await open(folder);
    assert.deepEqual(source.sampleShape, [3, 2, 3]);
    const channelFirst = [0, 1, 2].flatMap((channel) =>
      [0, 1, 2, 3, 4, 5].map((pixel) => pixels[3 * pixel + channel]!),
    );
    assert.deepEqual(
      await readSamples(source.training, [1], 18),
      Float32Array.from(channelFirst, (byte) => byte / 255),
    );
  });

  it('are brought to one size: cropped around the middle, or stretched', async () => {
    const thirds = (height: number) => {
      const row = [0, 1, 2].flatMap((channel) =>
        [0, 1, 2, 3].flatMap(() => [0, 1, 2].map((each) => (each === channel ? 255 : 0))),
      );
      return sharp(Uint8Array.from(new Array(height).fill(row).flat() as number[]), {
        raw: { width: 12, height, channels: 3 },
      });
    };
    write('a/wide.png', await thirds(4).png().toBuffer());
    write('b/higher.png', await thirds(8).png().toBuffer());
    const plain = Array.from({ length: 3 }, () => [9, 8, 7]).flat();
    write('b/plain.bmp', bmpFile({ width: 3, height: 1, bits: 24, rows: [...plain, 0, 0, 0] }));
    /** Levels of the pixel at `column` of the first row, red, green and blue. */
    const pixel = (values: Float32Array, image: number, column: number): number[] =>
      [0, 1, 2].map((channel) => Math.round((values[image * 48 + channel * 16 + column] ?? 0) * 255));

    const cropped = await open(folder, { resize: { height: 4, width: 4, fit: 'cover' } });
    assert.deepEqual(cropped.sampleShape, [3, 4, 4]);
    const middle = await readSamples(cropped.training, [0, 1, 2], 48);
    for (const column of [0, 1, 2, 3]) assert.deepEqual(pixel(middle, 0, column), [0, 255, 0]);
    assert.deepEqual(pixel(middle, 2, 3), [7, 8, 9]);

    const stretched = await open(folder, { resize: { height: 4, width: 4, fit: 'stretch' } });
    const all = await readSamples(stretched.training, [0, 1], 48);
    for (const image of [0, 1]) {
      const [red, blue] = [pixel(all, image, 0)[0]!, pixel(all, image, 3)[2]!];
      assert.ok(red > 200 && blue > 200, `red ${red} on the left, blue ${blue} on the right`);
    }
  });

  it('are grey when all are, and in colour when one is', async () => {
    await writeGrey('a/1.png', 10);
    await writeGrey('a/2.jpeg', 20);
    await writeGrey('b/1.webp', 30);
    const grey = await open(folder);
    assert.deepEqual(grey.sampleShape, [1, 3, 4]);
    assert.deepEqual(
      (await readSamples(grey.training, [0, 1, 2], 12)).map((value) => Math.round(value * 255)),
      Float32Array.from([10, 20, 30].flatMap((level) => new Array<number>(12).fill(level))),
    );
    await writeImage('b/2.png', [1, 2, 3]);
    const colour = await open(folder);
    assert.deepEqual(colour.sampleShape, [3, 3, 4]);
    assert.deepEqual(
      (await readSamples(colour.training, [0, 3], 36)).map((value) => Math.round(value * 255)),
      Float32Array.from([
        ...new Array<number>(36).fill(10),
        ...[1, 2, 3].flatMap((level) => new Array<number>(12).fill(level)),
      ]),
    );
  });

  it('ignore opacity, and read 16 bits, palettes and colour spaces as 8 bits of red, green and blue', async () => {
    const raw = { width: 1, height: 1, channels: 4 } as const;
    write(
      'a/1.png',
      await sharp(Uint8Array.of(10, 20, 30, 40), { raw })
        .png()
        .toBuffer(),
    );
    write(
      'a/2.png',
      await sharp(Uint8Array.of(10, 20, 30, 255), { raw })
        .png({ palette: true })
        .toBuffer(),
    );
    const deep = sharp(Uint16Array.of(0x0a0a, 0x1414, 0x1e1e), { raw: { width: 1, height: 1, channels: 3 } });
    write('b/1.png', await deep.toColourspace('rgb16').png().toBuffer());
    assert.equal((await sharp(join(folder, 'b/1.png')).metadata()).depth, 'ushort');
    const source = await open(folder);
    const values = await readSamples(source.training, [0, 1, 2], 3);
    assert.deepEqual(
      values.map((value) => Math.round(value * 255)),
      Float32Array.of(10, 20, 30, 10, 20, 30, 10, 20, 30),
    );
  });

  it('have the splits that lie on top', async () => {
    for (const [split, count] of [
      ['Train', 3],
      ['val', 2],
      ['test', 1],
    ] as const) {
      for (const name of ['cat', 'dog']) {
        for (let index = 0; index < count; index++) await writeGrey(`${split}/${name}/${index}.png`, 100 * count);
      }
    }
    const source = await open(folder);
    assert.deepEqual(classesOf(source.task), ['cat', 'dog']);
    assert.deepEqual([...labelsOf(source.training)], [0, 0, 0, 1, 1, 1]);
    assert.deepEqual([...labelsOf(source.validation!)], [0, 0, 1, 1]);
    assert.deepEqual([...labelsOf(source.test!)], [0, 1]);
    for (const [split, level] of [
      [source.training, 300 - 45],
      [source.validation!, 200],
      [source.test!, 100],
    ] as const) {
      const last = await readSamples(split, [split.count - 1], 12);
      assert.ok(last.every((value) => Math.round(value * 255) === level));
    }
  });

  it('may have a class called train', async () => {
    await writeGrey('train/1.png', 1);
    await writeGrey('plane/1.png', 2);
    assert.deepEqual(classesOf((await open(folder)).task), ['plane', 'train']);
  });

  it('follow links, and survive links in a circle', async () => {
    await writeGrey('a/1.png', 1);
    await writeGrey('b/1.png', 2);
    symlinkSync(join(folder, 'a'), join(folder, 'c'));
    symlinkSync('circle', join(folder, 'circle'));
    assert.deepEqual(classesOf((await open(folder)).task), ['a', 'b', 'c']);
    symlinkSync('circle.png', join(folder, 'b', 'circle.png'));
    await assertProblems(open(folder), [
      /The image b.circle.png cannot be decoded: it is a link that leads back to itself/,
    ]);
  });

  it('leave corrupt images out and name them, and keep every other with its label', async () => {
    for (const [name, level] of [
      ['a/1', 10],
      ['a/3', 30],
      ['b/1', 40],
      ['b/2', 50],
    ] as const) {
      await writeGrey(`${name}.png`, level);
    }
    write('a/2.png', 'hello');
    write('b/0.bmp', bmpFile({ width: 2, height: 2, bits: 24, rows: [1, 2, 3] }));
    const source = await open(folder);
    assert.deepEqual([...labelsOf(source.training)], [0, 0, 1, 1]);
    const values = await readSamples(source.training, [0, 1, 2, 3], 12);
    const levels = [0, 12, 24, 36].map((at) => Math.round((values[at] ?? 0) * 255));
    assert.deepEqual(levels, [10, 30, 40, 50]);
    assert.deepEqual(
      source.findings?.map(({ severity, message }) => [severity, message]),
      [['warning', `2 images are corrupt and were left out: ${join('a', '2.png')}, ${join('b', '0.bmp')}.`]],
    );
    await assertProblems(open(folder, { strict: true }), [
      /The image a.2.png cannot be decoded/,
      /The image b.0.bmp cannot be decoded/,
    ]);
  });

  it('are refused with the names of all corrupt images where most are', async () => {
    await writeGrey('a/fine.png', 1);
    await writeGrey('b/fine.png', 2);
    const noise = Uint8Array.from({ length: 64 * 64 }, (_, index) => (index * index) % 251);
    const jpeg = await sharp(noise, { raw: { width: 64, height: 64, channels: 1 } })
      .jpeg()
      .toBuffer();
    write('b/cut.jpeg', jpeg.subarray(0, jpeg.length / 2));
    write('a/empty.jpg', '');
    write('a/text.png', 'hello');
    write('a/cut.bmp', bmpFile({ width: 2, height: 2, bits: 24, rows: [1, 2, 3] }));
    await assertProblems(open(folder), [
      /The image b.cut.jpeg cannot be decoded: .*(premature end|its data are damaged)/,
      /The image a.empty.jpg cannot be decoded/,
      /The image a.text.png cannot be decoded/,
      /The image a.cut.bmp cannot be decoded: the file is truncated/,
    ]);
  });

  it('are refused with the names and sizes of images that differ from most', async () => {
    await writeImage('a/0.png', [1, 2, 3], 5, 3);
    for (const name of ['a/1.png', 'a/2.png', 'b/1.png']) await writeGrey(name, 5);
    await writeImage('b/2.png', [1, 2, 3], 4, 2);
    await assertProblems(open(folder), [
      /The image a.0.png is 5×3 pixels, but 3 others are 4×3/,
      /The image b.2.png is 4×2 pixels, but 3 others are 4×3/,
    ]);
  });

  it('are refused with a list of bearable length', async () => {
    for (let index = 0; index < 50; index++) write(`a/${index}.png`, 'broken');
    await writeGrey('b/1.png', 1);
    await assertProblems(open(folder), [/^50 images, a.0.png first, cannot be decoded: Input buffer contains/]);
    for (let index = 0; index < 50; index++) await writeImage(`c/${index}.png`, [1, 2, 3], 5 + index, 3);
    for (let index = 0; index < 50; index++) await writeGrey(`a/${index}.png`, 1);
    const problems = await problemsOf(open(folder));
    assert.equal(problems.length, 21);
    assert.match(problems.at(-1)!.message, /30 more images have problems like these/);
  });

  it('are refused when class folders are missing, empty or too few', async () => {
    await writeGrey('train/a/1.png', 1);
    await writeGrey('train/b/1.png', 1);
    mkdirSync(join(folder, 'train/c'));
    await writeGrey('test/a/1.png', 1);
    await writeGrey('test/extra/1.png', 1);
    await assertProblems(open(folder), [
      /The class folder train.c has no images/,
      /test lacks the class folder b that .*train has/,
      /test lacks the class folder c/,
      /test has the class folder extra that .*train lacks/,
    ]);
  });

  it('are refused with fewer than two classes', async () => {
    await writeGrey('inside/1.png', 1);
    const problems = await problemsOf(open(folder));
    assert.match(problems[0]!.message, /has only one class folder, inside/);
  });

  it('may have their classes in the names of the images, which is told', async () => {
    for (let index = 0; index < 12; index++) {
      await writeGrey(`train/${index % 2 === 0 ? 'cat' : 'dog'}.${index}.png`, index % 2 === 0 ? 10 : 200);
      await writeGrey(`test1/${index}.png`, 50);
    }
    const { task, training, test, findings = [] } = await open(folder);
    assert.deepEqual(classesOf(task), ['cat', 'dog']);
    assert.deepEqual([training.count, test], [12, undefined]);
    const values = await readSamples(training, [...Array(12).keys()], 4 * 3);
    labelsOf(training).forEach((label, index) => {
      assert.equal((values[12 * index] ?? 0) > 0.5, label === 1);
    });
    const told = findings.map(({ message }) => message).join('\n');
    assert.match(
      told,
      /the classes are what the names of the images begin with, 'cat' \(6, such as cat.0.png\), 'dog'/,
    );
    assert.match(told, /The 12 images in the folder test1 are unlabelled/);
  });

  it('are refused when the images lie beside each other', async () => {
    await writeGrey('1.png', 1);
    await writeGrey('2.png', 1);
    await assertProblems(open(folder), [/The 2 images in .* belong to no class/]);
  });

  it('tell their progress and can be cancelled', async () => {
    for (let index = 0; index < 30; index++) await writeGrey(`${index % 2}/${index}.png`, index);
    const progress: string[] = [];
    await open(folder, { onProgress: (done, total) => progress.push(`${done}/${total}`) });
    assert.equal(progress.at(-1), '30/30');
    const controller = new AbortController();
    await assert.rejects(
      open(folder, {
        signal: controller.signal,
        onProgress: (done) => {
          if (done === 5) controller.abort();
        },
      }),
      (error) => error instanceof DistilleryError && error.code === 'CANCELLED',
    );
  });

  it('read real photographs', async function () {
    execFileSync('tar', ['xf', requireShared(this, 'data/cifar10-small.tar'), '-C', folder]);
    const source = await open(join(folder, 'cifar10-small'));
    const names = 'airplane automobile bird cat deer dog frog horse ship truck';
    assert.deepEqual(classesOf(source.task), names.split(' '));
    assert.deepEqual(source.sampleShape, [3, 32, 32]);
    assert.equal(source.training.count, 5000);
    assert.equal(source.test?.count, 1000);
    tellShortened('decoding photographs: every fifth of 5,000');
    const count = fullOr(5000, 1000);
    const values = await readSamples(
      source.training,
      Array.from({ length: count }, (_, index) => (index * 5000) / count),
      3072,
    );
    // Means of all of CIFAR-10, of which this is a tenth.
    for (const [channel, mean] of [0.4914, 0.4822, 0.4465].entries()) {
      let sum = 0;
      for (let sample = 0; sample < count; sample++) {
        const start = sample * 3072 + channel * 1024;
        for (let pixel = start; pixel < start + 1024; pixel++) sum += values[pixel]!;
      }
      assert.ok(Math.abs(sum / count / 1024 - mean) < 0.015, `mean of channel ${channel}: ${sum / count / 1024}`);
    }
  });
});
