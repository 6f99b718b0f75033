import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { randomStream } from '../../../../src/data/random.ts';
import { readOutputs, writeOutputs, type OutputsDescription } from '../../../../src/teacher/cache/outputsFile.ts';
import { RowFile } from '../../../../src/teacher/cache/rowFile.ts';
import { removeFolder, temporaryFolder } from '../../../support/datasets.ts';

const COUNT = 101;

describe('RowFile', () => {
  const random = randomStream(0, 'rows');
  const logits = Float32Array.from({ length: COUNT * 3 }, () => random.uniform());
  const classes = Float32Array.from({ length: COUNT }, (_, row) => 4097 + row);
  const outputs = new Map([
    ['logits', logits],
    ['classes', classes],
  ]);
  const description = (precision: OutputsDescription['precision']): OutputsDescription => ({
    teacher: 'teacher.onnx',
    dataset: 'data',
    split: 'training',
    view: 2,
    count: COUNT,
    precision,
    created: '2026-01-01T00:00:00.000Z',
  });
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => {
    removeFolder(folder);
  });
  const rowsAt = (indices: Int32Array): Map<string, Float32Array> =>
    new Map(
      [...outputs].map(([name, table]) => {
        const width = table.length / COUNT;
        return [
          name,
          Float32Array.from([...indices].flatMap((row) => [...table.slice(row * width, (row + 1) * width)])),
        ];
      }),
    );
  const widths = new Map([
    ['logits', { width: 3, isRounded: true }],
    ['classes', { width: 1, isRounded: false }],
  ]);

  for (const precision of ['float32', 'float16'] as const) {
    it(`writes, in any order, the very file that is written as a whole, in ${precision}`, async () => {
      const path = join(folder, 'rows.safetensors');
      const isRounded = precision === 'float16';
      const file = await RowFile.create(
        path,
        new Map([...widths].map(([name, each]) => [name, { ...each, isRounded: isRounded && each.isRounded }])),
        description(precision),
      );
      const order = random.shuffle(Int32Array.from({ length: COUNT }, (_, row) => row));
      for (let start = 0; start < COUNT; start += 10) {
        assert.ok(!existsSync(path), 'it is not there before it is whole');
        const indices = order.slice(start, start + 10);
        await file.write(indices, rowsAt(indices));
      }
      const bytes = await file.finish();
      const whole = join(folder, 'whole.safetensors');
      assert.equal(await writeOutputs(whole, outputs, description(precision), ['classes']), bytes);
      assert.deepEqual(readFileSync(path), readFileSync(whole));
      const expected = await readOutputs(whole);
      const some = Int32Array.of(7, 8, 9, 3, 3, 100);
      const read = await file.read(some);
      assert.deepEqual(read.get('classes'), rowsAt(some).get('classes'));
      assert.deepEqual([...(read.get('logits') ?? [])].slice(0, 3), [...(expected.get('logits') ?? [])].slice(21, 24));
      await file.dispose();
      assert.deepEqual(readdirSync(folder).sort(), ['rows.safetensors', 'whole.safetensors']);
    });
  }

  it('gives the rows that are asked for, whatever was announced', async () => {
    const path = join(folder, 'rows.safetensors');
    await writeOutputs(path, outputs, description('float32'));
    const file = await RowFile.open(path);
    const order = random.shuffle(Int32Array.from({ length: COUNT }, (_, row) => row));
    file.announce(order);
    for (let start = 0; start + 8 <= COUNT; start += 8) {
      // Every third time something else is wanted than was announced.
      const indices = start % 24 === 16 ? Int32Array.of(start, 0, 5, 5) : order.slice(start, start + 8);
      assert.deepEqual(await file.read(indices), rowsAt(indices), `from ${start}`);
    }
    await file.dispose();
  });

  it('leaves nothing behind when it is not finished, and refuses what is damaged', async () => {
    const path = join(folder, 'rows.safetensors');
    const file = await RowFile.create(path, widths, description('float16'));
    await file.write([0, 1], rowsAt(Int32Array.of(0, 1)));
    await file.dispose();
    assert.deepEqual(readdirSync(folder), []);

    await writeOutputs(path, outputs, description('float32'));
    const content = readFileSync(path);
    content[content.length - 5] = (content[content.length - 5] ?? 0) ^ 1;
    writeFileSync(path, content);
    await assert.rejects(RowFile.open(path), { code: 'BAD_FILE' });
    writeFileSync(path, content.subarray(0, -8));
    await assert.rejects(RowFile.open(path), { code: 'BAD_FILE' });
  });

  it('takes no more memory than the rows that are asked for', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const held = (): number => {
      collectGarbage();
      return process.memoryUsage().arrayBuffers;
    };
    const [count, width, batch] = [512, 2 ** 15, 16];
    const before = held();
    let most = 0;
    const wide = new Map([['features', { width, isRounded: false }]]);
    const file = await RowFile.create(join(folder, 'wide'), wide, { ...description('float32'), count });
    const order = random.shuffle(Int32Array.from({ length: count }, (_, row) => row));
    for (let start = 0; start < count; start += batch) {
      const indices = order.slice(start, start + batch);
      const rows = new Float32Array(batch * width);
      indices.forEach((index, row) => rows.fill(index, row * width, (row + 1) * width));
      await file.write(indices, new Map([['features', rows]]));
      // Collecting garbage takes its time.
      if ((start / batch) % 8 === 7) most = Math.max(most, held());
    }
    assert.ok((await file.finish()) > count * width * 4);
    file.announce(order);
    for (let start = 0; start < count; start += batch) {
      const indices = order.slice(start, start + batch);
      const rows = (await file.read(indices)).get('features');
      indices.forEach((index, row) => {
        assert.equal(rows?.[row * width], index);
        assert.equal(rows[(row + 1) * width - 1], index);
      });
      if ((start / batch) % 8 === 7) most = Math.max(most, held());
    }
    await file.dispose();
    // A batch is 2 MB, the file 64 MB. Where the machine is busy, several batches wait to be written or collected.
    assert.ok(most - before < 32e6, `${most - before} bytes`);
  });
});
