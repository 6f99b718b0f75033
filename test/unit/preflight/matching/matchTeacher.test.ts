import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Dataset, DatasetOptions } from '../../../../src/data/dataset.ts';
import { openDataset } from '../../../../src/data/openDataset.ts';
import {
  matchTeacher,
  type MatchedTeacher,
  type TeacherWishes,
} from '../../../../src/preflight/matching/matchTeacher.ts';
import { loadModel, saveModel } from '../../../../src/onnx/file.ts';
import { encodeFloat16Array } from '../../../../src/onnx/float16.ts';
import { decodeTensor, dataTypeCode, encodeTensor } from '../../../../src/onnx/tensorProto.ts';
import { widenHalves } from '../../../../src/onnx/importing/singlePrecision.ts';
import { openNetwork } from '../../../../src/training/engines/networkFile.ts';
import { openSessions } from '../../../../src/training/engines/session.ts';
import { datasetOptions, labelsOf, problemsOf, removeFolder, temporaryFolder } from '../../../support/datasets.ts';
import { meanTeacher, type MeanTeacherOptions } from '../../../support/meanTeacher.ts';

const REVERSED = [9, 8, 7, 6, 5, 4, 3, 2, 1, 0];

describe('matchTeacher', () => {
  const folder = temporaryFolder();
  const open = (changes: Partial<DatasetOptions> = {}): Promise<Dataset> =>
    openDataset(datasetOptions('builtin:digits', { limit: 500, ...changes }), { baseDirectory: '.', seed: 0 });
  let plain: Dataset;
  before(async () => {
    plain = await open();
  });
  after(() => {
    removeFolder(folder);
    assert.equal(openSessions(), 0, 'a session was not released');
  });

  async function match(
    teacher: MeanTeacherOptions,
    dataset = plain,
    wishes: Partial<TeacherWishes> = {},
  ): Promise<MatchedTeacher> {
    const path = join(folder, 'teacher.onnx');
    await saveModel(path, await meanTeacher(plain, teacher));
    const none = { where: 'teacher.model', output: undefined, normalization: undefined, classes: undefined };
    return matchTeacher(await loadModel(path), { ...none, ...wishes }, dataset, new AbortController().signal);
  }

  /** Decisions on the test split that are right. */
  async function accuracy({ model }: MatchedTeacher, dataset = plain): Promise<number> {
    const predictor = await openNetwork(model, { ...dataset, device: 'cpu' });
    try {
      const outputs = await predictor.predict(dataset.test);
      const labels = labelsOf(dataset.test);
      const right = labels.filter((label, index) => {
        const row = [...outputs.subarray(index * 10, index * 10 + 10)];
        return row.indexOf(Math.max(...row)) === label;
      });
      return right.length / labels.length;
    } finally {
      await predictor.dispose();
    }
  }

  const told = ({ warnings }: MatchedTeacher): string => warnings.map(({ message }) => message).join('\n');

  it('leaves a teacher alone that fits, and says how well it does', async () => {
    const matched = await match({});
    assert.equal(matched.model.isAdapted, false);
    assert.deepEqual(matched.warnings, []);
    assert.match(
      matched.notes.join('\n'),
      /^The teacher decides \d\d\.\d % of 1,?024 validation samples rightly; its output 'scores' gives logits\.$/,
    );
    assert.ok((await accuracy(matched)) > 0.6, 'the means tell the digits apart');
  });

  it('tells how many samples the teacher has answered, which may take long', async () => {
    const path = join(folder, 'teacher.onnx');
    await saveModel(path, await meanTeacher(plain));
    const wishes = { where: 'teacher.model', output: undefined, normalization: undefined, classes: undefined };
    const answered: number[] = [];
    await matchTeacher(await loadModel(path), wishes, plain, new AbortController().signal, (done, total) => {
      answered.push(done / total);
    });
    assert.equal(answered.filter((share) => share === 1).length, 2, 'as the samples are, and then in all other ways');
  });

  it('turns images for teachers that take channels last, none, or three', async () => {
    const best = await accuracy(await match({}));
    for (const [teacher, note] of [
      [{ layout: 'NHWC' }, /channels last \(NHWC\)/],
      [{ layout: 'NHW' }, /without channels/],
      [{ channels: 3 }, /their channel repeated 3 times/],
      [{ layout: 'NHWC', channels: 3 }, /repeated 3 times; channels last/],
    ] as const) {
      const matched = await match(teacher);
      assert.match(matched.notes.join('\n'), note);
      assert.deepEqual(matched.warnings, []);
      assert.equal(await accuracy(matched), best);
    }
  });

  it('resizes images for a teacher that takes another size', async () => {
    const path = join(folder, 'teacher.onnx');
    await saveModel(path, await meanTeacher(plain));
    const small: Dataset = {
      ...plain,
      sampleShape: [1, 14, 14],
      validation: halved(plain.validation),
      test: halved(plain.test),
    };
    const wishes = { where: 'teacher.model', output: undefined, normalization: undefined, classes: undefined };
    const matched = await matchTeacher(await loadModel(path), wishes, small, new AbortController().signal);
    assert.match(matched.notes.join('\n'), /images: resized to 28 × 28\./);
    assert.ok((await accuracy(matched, small)) > 0.5);
  });

  it('computes with a teacher of half precision as float32, and says so', async () => {
    const path = join(folder, 'half.onnx');
    const { graph, ...model } = await meanTeacher(plain);
    assert.ok(graph);
    for (const { type } of [...graph.input, ...graph.output]) {
      if (type?.value.case === 'tensorType') type.value.value.elemType = dataTypeCode('float16');
    }
    graph.initializer = graph.initializer.map((stored) => {
      const { type, shape, data } = decodeTensor(stored);
      if (type !== 'float32') return stored;
      return encodeTensor(stored.name, { type: 'float16', shape, data: encodeFloat16Array(data as Float32Array) });
    });
    await saveModel(path, { ...model, graph });
    const wishes = { where: 'teacher.model', output: undefined, normalization: undefined, classes: undefined };
    const file = widenHalves(await loadModel(path));
    const matched = await matchTeacher(file, wishes, plain, new AbortController().signal);
    assert.match(matched.notes[0] ?? '', /half precision \(float16\) are computed with as float32/);
    assert.ok(Math.abs((await accuracy(matched)) - (await accuracy(await match({})))) < 0.01);
  });

  it('finds out which values the teacher wants, and tells', async () => {
    const best = await accuracy(await match({}));
    for (const [teacher, name] of [
      [{ scale: 255 }, 'values of 0…255'],
      [{ scale: 2, offset: -1 }, 'values of −1…1'],
    ] as const) {
      const matched = await match(teacher);
      assert.match(told(matched), new RegExp(`with ${name}; it gets them so`));
      assert.ok(Math.abs((await accuracy(matched)) - best) < 0.005);
    }
  });

  it('undoes the normalisation of the dataset for a teacher without one', async () => {
    const best = await accuracy(await match({}));
    const normalized = await open({ normalization: 'mnist' });
    const said = await match({}, normalized, { normalization: 'none' });
    assert.deepEqual(said.warnings, []);
    assert.ok(Math.abs((await accuracy(said, normalized)) - best) < 0.005);
  });

  it('takes the classes by name, from the file or the experiment', async () => {
    const best = await accuracy(await match({}));
    const names = REVERSED.map(String);
    const byFile = await match({ order: REVERSED, metadata: { names: JSON.stringify(names) } });
    const bySaying = await match({ order: REVERSED }, plain, { classes: names });
    for (const matched of [byFile, bySaying]) {
      assert.deepEqual(matched.warnings, []);
      assert.match(matched.notes.join('\n'), /by name: '0' is output 9, '1' is output 8/);
      assert.equal(await accuracy(matched), best);
    }
    const [problem] = await problemsOf(match({}, plain, { classes: [...names.slice(0, 9), 'x'] }));
    assert.match(problem?.message ?? '', /lack 0, which the dataset has/);
  });

  it('finds the order of the classes from labels where it has no names, also beside other values, and tells', async () => {
    const best = await accuracy(await match({}));
    for (const teacher of [{ order: REVERSED }, { order: REVERSED, scale: 255 }]) {
      const matched = await match(teacher);
      assert.match(
        told(matched),
        /By the best assignment of its outputs to classes it is \d\d\.\d %, so they are put in this order: '0' is output 9/,
      );
      assert.ok(Math.abs((await accuracy(matched)) - best) < 0.005);
    }
  });

  it('warns of a teacher that only guesses, and assigns it no classes', async () => {
    const matched = await match({ scale: 1e6, offset: 3e5 });
    assert.match(told(matched), /which is no better than guessing/);
    assert.equal(matched.model.isAdapted, false);
  });
});

/** Images of 28 × 28 with every other pixel. */
function halved(split: Dataset['validation']): Dataset['validation'] {
  return {
    ...split,
    read: async (indices, target) => {
      const whole = new Float32Array(indices.length * 784);
      await split.read(indices, whole);
      for (let row = 0; row < indices.length; row++) {
        for (let pixel = 0; pixel < 196; pixel++) {
          const [y, x] = [Math.floor(pixel / 14), pixel % 14];
          target[row * 196 + pixel] = whole[row * 784 + 56 * y + 2 * x] ?? 0;
        }
      }
    },
  };
}
