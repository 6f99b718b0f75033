import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from '@bufbuild/protobuf';
import { InferenceSession, Tensor } from '../../../../src/platform/onnxRuntime.ts';
import { DistilleryError, type ErrorCode } from '../../../../src/errors.ts';
import { encodeModel, loadModel, saveModel } from '../../../../src/onnx/file.ts';
import {
  StringStringEntryProtoSchema,
  TensorProto_DataLocation,
  type ModelProto,
  type TensorProto,
} from '../../../../src/onnx/onnx_pb.ts';
import { importGraph } from '../../../../src/onnx/importing/importGraph.ts';
import { openNetwork, readNetwork } from '../../../../src/training/engines/networkFile.ts';
import { floatTensor, intTensor, toNumbers } from '../../../../src/onnx/tensor.ts';
import { storedModel } from '../../../support/storedModel.ts';

/** y = (x · w + b) · factors, the factors in a Constant. */
const wholeModel = () =>
  storedModel(17, {
    inputs: { x: ['n', 2] },
    initializers: { w: floatTensor([1, 2, 3, 4], [2, 2]), b: floatTensor([5, 6]) },
    nodes: [
      ['Constant', '', 'factors', { value: { kind: 'tensor', value: floatTensor([1, 2]) } }],
      ['MatMul', 'x w', 'product'],
      ['Add', 'product b', 'sum'],
      ['Mul', 'sum factors', 'y'],
    ],
    outputs: ['y'],
  });

/** Moves a tensor's data to `location` from `offset` on. */
function moveOut(tensor: TensorProto, location: string, offset: number, length = tensor.rawData.length): Uint8Array {
  const data = tensor.rawData;
  tensor.rawData = new Uint8Array();
  tensor.dataLocation = TensorProto_DataLocation.EXTERNAL;
  tensor.externalData = Object.entries({ location, offset: `${offset}`, length: `${length}` }).map(([key, value]) =>
    create(StringStringEntryProtoSchema, { key, value }),
  );
  return data;
}

describe('tensors in external files', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'distillery-external-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** Writes the model with its tensors in two files, one of them in a subfolder. */
  async function writeExternal(): Promise<string> {
    const model = wholeModel();
    const [w, b] = model.graph!.initializer as [TensorProto, TensorProto];
    const constant = model.graph!.node[0]!.attribute[0]!.t!;
    const first = Buffer.concat([Buffer.alloc(8, 0xaa), moveOut(b, 'weights.bin', 8), Buffer.alloc(5)]);
    const second = Buffer.concat([moveOut(w, 'parts/more.bin', 0), moveOut(constant, 'parts/more.bin', 16)]);
    await mkdir(join(folder, 'parts'));
    await writeFile(join(folder, 'weights.bin'), first);
    await writeFile(join(folder, 'parts', 'more.bin'), second);
    const path = join(folder, 'model.onnx');
    await writeFile(path, encodeModel(model));
    return path;
  }

  it('are brought into the model', async () => {
    const path = await writeExternal();
    const file = await loadModel(path);
    const expected = wholeModel();
    for (const tensor of [...expected.graph!.initializer, expected.graph!.node[0]!.attribute[0]!.t!]) {
      tensor.dataLocation = TensorProto_DataLocation.DEFAULT;
    }
    assert.deepEqual(encodeModel(file.proto), encodeModel(expected));
    assert.equal(file.bytes, (await stat(path)).size + 21 + 24);
  });

  it('make a file that stands alone once it is saved, which ONNX Runtime reads the same', async () => {
    const path = await writeExternal();
    const alone = join(await mkdtemp(join(folder, 'alone-')), 'model.onnx');
    await saveModel(alone, (await loadModel(path)).proto);
    const feeds = { x: new Tensor('float32', Float32Array.of(1, 2, 3, 4), [2, 2]) };
    for (const model of [path, alone]) {
      const session = await InferenceSession.create(model, { intraOpNumThreads: 1 });
      assert.deepEqual(Array.from((await session.run(feeds))['y']!.data as Float32Array), [12, 32, 20, 56], model);
      await session.release();
    }
  });

  it('may be the numbers that shapes follow from, which ONNX Runtime does not find there', async () => {
    const model = storedModel(17, {
      inputs: { x: ['n', 2, 2] },
      initializers: {
        w: floatTensor(new Float32Array(80), [4, 20]),
        shape: intTensor([-1, 4]),
        end: intTensor([10]),
        one: intTensor([1]),
        zero: intTensor([0]),
      },
      nodes: [
        ['Reshape', 'x shape', 'flat'],
        ['MatMul', 'flat w', 'product'],
        ['Slice', 'product zero end one', 'y'],
      ],
      outputs: ['y'],
    });
    const [w, ...whole] = model.graph!.initializer as [TensorProto, ...TensorProto[]];
    const parts: Uint8Array[] = [];
    for (const tensor of [w, ...whole]) parts.push(moveOut(tensor, 'all.bin', Buffer.concat(parts).length));
    await writeFile(join(folder, 'all.bin'), Buffer.concat(parts));
    const path = join(folder, 'model.onnx');
    await writeFile(path, encodeModel(model));
    await assert.rejects(() => InferenceSession.create(path, { logSeverityLevel: 4 }), /external/);
    const network = readNetwork(await loadModel(path), { sampleShape: [2, 2] });
    const samples = { kind: 'values', shape: [2, 2] } as const;
    const predictor = await openNetwork(network, { device: 'cpu', samples, sampleShape: [2, 2], batchSize: 1 });
    await predictor.dispose();
  });

  it('do not keep a file from being read by ONNX Runtime itself where no shape follows from them', async () => {
    assert.equal((await loadModel(await writeExternal())).hidesShapes, true);
    const model = storedModel(17, {
      inputs: { x: ['n', 4] },
      initializers: { w: floatTensor(new Float32Array(80), [4, 20]) },
      nodes: [['MatMul', 'x w', 'y']],
      outputs: ['y'],
    });
    await writeFile(join(folder, 'w.bin'), moveOut(model.graph!.initializer[0]!, 'w.bin', 0));
    await writeFile(join(folder, 'model.onnx'), encodeModel(model));
    assert.equal((await loadModel(join(folder, 'model.onnx'))).hidesShapes, false);
  });

  it('are whole numbers of 4 bits and others that graphs do not have, too', async () => {
    const model = storedModel(21, {
      inputs: { x: ['n', 2] },
      initializers: { s: floatTensor(1, []), w: floatTensor([0]) },
      nodes: [
        ['DequantizeLinear', 'w s', 'kernel'],
        ['MatMul', 'x kernel', 'y'],
      ],
      outputs: ['y'],
    });
    const w = model.graph!.initializer[1]!;
    Object.assign(w, { dataType: 22, dims: [2n, 3n], rawData: Uint8Array.of(0x21, 0x43, 0x65) });
    await writeFile(join(folder, 'w.bin'), moveOut(w, 'w.bin', 0));
    await writeFile(join(folder, 'model.onnx'), encodeModel(model));
    const { proto } = await loadModel(join(folder, 'model.onnx'));
    assert.deepEqual(toNumbers(importGraph(proto, { batch: 1 }).initializers.get('w')!), [1, 2, 3, 4, 5, 6]);
  });

  it('count in the hash', async () => {
    const path = await writeExternal();
    const before = (await loadModel(path)).sha256;
    const changed = Buffer.alloc(21);
    await writeFile(join(folder, 'weights.bin'), changed);
    assert.notEqual((await loadModel(path)).sha256, before);
  });

  const refusals: readonly { title: string; change: (w: TensorProto) => void; code: ErrorCode; message: RegExp }[] = [
    {
      title: 'a file above the folder',
      change: (w) => moveOut(w, '../weights.bin', 0),
      code: 'BAD_FILE',
      message: /'w' lies in '\.\.\/weights\.bin', outside of the model's folder/,
    },
    {
      title: 'a way round to above the folder',
      change: (w) => moveOut(w, 'parts/../../weights.bin', 0),
      code: 'BAD_FILE',
      message: /outside/,
    },
    {
      title: 'an absolute path',
      change: (w) => moveOut(w, join(tmpdir(), 'w'), 0),
      code: 'BAD_FILE',
      message: /outside/,
    },
    { title: 'a drive', change: (w) => moveOut(w, 'C:\\w', 0), code: 'BAD_FILE', message: /outside/ },
    {
      title: 'a missing file',
      change: (w) => moveOut(w, 'missing.bin', 0),
      code: 'FILE_NOT_FOUND',
      message: /keeps tensor 'w' in '.*missing\.bin', which cannot be read/,
    },
    {
      title: 'a short file',
      change: (w) => moveOut(w, 'short.bin', 4),
      code: 'BAD_FILE',
      message: /short\.bin' has 10 bytes, but tensor 'w' ends at byte 20/,
    },
    {
      title: 'a wrong length',
      change: (w) => moveOut(w, 'short.bin', 0, 4),
      code: 'BAD_FILE',
      message: /'w' of shape \[2, 2\] needs 16 bytes, but 4 at offset 0/,
    },
    {
      title: 'an impossible offset',
      change: (w) => moveOut(w, 'short.bin', -4),
      code: 'BAD_FILE',
      message: /offset -4/,
    },
    {
      title: 'no name',
      change: (w) => {
        moveOut(w, 'short.bin', 0);
        w.externalData.shift();
      },
      code: 'BAD_FILE',
      message: /name is missing/,
    },
  ];
  for (const { title, change, code, message } of refusals) {
    it(`are refused: ${title}`, async () => {
      const model: ModelProto = wholeModel();
      change(model.graph!.initializer[0]!);
      await writeFile(join(folder, 'short.bin'), Buffer.alloc(10));
      const path = join(folder, 'model.onnx');
      await writeFile(path, encodeModel(model));
      await assert.rejects(
        loadModel(path),
        (error) => error instanceof DistilleryError && error.code === code && message.test(error.message),
      );
    });
  }

  /** A model whose first tensor lies in 'data.bin'. */
  async function writeWithData(at: string): Promise<{ readonly path: string; readonly data: Uint8Array }> {
    const model = wholeModel();
    const data = moveOut(model.graph!.initializer[0]!, 'data.bin', 0);
    await mkdir(at, { recursive: true });
    const path = join(at, 'model.onnx');
    await writeFile(path, encodeModel(model));
    return { path, data };
  }

  it('are refused: a link out of the folder', async () => {
    const { path, data } = await writeWithData(join(folder, 'inner'));
    await writeFile(join(folder, 'secret.bin'), data);
    await symlink(join(folder, 'secret.bin'), join(folder, 'inner', 'data.bin'));
    await assert.rejects(
      loadModel(path),
      /'w' lies in '.*data\.bin', a link to '.*secret\.bin' outside of the model's folder/,
    );
  });

  it('are refused: a link to a folder elsewhere', async () => {
    const model = wholeModel();
    const data = moveOut(model.graph!.initializer[0]!, 'part/data.bin', 0);
    await mkdir(join(folder, 'inner'));
    await mkdir(join(folder, 'elsewhere'));
    await writeFile(join(folder, 'elsewhere', 'data.bin'), data);
    await symlink(join(folder, 'elsewhere'), join(folder, 'inner', 'part'));
    const path = join(folder, 'inner', 'model.onnx');
    await writeFile(path, encodeModel(model));
    await assert.rejects(loadModel(path), /outside of the model's folder/);
  });

  it('are read where links lead to model and data side by side, as download caches keep them', async () => {
    const { path, data } = await writeWithData(join(folder, 'blobs'));
    await writeFile(join(folder, 'blobs', 'data.bin'), data);
    await mkdir(join(folder, 'snapshot'));
    for (const name of ['model.onnx', 'data.bin']) {
      await symlink(join(folder, 'blobs', name), join(folder, 'snapshot', name));
    }
    const linked = await loadModel(join(folder, 'snapshot', 'model.onnx'));
    assert.equal(linked.sha256, (await loadModel(path)).sha256);
  });

  it('are refused: a pipe, which would never end', async function () {
    const { path } = await writeWithData(join(folder, 'inner'));
    if (spawnSync('mkfifo', [join(folder, 'inner', 'data.bin'), join(folder, 'model.onnx')]).status !== 0) this.skip();
    await assert.rejects(loadModel(path), /'w' lies in '.*data\.bin', which is no file/);
    await assert.rejects(loadModel(join(folder, 'model.onnx')), /cannot be read: it is a pipe or a device/);
  });
});
