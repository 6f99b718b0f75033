import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { create } from '@bufbuild/protobuf';
import { BadInputError } from '../../src/errors.ts';
import { parseExperiment } from '../../src/experiment/parseExperiment.ts';
import { preflight } from '../../src/preflight/preflight.ts';
import { randomStream } from '../../src/data/random.ts';
import { exportModel } from '../../src/onnx/exporting/exportModel.ts';
import { loadModel, saveModel } from '../../src/onnx/file.ts';
import { StringStringEntryProtoSchema, TensorProto_DataLocation } from '../../src/onnx/onnx_pb.ts';
import { decodeTensor } from '../../src/onnx/tensorProto.ts';
import { buildStudent } from '../../src/students/buildStudent.ts';
import { classifierForm } from '../../src/students/networkForm.ts';
import { ints } from '../../src/onnx/graph.ts';
import { floatTensor, intTensor } from '../../src/onnx/tensor.ts';
import { storedGraph, storedModel } from '../support/storedModel.ts';
import { removeFolder, temporaryFolder } from '../support/datasets.ts';
import { labelsAlone, removeRuns, run, tinyExperiment } from '../support/runs.ts';

describe('a run whose student is an .onnx file', () => {
  const folder = temporaryFolder();
  const model = join(folder, 'net.onnx');
  before(async () => {
    const graph = buildStudent(
      { architecture: 'mlp', hidden: [64] },
      classifierForm([784], 10),
      randomStream(1, 'weights'),
    );
    await saveModel(model, exportModel(graph, { name: 'net', opset: 15, metadata: { made: 'before' } }));
  });
  after(() => {
    removeRuns();
    removeFolder(folder);
  });

  it('trains it further, keeps what is frozen, and writes the same model with other weights', async () => {
    const student = { model, freeze: ['dense1.*'] };
    const { result, folder: runFolder } = await run({
      ...tinyExperiment,
      student,
      baseline: false,
      training: { epochs: 4, batchSize: 50, learningRate: 0.03 },
    });
    assert.equal(result.state, 'finished');
    assert.ok(result.report.student.test.accuracy! > 0.3, `accuracy ${result.report.student.test.accuracy!}`);
    const [before, after] = [await loadModel(model), await loadModel(join(runFolder, 'student.onnx'))];
    const changed = before.proto.graph?.initializer.flatMap((stored, index) => {
      const now = after.proto.graph?.initializer[index];
      assert.equal(now?.name, stored.name);
      return String(decodeTensor(stored).data) === String(decodeTensor(now).data) ? [] : [stored.name];
    });
    assert.deepEqual(changed, ['output.weight', 'output.bias']);
    assert.deepEqual(after.proto.opsetImport, before.proto.opsetImport);
    const keys = after.proto.metadataProps.map(({ key }) => key);
    assert.ok(keys.includes('distillery.run') && keys.includes('distillery.data'), keys.join());
    assert.deepEqual(
      keys.filter((key) => !key.startsWith('distillery.')),
      ['made'],
    );
  });

  it('takes a file whose weights lie in another file, and writes one that is whole', async () => {
    const { proto } = await loadModel(model);
    const [tensor] = proto.graph?.initializer ?? [];
    assert.ok(tensor);
    await writeFile(join(folder, 'net.data'), tensor.rawData);
    tensor.rawData = new Uint8Array();
    tensor.dataLocation = TensorProto_DataLocation.EXTERNAL;
    tensor.externalData = [create(StringStringEntryProtoSchema, { key: 'location', value: 'net.data' })];
    await saveModel(join(folder, 'external.onnx'), proto);
    const { result, folder: runFolder } = await run({
      ...tinyExperiment,
      student: { model: join(folder, 'external.onnx') },
      baseline: false,
    });
    assert.equal(result.state, 'finished');
    const written = (await loadModel(join(runFolder, 'student.onnx'))).proto.graph?.initializer[0];
    assert.deepEqual([written?.name, written?.externalData, written?.rawData.length], [tensor.name, [], 784 * 64 * 4]);
  });

  it('takes a file whose batch is another axis, and writes one that takes it first; a teacher is told as such', async () => {
    const turned = storedModel(17, {
      inputs: { x: [1, 'batch', 28, 28] },
      initializers: {
        w: floatTensor(
          Float32Array.from({ length: 7840 }, (_, index) => Math.sin(index) / 50),
          [784, 10],
        ),
        first: intTensor([0]),
        rows: intTensor([-1, 784]),
      },
      nodes: [
        ['Squeeze', 'x first', 'images'],
        ['Reshape', 'images rows', 'vectors'],
        ['MatMul', 'vectors w', 'y'],
      ],
      outputs: ['y'],
    });
    const path = join(folder, 'turned.onnx');
    await saveModel(path, turned);
    const brief = { ...tinyExperiment, student: { model: path }, baseline: false };
    const { folder: runFolder, events } = await run({ ...brief, teacher: null, objective: labelsAlone });
    const told = events.flatMap((event) => (event.kind === 'phase' ? [event.message] : []));
    assert.ok(
      told.some((message) => message.includes("as the first axis of 'x' [1, batch, 28, 28]")),
      told.join(),
    );
    const { graph } = (await loadModel(join(runFolder, 'student.onnx'))).proto;
    const type = graph?.input[0]?.type?.value;
    assert.ok(type?.case === 'tensorType');
    const sizes = type.value.shape?.dim.map(({ value }) =>
      value.case === 'dimParam' ? value.value : Number(value.value),
    );
    assert.deepEqual(sizes, ['batch', 1, 28, 28]);
    assert.equal(graph?.node[0]?.opType, 'Transpose');
    const asTeacher = parseExperiment({ ...tinyExperiment, teacher: { model: path } });
    const { matching, dataset } = await preflight(asTeacher, {
      baseDirectory: folder,
      signal: new AbortController().signal,
      onProgress: () => undefined,
    });
    await dataset.dispose();
    const notes = matching[0]?.notes.join('\n') ?? '';
    assert.match(notes, /^The teacher does not take the batch as the first axis of 'x'/m);
    assert.doesNotMatch(notes, /half precision/);
  });

  it('is refused with every problem before anything is written', async () => {
    const refused = async (student: { model: string; train?: string[] }): Promise<string[]> => {
      const error: unknown = await run({ ...tinyExperiment, student }).catch((thrown: unknown) => thrown);
      assert.ok(error instanceof BadInputError);
      return error.problems.map(({ where }) => where);
    };
    assert.deepEqual(await refused({ model: join(folder, 'missing.onnx') }), ['student.model']);
    assert.deepEqual(await refused({ model, train: ['layer*'] }), ['student.train[0]']);
  });

  it('is refused before the training where ONNX Runtime cannot run what would be written', async () => {
    const unusable = storedModel(12, {
      inputs: { x: ['n', 784] },
      initializers: { w: floatTensor(new Float32Array(7840).fill(0.01), [784, 10]), one: intTensor([1]) },
      nodes: [
        ['MatMul', 'x w', 'product'],
        ['Shape', 'product', 'sizes'],
        ['Gather', 'sizes one', 'width'],
        ['Equal', 'width one', 'isNarrow'],
        // The branch that is never taken asks for what the shape does not have.
        [
          'If',
          'isNarrow',
          'y',
          {
            then_branch: storedGraph({
              nodes: [['Squeeze', 'product', 'flat', { axes: ints([1]) }]],
              outputs: ['flat'],
            }),
            else_branch: storedGraph({ nodes: [['Identity', 'product', 'same']], outputs: ['same'] }),
          },
        ],
      ],
      outputs: ['y'],
    });
    const path = join(folder, 'unusable.onnx');
    await saveModel(path, unusable);
    const error: unknown = await run({
      ...tinyExperiment,
      teacher: null,
      student: { model: path },
      objective: [{ loss: 'labels', weight: 1 }],
      baseline: false,
    }).catch((thrown: unknown) => thrown);
    assert.ok(error instanceof BadInputError, String(error));
    assert.match(
      error.problems[0]?.message ?? '',
      /^What would be written of the student cannot be run\. ONNX Runtime/,
    );
  });
});

describe('a run whose student is the teacher, narrower', () => {
  after(removeRuns);

  it('shrinks a teacher that was trained first', async () => {
    const { result, events, folder } = await run({ ...tinyExperiment, student: { shrink: 0.25 } });
    const phase = events.find((event) => event.kind === 'phase' && event.phase === 'student');
    assert.deepEqual(phase, {
      kind: 'phase',
      phase: 'student',
      message: 'Distils the student (12.7 k parameters, 12.7 k MACs)',
    });
    assert.equal(result.state, 'finished');
    assert.equal(result.report.student.parameters, 784 * 16 + 16 + 16 * 10 + 10);
    assert.equal(result.report.baseline?.parameters, result.report.student.parameters);
    const { student, variants } = result.report;
    assert.equal(student.keptChannels, 0.25);
    assert.deepEqual(
      variants.map(({ kind, file, parameters, refusal }) => [kind, file, parameters, refusal]),
      [['pruned', 'student.pruned.onnx', student.parameters, null]],
    );
    // What pruning left are biases of the teacher, in their order.
    const biasesOf = async (file: string): Promise<number[]> => {
      const { graph } = (await loadModel(join(folder, file))).proto;
      const tensors = (graph?.initializer ?? []).map(decodeTensor).filter(({ shape }) => shape.length === 1);
      const hidden = tensors.find(({ shape: [units] }) => units === 64 || units === 16);
      return Array.from(hidden!.data as Float32Array);
    };
    const [kept, all] = [await biasesOf('student.pruned.onnx'), await biasesOf('teacher.onnx')];
    assert.deepEqual([kept.length, all.length], [16, 64]);
    const places = kept.map((bias) => all.indexOf(bias));
    assert.ok(places.every((place, index) => place > (places[index - 1] ?? -1)));
  });

  it('keeps the channels that matter most to the loss, the same ones for the baseline and every time', async () => {
    const brief = {
      ...tinyExperiment,
      dataset: { path: resolve('examples/data/half-moons.csv') },
      training: { epochs: 1, batchSize: 50 },
    };
    const experiment = { ...brief, student: { shrink: 0.25, importance: 'taylor' } } as const;
    const [first, again] = [await run(experiment), await run({ ...experiment, baseline: false })];
    const weightsOf = async (folder: string): Promise<unknown> =>
      (await loadModel(join(folder, 'student.pruned.onnx'))).proto.graph?.initializer.map(decodeTensor);
    assert.deepEqual(await weightsOf(first.folder), await weightsOf(again.folder));
    const byNorms = await run({ ...brief, student: { shrink: 0.25 }, baseline: false });
    assert.notDeepEqual(await weightsOf(first.folder), await weightsOf(byNorms.folder));
    assert.equal(first.result.state, 'finished');
    assert.equal(first.result.report.student.channelImportance, 'taylor');
    assert.equal(first.result.report.baseline?.parameters, first.result.report.student.parameters);
    assert.ok(first.events.some((event) => event.kind === 'phase' && event.message.startsWith('Finds the channels')));
    // Without labels there is no loss to tell; by their norms channels are chosen even so.
    const prepare = (importance: 'l1' | 'taylor') => {
      const teacher = { model: join(first.folder, 'teacher.onnx') };
      const dataset = { ...brief.dataset, task: 'matching', columns: { moon: 'ignore' } };
      const { signal } = new AbortController();
      const matching = parseExperiment({
        ...brief,
        objective: 'auto',
        teacher,
        dataset,
        student: { shrink: 0.25, importance },
      });
      return preflight(matching, { baseDirectory: '.', signal, onProgress: () => undefined });
    };
    await assert.rejects(prepare('taylor'), (error) => {
      assert.ok(error instanceof BadInputError);
      return error.problems.every(({ where }) => where === 'student.importance');
    });
    await (await prepare('l1')).dataset.dispose();
  });

  it('is refused when there is none', async () => {
    const objective = [{ loss: 'labels', weight: 1 } as const];
    const error: unknown = await run({ ...tinyExperiment, teacher: null, objective, student: { shrink: 0.5 } }).catch(
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof BadInputError);
    assert.deepEqual(
      error.problems.map(({ where }) => where),
      ['student.shrink'],
    );
  });
});
