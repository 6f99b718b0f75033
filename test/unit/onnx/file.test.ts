import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WireType } from '@bufbuild/protobuf/wire';
import { Random } from '../../../src/data/random.ts';
import { DistilleryError } from '../../../src/errors.ts';
import { decodeModel, encodeModel, loadModel, saveModel } from '../../../src/onnx/file.ts';
import { floatTensor, intTensor } from '../../../src/onnx/tensor.ts';
import { requireShared } from '../../support/shared.ts';
import { storedModel } from '../../support/storedModel.ts';

const smallModel = () =>
  storedModel(17, {
    inputs: { x: ['n', 2] },
    initializers: { w: floatTensor([1, 2, 3, 4], [2, 2]), b: floatTensor([5, 6]) },
    nodes: [
      ['MatMul', 'x w', 'product'],
      ['Add', 'product b', 'y'],
    ],
    outputs: ['y'],
  });

/** What `action` is refused with. */
async function refusal(action: Promise<unknown>): Promise<DistilleryError> {
  const error: unknown = await action.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof DistilleryError, `not refused properly: ${String(error)}`);
  return error;
}

describe('ONNX files', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'distillery-onnx-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  for (const name of ['cifar10-resnet14', 'mnist-mlp-1200']) {
    it(`keeps ${name} byte for byte`, async function () {
      const path = requireShared(this, `models/${name}.onnx`);
      const content = await readFile(path);
      const file = await loadModel(path);
      assert.equal(file.bytes, content.length);
      assert.equal(file.sha256, createHash('sha256').update(content).digest('hex'));
      assert.ok(content.equals(encodeModel(file.proto)));
      const copy = join(folder, 'copy.onnx');
      await saveModel(copy, file.proto);
      assert.ok(content.equals(await readFile(copy)));
    });

    it(`refuses ${name} cut off anywhere`, async function () {
      const content = await readFile(requireShared(this, `models/${name}.onnx`));
      const random = new Random(0);
      const offsets = Array.from({ length: 200 }, (_, index) =>
        index < 50 ? content.length - 1 - index : random.integer(content.length),
      );
      for (const offset of offsets) {
        assert.throws(() => decodeModel(content.subarray(0, offset)), DistilleryError, `cut off at ${offset}`);
      }
    });
  }

  it('refuses a small model cut off at any byte', () => {
    const content = encodeModel(smallModel());
    for (let length = 0; length < content.length; length++) {
      assert.throws(() => decodeModel(content.subarray(0, length)), DistilleryError, `cut off at ${length}`);
    }
  });

  it('never crashes on a model with damaged bytes', () => {
    const content = encodeModel(smallModel());
    const random = new Random(0);
    for (let round = 0; round < 2000; round++) {
      const damaged = content.slice();
      for (let change = 0; change <= round % 3; change++) damaged[random.integer(damaged.length)] = random.integer(256);
      try {
        decodeModel(damaged);
      } catch (error) {
        assert.ok(error instanceof DistilleryError, String(error));
      }
    }
  });

  it('keeps fields that it does not know, at every level', () => {
    const model = smallModel();
    model.metadataProps.push({ $typeName: 'onnx.StringStringEntryProto', key: 'classes', value: 'a,b' });
    const graph = model.graph!;
    const unknown = (no: number) => [{ no, wireType: WireType.LengthDelimited, data: Uint8Array.of(3, 1, 2, no) }];
    // Training information and a configuration; quantisation annotations; configurations of devices; a segment.
    model.$unknown = [...unknown(20), ...unknown(26)];
    graph.$unknown = unknown(14);
    graph.node[0]!.$unknown = unknown(10);
    graph.initializer[0]!.$unknown = unknown(3);
    const content = encodeModel(model);
    const decoded = decodeModel(content);
    assert.equal(decoded.$unknown?.length, 2);
    assert.equal(decoded.graph?.initializer[0]?.$unknown?.length, 1);
    assert.deepEqual(encodeModel(decoded), content);
  });

  describe('refuses with one clear sentence', () => {
    const files: readonly { title: string; content: Uint8Array | string; message: RegExp }[] = [
      { title: 'an empty file', content: '', message: /empty/ },
      { title: 'a picture', content: Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 1, 2, 3), message: /a picture/ },
      { title: 'text', content: 'There is no model here.\n', message: /a text file/ },
      { title: 'a ZIP archive', content: 'PK\x03\x04abc', message: /ZIP archive/ },
      {
        title: 'a Git LFS pointer',
        content: 'version https://git-lfs.github.com/spec/v1\n',
        message: /Git LFS pointer/,
      },
      { title: 'an ORT file', content: '\x20\0\0\0ORTMabc\0', message: /ONNX Runtime's own format/ },
      {
        title: 'noise',
        content: Uint8Array.from({ length: 100 }, (_, index) => (index * 89) % 256),
        message: /not an ONNX/,
      },
      { title: 'a message of another kind', content: Uint8Array.of(0x52, 1, 65), message: /no graph/ },
    ];
    for (const { title, content, message } of files) {
      it(title, async () => {
        const path = join(folder, 'model.onnx');
        await writeFile(path, content);
        const error = await refusal(loadModel(path));
        assert.equal(error.code, 'BAD_FILE');
        assert.match(error.message, message);
        assert.ok(error.message.includes(path));
      });
    }

    it('a missing file', async () => {
      const error = await refusal(loadModel(join(folder, 'missing.onnx')));
      assert.equal(error.code, 'FILE_NOT_FOUND');
      assert.match(error.message, /There is no file .*missing\.onnx/);
    });

    it('a folder', async () => {
      assert.match((await refusal(loadModel(folder))).message, /is a folder/);
    });
  });

  it('refuses a newer format or newer operators than it reads, each in one sentence', () => {
    const formats = () => decodeModel(encodeModel(Object.assign(smallModel(), { irVersion: 99n })));
    assert.throws(
      formats,
      /^DistilleryError: The model has IR version 99; this version of Distillery reads up to 13\.$/,
    );
    const model = smallModel();
    model.opsetImport[0]!.version = 99n;
    assert.throws(
      () => decodeModel(encodeModel(model)),
      /has operator set 99; this version of Distillery reads up to 26/,
    );
  });

  describe('refuses a model that is not whole', () => {
    const damages: readonly { title: string; model: () => ReturnType<typeof smallModel>; message: RegExp }[] = [
      {
        title: 'no operator set',
        model: () => Object.assign(smallModel(), { opsetImport: [] }),
        message: /operator set/,
      },
      {
        title: 'no outputs',
        model: () => {
          const model = smallModel();
          model.graph!.output = [];
          return model;
        },
        message: /no outputs/,
      },
      {
        title: 'an output that nothing produces',
        model: () => {
          const model = smallModel();
          model.graph!.node.pop();
          return model;
        },
        message: /output 'y' is not produced/,
      },
      {
        title: 'an input that nothing produces',
        model: () => {
          const model = smallModel();
          model.graph!.initializer.pop();
          return model;
        },
        message: /'node1' \(Add\) reads 'b', which nothing produces/,
      },
      {
        title: 'a value produced twice',
        model: () => {
          const model = smallModel();
          model.graph!.node.push(model.graph!.node[1]!);
          return model;
        },
        message: /'y' is produced twice/,
      },
      {
        title: 'too little data in a tensor',
        model: () => {
          const model = smallModel();
          const tensor = model.graph!.initializer[0]!;
          tensor.rawData = tensor.rawData.subarray(4);
          return model;
        },
        message: /'w' of shape \[2, 2\] has 12 bytes instead of 16/,
      },
      {
        title: 'no data in a tensor',
        model: () => {
          const model = smallModel();
          model.graph!.initializer[0]!.rawData = new Uint8Array();
          return model;
        },
        message: /'w' of shape \[2, 2\] has 0 elements instead of 4/,
      },
      {
        title: 'too little data in a Constant',
        model: () => {
          const value = { kind: 'tensor', value: intTensor([1, 2]) } as const;
          const model = storedModel(17, { nodes: [['Constant', '', 'y', { value }]], outputs: ['y'] });
          model.graph!.node[0]!.attribute[0]!.t!.dims = [3n];
          return model;
        },
        message: /16 bytes instead of 24/,
      },
      {
        title: 'a negative dimension',
        model: () => {
          const model = smallModel();
          model.graph!.initializer[0]!.dims = [-2n, -2n];
          return model;
        },
        message: /impossible dimension -2/,
      },
    ];
    for (const { title, model, message } of damages) {
      it(title, () => {
        assert.throws(
          () => decodeModel(encodeModel(model())),
          (error) => error instanceof DistilleryError && error.code === 'BAD_FILE' && message.test(error.message),
        );
      });
    }
  });

  describe('saving', () => {
    it('replaces a file in one step and leaves nothing else behind', async () => {
      const path = join(folder, 'model.onnx');
      await writeFile(path, 'old');
      await saveModel(path, smallModel());
      assert.deepEqual(await readdir(folder), ['model.onnx']);
      assert.ok((await readFile(path)).equals(encodeModel(smallModel())));
    });

    it('leaves nothing behind when it fails', async () => {
      const path = join(folder, 'model.onnx');
      await mkdir(path);
      await assert.rejects(saveModel(path, smallModel()));
      assert.deepEqual(await readdir(folder), ['model.onnx']);
    });
  });
});
