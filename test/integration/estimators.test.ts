import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main } from '../../src/cli/main.ts';
import { BadInputError } from '../../src/errors.ts';
import type { ExperimentInput } from '../../src/experiment/schema.ts';
import { exportModel } from '../../src/onnx/exporting/exportModel.ts';
import { loadModel, saveModel } from '../../src/onnx/file.ts';
import type { DecisionTreeReport } from '../../src/report/trees/decisionTreeReport.ts';
import { readTree } from '../../src/runFolder/readRun.ts';
import { randomStream } from '../../src/data/random.ts';
import { buildStudent } from '../../src/students/buildStudent.ts';
import { classifierForm } from '../../src/students/networkForm.ts';
import { fakeTerminal } from '../support/fakeTerminal.ts';
import { removeRuns, run, type FinishedRun } from '../support/runs.ts';

const data = (name: string): string => fileURLToPath(new URL(`../../examples/data/${name}`, import.meta.url));

const fruit = {
  teacher: { architecture: 'random-forest', trees: 20 },
  dataset: { path: data('fruit.csv') },
  student: { architecture: 'decision-tree', leaves: 8 },
  report: { attentionSamples: 0 },
  device: 'cpu',
} as const satisfies ExperimentInput;

async function operatorsOf(folder: string, file: string): Promise<Set<string>> {
  const { proto } = await loadModel(join(folder, file));
  return new Set(proto.graph?.node.map(({ domain, opType }) => (domain === '' ? opType : `${domain}.${opType}`)));
}

describe('a student that is fitted at once', function () {
  let finished: FinishedRun;

  before(async () => {
    finished = await run(fruit);
  });

  after(removeRuns);

  it('takes the ordinary way of a run: teacher, student, baseline and report', async () => {
    const { result, events, folder } = finished;
    const { student, baseline, teacher, agreement, exportDifference, ratios, choice } = result.report!;
    assert.ok(teacher!.test.accuracy! > 0.8, 'the forest learned little');
    assert.ok(student.test.accuracy! > 0.6, 'the tree learned little');
    assert.equal(student.endedBy, 'fitted');
    assert.ok(baseline && agreement! > 0.6);
    assert.ok(exportDifference! < 1e-5);
    // Seven thresholds at most, and eight leaves with a share for each class.
    const classes = result.report!.dataset.classes.length;
    assert.equal((student.parameters + 1) % (classes + 1), 0);
    assert.ok(student.parameters <= 7 + 8 * classes && ratios!.parameters > 10);
    // Three fits: the usual objective, the labels alone, the teacher alone.
    assert.deepEqual(
      choice?.trials.map(({ name }) => name),
      ['kd T 1 × 0.9 + labels × 0.1', 'labels × 1', 'kd T 1 × 1'],
    );
    assert.ok(choice.trials.some(({ name, accuracy }) => name === choice.chosen && accuracy! > 0.6));
    const told = events.flatMap((event) => (event.kind === 'phase' ? [event.message] : []));
    assert.ok(told.some((message) => /^Fitted 20 trees/.test(message)));
    assert.ok(told.some((message) => /^Fitted a tree with \d leaves/.test(message)));
    assert.ok(told.every((message) => !message.includes('epochs')));
    assert.ok((await operatorsOf(folder, 'student.onnx')).has('ai.onnx.ml.TreeEnsembleRegressor'));
  });

  it('writes the rules of a tree, with what the test samples do in it', async () => {
    const { result, folder } = finished;
    const tree = (await readTree(folder)) as DecisionTreeReport;
    const { dataset, student } = result.report!;
    assert.deepEqual(tree.classes, dataset.classes);
    assert.equal(tree.nodes[0]!.samples, dataset.test);
    const ends = tree.nodes.filter(({ question }) => question === null);
    assert.equal(ends.length, tree.leaves);
    for (const { question, yes, no, samples } of tree.nodes) {
      if (question !== null) assert.equal(tree.nodes[yes]!.samples + tree.nodes[no]!.samples, samples);
    }
    // As the written file decides: what the leaves say of the samples that are shown is what the report has of them.
    assert.ok(tree.paths.filter(({ isRight }) => !isRight).length <= student.test.errors!);
    for (const { nodes, facts, predicted } of tree.paths) {
      const said = tree.nodes[nodes.at(-1)!]!.values;
      assert.equal(tree.classes[said.indexOf(Math.max(...said))], predicted);
      assert.equal(facts.length, nodes.length - 1);
    }
    const page = await readFile(join(folder, 'report.html'), 'utf8');
    assert.match(page, /The rules as text/);
    const terminal = fakeTerminal(folder);
    await main(['report', folder], terminal);
    assert.match(terminal.out.text, /Decision tree: \d leaves/);
  });

  it('teaches a linear model numbers', async () => {
    const { result, folder } = await run({
      ...fruit,
      teacher: { architecture: 'gradient-boosting', rounds: 30 },
      dataset: { path: data('houses.csv'), task: 'regression', target: 'price' },
      student: { architecture: 'linear' },
      baseline: false,
    });
    const { student, teacher } = result.report!;
    assert.ok(student.targets[0]!.determination > 0.5 && teacher!.targets[0]!.determination > 0.5);
    assert.deepEqual(await operatorsOf(folder, 'student.onnx'), new Set(['MatMul', 'Add', 'Reshape']));
    assert.deepEqual(
      await operatorsOf(folder, 'teacher.onnx'),
      new Set(['ai.onnx.ml.TreeEnsembleRegressor', 'Reshape']),
    );
  });

  it('is the head on what an extractor makes of the samples, and written behind it', async () => {
    const { folder: earlier } = finished;
    const { proto } = await loadModel(join(earlier, 'student.onnx'));
    const features = Number(proto.graph?.input[0]?.type?.value.value?.shape?.dim.at(-1)?.value.value);
    const graph = buildStudent(
      { architecture: 'mlp', hidden: [12], dropout: 0 },
      classifierForm([features], 3),
      randomStream(0, 'front'),
    );
    const path = join(earlier, 'front.onnx');
    await saveModel(path, exportModel(graph, { name: 'front' }));
    const { result, folder } = await run({
      ...fruit,
      student: { extractor: path, head: { architecture: 'gradient-boosting', rounds: 10 } },
      baseline: false,
    });
    assert.ok(result.report!.student.test.accuracy! > 0.6);
    assert.equal(result.report!.student.endedBy, 'fitted');
    const operators = await operatorsOf(folder, 'student.onnx');
    assert.ok(operators.has('Gemm') && operators.has('ai.onnx.ml.TreeEnsembleRegressor'));
  });

  it('is refused where it cannot be fitted as the experiment asks, all problems at once', async () => {
    const experiment = {
      ...fruit,
      teacher: { architecture: 'svm', training: { epochs: 3 } },
      objective: [{ loss: 'kd', temperature: 4, weight: 1 }],
      quantization: {},
      augmentation: { mixup: 0.2 },
    } as const satisfies ExperimentInput;
    await assert.rejects(run(experiment), (error: unknown) => {
      assert.ok(error instanceof BadInputError);
      const where = error.problems.map((problem) => problem.where);
      for (const field of ['teacher.training', 'objective[0]', 'quantization', 'augmentation']) {
        assert.ok(where.includes(field), `${field} is not among ${where.join()}`);
      }
      return true;
    });
  });
});
