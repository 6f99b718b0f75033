import assert from 'node:assert/strict';
import { Graph, int } from '../../../src/onnx/graph.ts';
import type { Value } from '../../../src/onnx/node.ts';
import { exportModel } from '../../../src/onnx/exporting/exportModel.ts';
import type { ModelProto } from '../../../src/onnx/onnx_pb.ts';
import { dataTypeCode } from '../../../src/onnx/tensorProto.ts';
import { floatTensor } from '../../../src/onnx/tensor.ts';
import { problemsOf, removeFolder, temporaryFolder } from '../../support/datasets.ts';
import { classTable, matchToTable, scoreTeacher } from '../../support/tableTeacher.ts';

const cast = (graph: Graph, value: Value, type: 'float32' | 'float64' | 'int64'): Value =>
  graph.op('Cast', [value], { to: int(dataTypeCode(type)) });

describe('the inputs and outputs of a teacher', () => {
  const folder = temporaryFolder();
  after(() => {
    removeFolder(folder);
  });
  const table = classTable(80);
  const notesOf = ({ matched }: Awaited<ReturnType<typeof matchToTable>>): string => matched.notes.join('\n');

  it('are used through their log-odds where they are sigmoids', async () => {
    const plain = await matchToTable(folder, table, scoreTeacher());
    const sigmoids = await matchToTable(
      folder,
      table,
      scoreTeacher((graph, scores) => graph.op('Sigmoid', [scores])),
    );
    assert.match(notesOf(plain), /decides 100\.0 % .* gives logits\.$/);
    assert.match(
      notesOf(sigmoids),
      /values of 0…1 that do not sum to 1 \(sigmoids\), so their log-odds are used as logits/,
    );
    for (const [index, logit] of plain.outputs.entries()) {
      assert.ok(Math.abs((sigmoids.outputs[index] ?? NaN) - logit) < 1e-4);
    }
  });

  it('are the logit of the second class where there is one for two', async () => {
    const two = table.replaceAll(',c\n', ',b\n');
    // Above all others the score of a makes the class a.
    const isA = (graph: Graph, scores: Value): Value => {
      const score = (index: number): Value => graph.op('Gather', [scores, graph.integers([index])], { axis: int(1) });
      return graph.op('Sub', [graph.op('Max', [score(1), score(2)]), score(0)]);
    };
    const logit = await matchToTable(folder, two, scoreTeacher(isA));
    const sigmoid = await matchToTable(
      folder,
      two,
      scoreTeacher((graph, scores) => graph.op('Sigmoid', [isA(graph, scores)])),
    );
    for (const said of [logit, sigmoid]) {
      assert.match(notesOf(said), /decides 100\.0 % /);
      assert.equal(said.outputs.length, said.dataset.validation.count * 2);
    }
    assert.match(notesOf(sigmoid), /taken for the probability of the second/);
  });

  it('that are NaN refuse the teacher, with the number of samples', async () => {
    // The logarithm of negative numbers: NaN for some samples and classes only.
    const [problem] = await problemsOf(
      matchToTable(
        folder,
        table,
        scoreTeacher((graph, scores) => graph.op('Log', [scores])),
      ),
    );
    assert.match(problem?.message ?? '', /^The teacher gives NaN for \d+ of \d+ validation samples\.$/);
  });

  it('may be of double precision', async () => {
    const teacher = scoreTeacher((graph, scores) => cast(graph, scores, 'float64'), {
      type: 'float64',
      toFloats: (graph, input) => cast(graph, input, 'float32'),
    });
    const said = await matchToTable(folder, table, teacher);
    assert.match(notesOf(said), /takes numbers of type float64/);
    assert.match(notesOf(said), /decides 100\.0 % /);
  });

  it('may be whole numbers where the dataset has such, scaled or not, and are refused where it has fractions', async () => {
    const teacher = scoreTeacher(undefined, {
      type: 'int64',
      toFloats: (graph, input) => cast(graph, input, 'float32'),
    });
    const [problem] = await problemsOf(matchToTable(folder, table, teacher));
    assert.match(
      problem?.message ?? '',
      /takes whole numbers \('input' is int64\), but the samples of the dataset have fractions/,
    );
    const whole = classTable(80, (value) => Math.round(value * 20));
    for (const scaling of ['none', 'standard'] as const) {
      const said = await matchToTable(folder, whole, teacher, { options: { scaling } });
      assert.match(notesOf(said), /decides 100\.0 % /, scaling);
    }
  });

  it('are asked sample by sample where more at once fail', async () => {
    const teacher = scoreTeacher((graph, scores) => graph.op('Reshape', [scores, graph.integers([1, 3])]));
    const said = await matchToTable(folder, table, teacher);
    assert.equal(said.matched.model.fixedBatch, 1);
    assert.match(
      notesOf(said),
      /asked about one sample at a time, because it fails with more: ONNX Runtime cannot compute/,
    );
    assert.doesNotMatch(notesOf(said), /onnxruntime_src|::/);
    assert.match(notesOf(said), /decides 100\.0 % /);
  });

  it('in the own units of the data become scaled ones, and that is told with R²', async () => {
    const rows = Array.from({ length: 60 }, (_, row) => {
      const [x, y] = [row % 7, Math.sin(row) * 30];
      return `${x},${y},${100 + 5 * x - 2 * y}`;
    });
    const said = await matchToTable(folder, `x,y,price\n${rows.join('\n')}\n`, priceTeacher(), {
      options: { scaling: 'standard', task: 'regression', target: 'price' },
    });
    assert.match(notesOf(said), /^The teacher's R² on \d+ validation samples is 1\.000 \(output 'said'\)\.$/);
    assert.match(said.matched.warnings[0]?.message ?? '', /it is 1\.000 when it gets inputs in the data's own units/);
    assert.match(said.matched.warnings[0]?.hint ?? '', /dataset\.scaling/);
    const { targets } = said.dataset.validation;
    assert.ok(targets.kind === 'values');
    for (const [index, value] of targets.values.entries())
      assert.ok(Math.abs((said.outputs[index] ?? NaN) - value) < 1e-3);
  });
});

function priceTeacher(): ModelProto {
  const graph = new Graph();
  const input = graph.input('input', 'float32', ['batch', 2]);
  const weight = graph.initializer('weight', floatTensor([5, -2], [2, 1]));
  graph.output(graph.op('Gemm', [input, weight, graph.initializer('bias', floatTensor([100]))]), 'said');
  return exportModel(graph, { name: 'price' });
}
