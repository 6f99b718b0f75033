import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Dataset, DatasetOptions, OpenContext } from '../../../../../../src/data/dataset.ts';
import type { Split } from '../../../../../../src/data/samples/split.ts';
import type { Finding } from '../../../../../../src/data/findings/finding.ts';
import { openDataset } from '../../../../../../src/data/openDataset.ts';
import { randomStream } from '../../../../../../src/data/random.ts';
import { DistilleryError } from '../../../../../../src/errors.ts';
import { digestSplit } from '../../../../../../src/teacher/cache/digestSplit.ts';
import {
  assertProblems,
  datasetOptions,
  labelsOf,
  readSamples,
  removeFolder,
  temporaryFolder,
} from '../../../../../support/datasets.ts';
import { writeImageFolder } from '../../../../../support/imageFolder.ts';
import { decodingThreads } from '../../../../../../src/data/formats/images/streaming/decodingWorkers.ts';
import { WorkerCount } from '../../../../../support/workers.ts';

const SIZE = 16;
const SAMPLE = 3 * SIZE * SIZE;
/** Of 160 images fewer than half fit. */
const MEMORY = 64 * SAMPLE;

describe('images that are decoded when they are read', () => {
  let folder: string;
  let workers: WorkerCount;
  const opened: Dataset[] = [];
  beforeEach(async () => {
    folder = temporaryFolder();
    workers = new WorkerCount();
    await writeImageFolder(folder, { perClass: 80, size: SIZE });
  });
  afterEach(async () => {
    for (const dataset of opened.splice(0)) await dataset.dispose();
    workers.stop();
    removeFolder(folder);
    assert.equal(workers.alive, 0, 'threads are left');
  });

  const open = async (context: Partial<OpenContext> = {}, options: Partial<DatasetOptions> = {}): Promise<Dataset> => {
    const dataset = await openDataset(datasetOptions(folder, options), { baseDirectory: '/', seed: 0, ...context });
    opened.push(dataset);
    return dataset;
  };
  const openStreamed = async (options: Partial<DatasetOptions> = {}): Promise<Dataset> => {
    const dataset = await open({ memory: MEMORY }, options);
    assert.ok(dataset.training.stream, 'the images are in memory');
    return dataset;
  };
  const everything = (split: Split): Promise<Float32Array> =>
    readSamples(
      split,
      Array.from({ length: split.count }, (_, index) => index),
      SAMPLE,
    );

  const throughout = async ({ training, validation, test }: Dataset): Promise<void> => {
    for (const split of [training, validation, test]) await everything(split);
  };

  it('are the very images that are decoded at once when there are few', async () => {
    const asked = { normalization: 'imagenet', limit: 90 } as const;
    const [streamed, held] = [await openStreamed(asked), await open({}, asked)];
    assert.equal(held.training.stream, undefined);
    for (const name of ['training', 'validation', 'test'] as const) {
      assert.deepEqual(labelsOf(streamed[name]), labelsOf(held[name]));
      assert.deepEqual(await everything(streamed[name]), await everything(held[name]));
    }
    assert.deepEqual(streamed.sampleShape, held.sampleShape);
    assert.deepEqual(streamed.preparation, held.preparation);
    assert.equal(workers.started, decodingThreads);
  });

  it('do not depend on what was announced, nor on the order or number of readings', async () => {
    const { training } = await openStreamed();
    const expected = await everything((await open()).training);
    const random = randomStream(0, 'order');
    const order = random.shuffle(Array.from({ length: training.count }, (_, index) => index));
    const announcements = [order, order.toReversed(), [...order, ...order], order.slice(0, 3), []];
    for (const announced of announcements) {
      training.stream!.announce(announced);
      // One batch is larger than what is decoded ahead, and has samples twice.
      for (const batch of [order.slice(0, 5), [...order, ...order.slice(5, 50)], [order[0]!, order[0]!]]) {
        const values = await readSamples(training, batch, SAMPLE);
        batch.forEach((index, row) => {
          const [got, wanted] = [values.subarray(row * SAMPLE, (row + 1) * SAMPLE), expected.subarray(index * SAMPLE)];
          assert.deepEqual(got, wanted.subarray(0, SAMPLE), `sample ${index}`);
        });
      }
    }
    const both = await Promise.all([everything(training), everything(training)]);
    for (const values of both) assert.deepEqual(values, expected);
  });

  it('are replaced by the next of their class and split where they are corrupt, and that is told', async () => {
    const whole = await open({});
    const corrupt = ['a/0003.png', 'a/0004.png', 'a/0041.png', 'b/0079.png'];
    for (const name of corrupt) writeFileSync(join(folder, name), 'no image');
    const readings: Float32Array[][] = [];
    for (const backwards of [false, true]) {
      const dataset = await openStreamed();
      const found: Finding[] = [];
      const splits = [dataset.training, dataset.validation, dataset.test];
      if (backwards)
        for (const split of splits) for (let at = split.count; at-- > 0;) await readSamples(split, [at], SAMPLE);
      dataset.lateFindings!.watch((finding) => found.push(finding));
      readings.push(await Promise.all(splits.map(everything)));
      assert.equal(found.length, corrupt.length);
      for (const name of corrupt) {
        const message = found.find((each) => each.message.includes(join(name)))?.message;
        assert.match(message ?? '', /cannot be decoded: .*The next of the same class stands in for it/);
      }
    }
    assert.deepEqual(readings[0], readings[1]);
    let replaced = 0;
    for (const [number, split] of [whole.training, whole.validation, whole.test].entries()) {
      const [before, after] = [await everything(split), readings[0]![number]!];
      const labels = labelsOf(split);
      const rowOf = (values: Float32Array, index: number) => values.slice(index * SAMPLE, (index + 1) * SAMPLE);
      for (let index = 0; index < split.count; index++) {
        if (Buffer.from(rowOf(before, index).buffer).equals(Buffer.from(rowOf(after, index).buffer))) continue;
        replaced++;
        const standIn = Array.from({ length: split.count }, (_, other) => other).find((other) =>
          Buffer.from(rowOf(before, other).buffer).equals(Buffer.from(rowOf(after, index).buffer)),
        );
        assert.equal(labels[standIn!], labels[index], 'one of its class stands in for it');
      }
    }
    assert.equal(replaced, corrupt.length);
  });

  it('are refused by name where they are corrupt and that was asked for, missing, or of another size', async () => {
    const strict = await openStreamed({ strict: true });
    const missing = await openStreamed();
    writeFileSync(join(folder, 'a/0007.png'), 'no image');
    await assertProblems(throughout(strict), [/The image a.0007.png cannot be decoded/]);
    rmSync(join(folder, 'b/0009.png'));
    await assertProblems(throughout(missing), [/The image b.0009.png cannot be decoded: there is no such file/]);
    const other = await sharp({ create: { width: 9, height: 5, channels: 3, background: '#123456' } })
      .png()
      .toBuffer();
    writeFileSync(join(folder, 'b/0009.png'), other);
    const sized = await openStreamed();
    await assertProblems(throughout(sized), [/The image b.0009.png is 9×5 pixels, but others are 16×16/]);
    // What was refused leaves the others as they are.
    assert.equal((await readSamples(sized.training, [0], SAMPLE)).length, SAMPLE);
  });

  it('are refused when most are corrupt', async () => {
    const dataset = await openStreamed();
    for (let index = 0; index < 80; index++) {
      for (const name of ['a', 'b']) writeFileSync(join(folder, name, `${String(index).padStart(4, '0')}.png`), 'no');
    }
    await assert.rejects(
      everything(dataset.training),
      (error) => error instanceof DistilleryError && error.code === 'BAD_INPUT',
    );
  });

  it('are known by their files to the cache of outputs, without being decoded', async () => {
    const digest = async (options: Partial<DatasetOptions> = {}): Promise<string> => {
      const { training, sampleShape } = await openStreamed(options);
      return digestSplit(training, sampleShape, new AbortController().signal);
    };
    const first = await digest();
    assert.equal(await digest(), first);
    assert.notEqual(await digest({ normalization: 'imagenet' }), first);
    assert.notEqual(await digest({ limit: 20 }), first);
    assert.notEqual(await digest({ resize: [16, 16], fit: 'stretch' }), first);
    for (let index = 0; index < 80; index++) {
      const changed = await sharp({ create: { width: 16, height: 16, channels: 3, background: '#123456' } })
        .png()
        .toBuffer();
      writeFileSync(join(folder, 'a', `${String(index).padStart(4, '0')}.png`), changed);
    }
    assert.notEqual(await digest(), first);
    assert.equal(workers.started, 0);
  });

  it('end their thread when the dataset is closed in the middle of a reading', async () => {
    const dataset = await openStreamed();
    dataset.training.stream!.announce(Int32Array.from({ length: dataset.training.count }, (_, index) => index));
    await readSamples(dataset.training, [0], SAMPLE);
    const reading = assert.rejects(
      everything(dataset.training),
      (error) => error instanceof DistilleryError && error.code === 'CANCELLED',
    );
    assert.equal(workers.alive, decodingThreads);
    await dataset.dispose();
    await reading;
    assert.equal(workers.alive, 0);
    await assert.rejects(everything(dataset.training), /closed/);
  });
});
