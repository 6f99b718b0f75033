import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { framedRecord } from '../../../../../src/platform/framedRecord.ts';
import { assertProblems } from '../../../../support/datasets.ts';
import { bmpFile } from '../../../../support/datasets.ts';
import { dataFolder, toldOf } from '../../../../support/dataFolder.ts';

type Value = string | Uint8Array | { readonly floats: readonly number[] } | { readonly integers: readonly number[] };

/** A `tf.train.Example`. @param isPacked whether numbers are packed, as new writers do */
function example(features: Readonly<Record<string, Value>>, isPacked = true): Uint8Array {
  const map = new BinaryWriter();
  for (const [name, value] of Object.entries(features)) {
    const feature = new BinaryWriter();
    const list = new BinaryWriter();
    if (typeof value === 'string' || value instanceof Uint8Array) {
      list.tag(1, WireType.LengthDelimited).bytes(typeof value === 'string' ? Buffer.from(value) : value);
      feature.tag(1, WireType.LengthDelimited).bytes(list.finish());
    } else {
      const isFloat = 'floats' in value;
      const numbers = isFloat ? value.floats : value.integers;
      const put = (writer: BinaryWriter, number: number): unknown =>
        isFloat ? writer.float(number) : writer.int64(number);
      if (isPacked) {
        const packed = new BinaryWriter();
        for (const number of numbers) put(packed, number);
        list.tag(1, WireType.LengthDelimited).bytes(packed.finish());
      } else {
        for (const number of numbers) put(list.tag(1, isFloat ? WireType.Bit32 : WireType.Varint), number);
      }
      feature.tag(isFloat ? 2 : 3, WireType.LengthDelimited).bytes(list.finish());
    }
    const entry = new BinaryWriter().tag(1, WireType.LengthDelimited).string(name);
    map.tag(1, WireType.LengthDelimited).bytes(entry.tag(2, WireType.LengthDelimited).bytes(feature.finish()).finish());
  }
  return new BinaryWriter().tag(1, WireType.LengthDelimited).bytes(map.finish()).finish();
}

describe('TFRecords', () => {
  const data = dataFolder('test');
  const { open } = data;
  const write = (name: string, examples: readonly Uint8Array[]): void => {
    writeFileSync(join(data.folder, name), Buffer.concat(examples.map(framedRecord)));
  };
  const row = (index: number, isPacked: boolean): Uint8Array =>
    example(
      {
        x: { floats: [index / 7] },
        pair: { floats: [index % 3, 0.5] },
        count: { integers: [-(index % 5)] },
        place: index % 2 === 0 ? 'north' : 'south',
        label: { integers: [index % 2] },
        blob: Buffer.from([0, 200, index]),
      },
      isPacked,
    );

  it('are tables of numbers and texts, packed or not', async () => {
    for (const isPacked of [true, false]) {
      write(
        'rows.tfrecord',
        Array.from({ length: 60 }, (_, index) => row(index, isPacked)),
      );
      const dataset = await open('rows.tfrecord');
      assert.deepEqual(dataset.task, { kind: 'classification', classes: ['0', '1'] });
      const columns = dataset.preparation.kind === 'table' ? dataset.preparation.columns : [];
      assert.deepEqual(columns.map(({ name }) => name).sort(), ['count', 'pair[0]', 'place', 'x']);
      assert.match(toldOf(dataset), /'blob' of rows.tfrecord holds bytes that are neither text nor an image/);
    }
  });

  it('are images, in several files with those of the test by their names', async () => {
    const image = (index: number): Uint8Array =>
      example({
        'image/encoded': bmpFile({ width: 1, height: 1, bits: 24, rows: [index, index, index, 0] }),
        'image/class/label': { integers: [index % 3] },
        'image/filename': `${index}.bmp`,
      });
    for (const part of [0, 1]) {
      const name = `pets-train.tfrecord-0000${part}-of-00002`;
      write(
        name,
        Array.from({ length: 20 }, (_, index) => image(20 * part + index)),
      );
    }
    write(
      'pets-test.tfrecord-00000-of-00001',
      Array.from({ length: 6 }, (_, index) => image(100 + index)),
    );
    const dataset = await open();
    assert.equal(dataset.format, 'TFRecord of images');
    assert.deepEqual(dataset.sampleShape, [1, 1, 1]);
    assert.deepEqual([dataset.training.count + dataset.validation.count, dataset.test.count], [40, 6]);
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['0', '1', '2'] });
  });

  it('are refused by the number of the record that is damaged', async () => {
    const whole = Buffer.concat(Array.from({ length: 5 }, (_, index) => framedRecord(row(index, true))));
    const length = whole.length / 5;
    const cases = [
      [whole.subarray(0, whole.length - 3), /Record 5 of x.tfrecord is cut off/],
      [Buffer.concat([whole, Buffer.from([1, 2])]), /Record 6 of x.tfrecord is cut off/],
    ] as const;
    for (const [content, message] of cases) {
      writeFileSync(join(data.folder, 'x.tfrecord'), content);
      await assertProblems(open('x.tfrecord'), [message]);
    }
    for (const [place, message] of [
      [Math.floor(2 * length) + 2, /Record 3 of x.tfrecord has a length that its checksum does not fit/],
      [Math.floor(2 * length) + 20, /Record 3 of x.tfrecord has data that their checksum does not fit/],
    ] as const) {
      const damaged = Buffer.from(whole);
      damaged[place] = (damaged[place] ?? 0) ^ 0xff;
      writeFileSync(join(data.folder, 'x.tfrecord'), damaged);
      await assertProblems(open('x.tfrecord'), [message]);
    }
    write('x.tfrecord', [Buffer.from('no example')]);
    await assertProblems(open('x.tfrecord'), [/Record 1 of x.tfrecord is no example of features/]);
    const sequence = new BinaryWriter().tag(2, WireType.LengthDelimited).bytes(new Uint8Array()).finish();
    write('x.tfrecord', [sequence]);
    await assertProblems(open('x.tfrecord'), [/Record 1 of x.tfrecord is a SequenceExample/]);
    writeFileSync(join(data.folder, 'x.tfrecord'), 'a,b\n1,2\n');
    await assertProblems(open('x.tfrecord'), [/does not begin as one/]);
  });
});
