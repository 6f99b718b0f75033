import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { gunzipInto } from '../../../../../src/data/formats/images/gunzip.ts';
import { readIdx } from '../../../../../src/data/formats/images/idx.ts';
import { allocateSamples } from '../../../../../src/data/memory.ts';
import { randomStream, type Random } from '../../../../../src/data/random.ts';
import { BadInputError } from '../../../../../src/errors.ts';
import { assertProblems, idxFile, removeFolder, temporaryFolder } from '../../../../support/datasets.ts';
import { requireShared } from '../../../../support/shared.ts';

describe('IDX file', () => {
  let folder: string;
  before(() => {
    folder = temporaryFolder();
  });
  after(() => {
    removeFolder(folder);
  });

  const write = (content: Uint8Array, name = 'file'): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  const whole = idxFile([2, 2, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);

  it('is read, gzipped or not', async () => {
    for (const content of [whole, gzipSync(whole)]) {
      const { dimensions, bytes } = await readIdx(write(content));
      assert.deepEqual(dimensions, [2, 2, 3]);
      assert.deepEqual([...bytes], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    }
  });

  it('is refused when it is shorter or longer than its header says', async () => {
    const longer = Buffer.concat([whole, Buffer.from([0])]);
    for (const [content, message] of [
      [whole.subarray(0, 20), /file is too short: its header \(2 × 2 × 3\) announces 28 bytes, 20 found/],
      [gzipSync(whole.subarray(0, 20)), /too short: .* announces 28 bytes, 20 found/],
      [longer, /too long: .* announces 28 bytes, 29 found/],
      [gzipSync(longer), /too long: .* announces 28 bytes, more found/],
      [whole.subarray(0, 9), /ends within its header: 16 bytes were expected, 9 found/],
      [whole.subarray(0, 3), /ends within its header: it has 3 bytes/],
      [new Uint8Array(), /ends within its header: it has 0 bytes/],
    ] as const) {
      await assertProblems(readIdx(write(content)), [message]);
    }
  });

  it('is refused when it is not IDX, or IDX of something else', async () => {
    const changed = (position: number, value: number): Buffer => {
      const copy = Buffer.from(whole);
      copy[position] = value;
      return copy;
    };
    for (const [content, message] of [
      [Buffer.from('hello world, this is text'), /is not an IDX file: it begins with 68 65 6c 6c/],
      [changed(2, 0x07), /is not an IDX file/],
      [changed(3, 0), /is not an IDX file/],
      [changed(2, 0x0d), /holds 32-bit floats/],
      [changed(3, 4), /has 4 dimensions/],
      [changed(7, 0), /is empty: its dimensions are 0 × 2 × 3/],
    ] as const) {
      await assertProblems(readIdx(write(content)), [message]);
      await assertProblems(readIdx(write(gzipSync(content))), [message]);
    }
  });

  it('is refused when its gzip data is truncated or garbled, with the bytes that came out', async () => {
    const values = new Uint8Array(5000);
    const random = randomStream(0, 'values');
    for (let index = 0; index < values.length; index++) values[index] = random.integer(256);
    const compressed = gzipSync(idxFile([5000], values));
    await assertProblems(readIdx(write(compressed.subarray(0, 2000))), [
      /The gzip data of file is damaged \(unexpected end of file\): \d{4} of 5008 bytes came out/,
    ]);
    // Only the checksum at the end is missing or wrong.
    await assertProblems(readIdx(write(compressed.subarray(0, -6))), [/unexpected end of file\): 5008 of 5008/]);
    const wrongSum = Buffer.from(compressed);
    wrongSum[wrongSum.length - 8]! ^= 1;
    await assertProblems(readIdx(write(wrongSum)), [/damaged \(incorrect data check\)/]);
    await assertProblems(readIdx(write(compressed.subarray(0, 12))), [/damaged .*: 0 bytes came out/]);
  });

  it('is refused when it cannot be read', async () => {
    await assertProblems(readIdx(join(folder, 'absent')), [/absent cannot be read: ENOENT/]);
    await assertProblems(readIdx(folder), [/cannot be read: EISDIR/]);
  });

  it('takes no memory for a header that promises more than the file can hold', async () => {
    const boast = gzipSync(idxFile([0xffff_ffff, 0xffff, 0xffff], [1, 2, 3]));
    await assertProblems(readIdx(write(boast)), [/announces \d{20} bytes, but its \d+ compressed bytes cannot hold/]);
    assert.throws(() => allocateSamples(2 ** 50), BadInputError);
  });

  it('is decompressed no further than its header says', async () => {
    // 4 GiB of zeros once decompressed, in 4 MiB.
    const member = gzipSync(new Uint8Array(2 ** 24));
    const bomb = Buffer.concat([gzipSync(idxFile([10, 28, 28], [])), ...new Array<Buffer>(256).fill(member)]);
    const start = performance.now();
    await assertProblems(readIdx(write(bomb)), [/too long: .* announces 7856 bytes, more found/]);
    assert.ok(performance.now() - start < 3000);
    assert.deepEqual(await gunzipInto(bomb, new Uint8Array(100)), { length: 100, more: true, damage: undefined });
  });

  it('survives mutations of real files', async function () {
    const images = gunzipSync(readFileSync(requireShared(this, 'data/mnist/t10k-images-idx3-ubyte.gz')));
    const labels = gunzipSync(readFileSync(requireShared(this, 'data/mnist/t10k-labels-idx1-ubyte.gz')));
    const originals = [
      idxFile([12, 28, 28], images.subarray(16, 16 + 12 * 784)),
      idxFile([300], labels.subarray(8, 308)),
    ].flatMap((file) => [file, gzipSync(file)]);
    const random = randomStream(2024, 'mutations');
    const outcomes = { read: 0, refused: 0 };
    for (let round = 0; round < 400; round++) {
      const path = write(mutated(originals[round % originals.length]!, random));
      try {
        const { dimensions, bytes } = await readIdx(path);
        assert.equal(
          bytes.length,
          dimensions.reduce((product, dimension) => product * dimension, 1),
        );
        outcomes.read++;
      } catch (error) {
        assert.ok(error instanceof BadInputError, String(error));
        for (const { where, message } of error.problems) {
          assert.equal(where, 'dataset.path');
          assert.match(message, /\bfile\b/);
        }
        outcomes.refused++;
      }
    }
    assert.ok(outcomes.read > 20 && outcomes.refused > 200, JSON.stringify(outcomes));
  });
});

/** A copy that was cut, had bytes changed (often in its header), a piece removed, or a piece doubled. */
function mutated(original: Uint8Array, random: Random): Uint8Array {
  const copy = Buffer.from(original);
  const at = random.integer(copy.length);
  switch (random.integer(5)) {
    case 0:
      return copy.subarray(0, at);
    case 1:
      copy[at] = random.integer(256);
      return copy;
    case 2:
      for (let change = 0; change < 3; change++) copy[random.integer(20)] = random.integer(256);
      return copy;
    case 3:
      return Buffer.concat([copy.subarray(0, at), copy.subarray(at + random.integer(50))]);
    default:
      return Buffer.concat([copy.subarray(0, at), copy.subarray(Math.max(0, at - random.integer(50)))]);
  }
}
