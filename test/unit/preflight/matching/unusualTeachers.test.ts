import assert from 'node:assert/strict';
import { create } from '@bufbuild/protobuf';
import { DistilleryError } from '../../../../src/errors.ts';
import { int } from '../../../../src/onnx/graph.ts';
import { StringStringEntryProtoSchema, ValueInfoProtoSchema, type ModelProto } from '../../../../src/onnx/onnx_pb.ts';
import { openSessions } from '../../../../src/training/engines/session.ts';
import { removeFolder, temporaryFolder } from '../../../support/datasets.ts';
import { floatTensor } from '../../../../src/onnx/tensor.ts';
import { storedGraph, storedModel } from '../../../support/storedModel.ts';
import { BIASES, classTable, matchToTable, scoreTeacher, WEIGHTS } from '../../../support/tableTeacher.ts';

describe('a teacher that is unlike most', () => {
  const folder = temporaryFolder();
  after(() => {
    removeFolder(folder);
    assert.equal(openSessions(), 0, 'a session was not released');
  });
  const table = classTable(80);

  it('gives a vector where convolutions leave axes of one element behind the classes', async () => {
    const plain = await matchToTable(folder, table, scoreTeacher());
    const upright = scoreTeacher((graph, scores) => graph.op('Unsqueeze', [scores, graph.integers([2, 3])]));
    const { matched, outputs } = await matchToTable(folder, table, upright);
    assert.deepEqual(outputs, plain.outputs);
    assert.deepEqual(matched.model.outputShape, [3]);
    assert.match(matched.notes.join('\n'), /decides 100\.0 % /);
  });

  it('takes samples as they are where its input declares no axes', async () => {
    const plain = await matchToTable(folder, table, scoreTeacher());
    const model = scoreTeacher();
    const input = model.graph?.input[0];
    assert.ok(input?.type?.value.case === 'tensorType' && model.graph);
    const { elemType } = input.type.value.value;
    const type = { value: { case: 'tensorType', value: { elemType } } } as const;
    model.graph.input = [create(ValueInfoProtoSchema, { name: input.name, type })];
    const { outputs } = await matchToTable(folder, table, model);
    assert.deepEqual(outputs, plain.outputs);
  });

  it('is turned round where its file names the wrong one of two classes first, unless a person does', async () => {
    const two = classTable(800).replaceAll(',c', ',b');
    const twoScores = (isSwapped: boolean): ModelProto => {
      const model = scoreTeacher((graph, scores) => {
        const [first, ...others] = [0, 1, 2].map((at) =>
          graph.op('Slice', [scores, graph.integers([at]), graph.integers([at + 1]), graph.integers([1])]),
        );
        assert.ok(first);
        const second = graph.op('Max', others);
        return graph.op('Concat', isSwapped ? [second, first] : [first, second], { axis: int(1) });
      });
      model.metadataProps.push(create(StringStringEntryProtoSchema, { key: 'names', value: '["a", "b"]' }));
      return model;
    };
    const plain = await matchToTable(folder, two, twoScores(false));
    assert.deepEqual(plain.matched.warnings, []);
    const swapped = await matchToTable(folder, two, twoScores(true));
    assert.deepEqual(swapped.outputs, plain.outputs);
    assert.match(swapped.matched.warnings[0]?.message ?? '', /'a' is output 1, 'b' is output 0/);
    const said = await matchToTable(folder, two, twoScores(true), { wishes: { classes: ['a', 'b'] } });
    assert.notDeepEqual(said.outputs, plain.outputs);
    assert.match(said.matched.warnings[0]?.message ?? '', /no better than guessing/);
  });

  it('is not told that it may have an operator that ONNX Runtime has not', async () => {
    const model = scoreTeacher((graph, scores) =>
      graph.op('Distort', [scores], {}, { domain: 'acme', results: [{ type: 'float32', shape: ['batch', 3] }] }),
    );
    // Without the operator's domain ONNX Runtime does not even look for it.
    for (const imports of [model.opsetImport, model.opsetImport.filter(({ domain }) => domain !== 'acme')]) {
      model.opsetImport = imports;
      await assert.rejects(matchToTable(folder, table, model), (error: unknown) => {
        assert.ok(error instanceof DistilleryError);
        assert.match(error.message, /operator Distort is of the domain 'acme'/);
        assert.doesNotMatch(error.hint ?? '', /as a teacher/i);
        return true;
      });
    }
  });

  it('does not get its samples in a way that it answers with NaN', async () => {
    const far = classTable(200).replace(/-?\d[\d.e-]*/g, (number) => String(5000 + 2000 * Number(number)));
    const inOwnUnits = scoreTeacher(undefined, {
      type: 'float32',
      toFloats: (graph, input) => {
        const isNaNAbove = graph.op('Mul', [
          graph.op('Log', [graph.op('Sub', [graph.scalar(6500), input])]),
          graph.scalar(0),
        ]);
        const scaled = graph.op('Div', [graph.op('Sub', [input, graph.scalar(5000)]), graph.scalar(2000)]);
        return graph.op('Add', [scaled, isNaNAbove]);
      },
    });
    const { matched, outputs } = await matchToTable(folder, far, inOwnUnits, { options: { scaling: 'standard' } });
    assert.ok(outputs.every((value) => !Number.isNaN(value)));
    assert.doesNotMatch(matched.warnings.map(({ message }) => message).join('\n'), /own units/);
  });

  it('may have a branch whose condition depends on the data, and is asked in the units that suit it all the same', async () => {
    const same = (name: string) => storedGraph({ nodes: [['Identity', 'scores', name]], outputs: [name] });
    const model = storedModel(17, {
      inputs: { input: ['batch', 2], said: ['batch', 3] },
      initializers: { weight: floatTensor(WEIGHTS, [2, 3]), bias: floatTensor(BIASES), zero: floatTensor(0) },
      nodes: [
        ['Gemm', 'input weight bias', 'scores'],
        ['ReduceMax', 'input', 'most', { keepdims: int(0) }],
        ['Greater', 'most zero', 'isAbove'],
        ['If', 'isAbove', 'said', { then_branch: same('a'), else_branch: same('b') }],
      ],
      outputs: [],
    });
    // Declared as an input above, because only these are written with their shapes.
    const { graph } = model;
    assert.ok(graph);
    [graph.input, graph.output] = [graph.input.slice(0, 1), graph.input.slice(1)];
    const shifted = classTable(200, (value) => value + 0.35);
    const options = { scaling: 'standard' } as const;
    const plain = await matchToTable(folder, shifted, scoreTeacher(), { options });
    const { matched, outputs } = await matchToTable(folder, shifted, model, { options });
    assert.match(matched.warnings[0]?.message ?? '', /100\.0 % with inputs in the data's own units/);
    assert.deepEqual(outputs, plain.outputs);
  });

  it('is asked in the units that training samples tell of, where validation samples are too few to', async () => {
    const shifted = classTable(120, (value) => value + 0.35);
    const { matched, dataset } = await matchToTable(folder, shifted, scoreTeacher(), {
      options: { scaling: 'standard' },
    });
    assert.ok(dataset.validation.count < 20);
    const told = matched.warnings.map(({ message }) => message).join('\n');
    assert.match(told, /of 8\d training samples rightly as they are, and 100\.0 % with inputs in the data's own units/);
    assert.match(matched.notes.join('\n'), /decides 100\.0 % of \d+ validation samples/);
  });
});
