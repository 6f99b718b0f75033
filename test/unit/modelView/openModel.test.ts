import assert from 'node:assert/strict';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { create } from '@bufbuild/protobuf';
import { StringStringEntryProtoSchema, TensorProto_DataLocation } from '../../../src/onnx/onnx_pb.ts';
import { encodeModel } from '../../../src/onnx/file.ts';
import { externalSize, openModel } from '../../../src/modelView/openModel.ts';
import { readElements } from '../../../src/modelView/readElements.ts';
import { denseModel, ramp, temporaryFolder, written } from './models.ts';

describe('opening a model without its weights', () => {
  const folder = temporaryFolder();

  it('leaves long contents in the file, and finds them there', () => {
    const path = written(folder(), 'dense.onnx', denseModel());
    const model = openModel(path);
    const [weight, bias] = model.proto.graph?.initializer ?? [];
    assert.ok(weight && bias);
    const place = model.places.get(weight);
    assert.ok(place);
    assert.equal(place.length, 64 * 32 * 4);
    assert.equal(model.places.has(bias), false, 'short contents are read');
    const stretch = readFileSync(path).subarray(place.offset, place.offset + place.length);
    assert.deepEqual(new Float32Array(new Uint8Array(stretch).buffer), ramp(64 * 32));
    assert.deepEqual(Float32Array.from([...readElements(model, weight)][0] ?? []), ramp(64 * 32));
  });

  it('reads contents that are stored in fields of their type', () => {
    const proto = denseModel();
    const [weight] = proto.graph?.initializer ?? [];
    assert.ok(weight);
    weight.rawData = new Uint8Array();
    weight.floatData = [...ramp(64 * 32)];
    const model = openModel(written(folder(), 'fields.onnx', proto));
    const [read] = model.proto.graph?.initializer ?? [];
    assert.ok(read && model.places.has(read));
    assert.deepEqual(Float32Array.from([...readElements(model, read)][0] ?? []), ramp(64 * 32));
  });

  it('finds external data beside the model, and says where it is missing', () => {
    const proto = denseModel();
    const [weight] = proto.graph?.initializer ?? [];
    assert.ok(weight);
    writeFileSync(join(folder(), 'weights.bin'), Buffer.concat([Buffer.alloc(8), weight.rawData]));
    weight.rawData = new Uint8Array();
    weight.dataLocation = TensorProto_DataLocation.EXTERNAL;
    weight.externalData = [
      create(StringStringEntryProtoSchema, { key: 'location', value: 'weights.bin' }),
      create(StringStringEntryProtoSchema, { key: 'offset', value: '8' }),
    ];
    const path = written(folder(), 'external.onnx', proto);
    const model = openModel(path);
    const [read] = model.proto.graph?.initializer ?? [];
    assert.ok(read);
    assert.deepEqual(Float32Array.from([...readElements(model, read)][0] ?? []), ramp(64 * 32));
    assert.equal(externalSize(path, 'weights.bin'), 64 * 32 * 4 + 8);
    assert.equal(externalSize(path, 'missing.bin'), null);
    symlinkSync('/etc/hostname', join(folder(), 'link.bin'));
    assert.throws(() => externalSize(path, 'link.bin'), /outside of its folder/);
    assert.throws(() => externalSize(path, '../weights.bin'), /outside of its folder/);
  });

  it('refuses what is no model or is cut off, at whatever byte', () => {
    const whole = encodeModel(denseModel());
    const path = join(folder(), 'broken.onnx');
    for (let length = 1; length < whole.length; length += 97) {
      writeFileSync(path, whole.subarray(0, length));
      try {
        openModel(path);
      } catch (error) {
        assert.match(
          String(error),
          /^DistilleryError: It is not an ONNX model|^DistilleryError: Tensor/,
          String(length),
        );
      }
    }
    writeFileSync(path, whole.subarray(0, whole.length >> 1));
    assert.throws(() => openModel(path), /cut off/);
    writeFileSync(path, 'a text');
    assert.throws(() => openModel(path), /a text file/);
    writeFileSync(path, '');
    assert.throws(() => openModel(path), /empty/);
    assert.throws(() => openModel(folder()), /not a file/);
    assert.throws(() => openModel(join(folder(), 'none.onnx')), /no file/);
  });

  it('refuses contents of another length than the shape says', () => {
    const proto = denseModel();
    const [weight] = proto.graph?.initializer ?? [];
    assert.ok(weight);
    weight.dims = [64n, 33n];
    assert.throws(() => openModel(written(folder(), 'length.onnx', proto)), /Tensor 'weight' of shape \[64, 33\]/);
  });
});
