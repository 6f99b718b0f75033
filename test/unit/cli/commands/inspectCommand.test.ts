import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../../../src/cli/main.ts';
import { commandOutputs } from '../../../../src/cli/outputs/commandOutputs.ts';
import type { FeatureCandidate } from '../../../../src/objectives/features/candidates.ts';
import type { ModelSummary } from '../../../../src/onnx/inspect.ts';
import { randomStream } from '../../../../src/data/random.ts';
import { exportModel } from '../../../../src/onnx/exporting/exportModel.ts';
import { saveModel } from '../../../../src/onnx/file.ts';
import { buildStudent } from '../../../../src/students/buildStudent.ts';
import { classifierForm } from '../../../../src/students/networkForm.ts';
import { fakeTerminal } from '../../../support/fakeTerminal.ts';
import { requireShared } from '../../../support/shared.ts';

describe('distillery inspect', () => {
  it('shows what a model is', async function () {
    const model = requireShared(this, 'models/mnist-mlp-1200.onnx');
    const terminal = fakeTerminal('.');
    assert.equal(await main(['inspect', model], terminal), 0);
    // 784 × 1200 + 1200 × 1200 + 1200 × 10 products, and 2,410 biases.
    assert.match(terminal.out.text, /^Parameters +2\.40 M \(2,395,210\)$/m);
    assert.match(terminal.out.text, /^MACs per sample +2\.39 M \(2,392,800\)$/m);
    assert.match(terminal.out.text, /^Operators +.*Gemm 3/m);
    assert.match(terminal.out.text, /^Input +\S+: float32\[\S+, 1, 28, 28\]$/m);
    assert.equal(terminal.error.text, '');
    assert.doesNotMatch(terminal.out.text, /Layer +│/);

    assert.equal(await main(['inspect', model, '--layers'], terminal), 0);
    assert.match(terminal.out.text, /│ Gemm +│ \[1, 1200\] +│ +942,000 │ +940,800 │/);
  });

  it('lists the values inside the model that a loss can compare, and marks the last of each stage', async function () {
    const model = requireShared(this, 'models/cifar10-resnet14.onnx');
    const terminal = fakeTerminal('.');
    assert.equal(await main(['inspect', model], terminal), 0);
    assert.match(terminal.out.text, /^Features:/m);
    for (const stage of ['32×32', '16×16', '8×8']) {
      assert.equal([...terminal.out.text.matchAll(new RegExp(`last of ${stage}`, 'g'))].length, 1, stage);
    }
  });

  it('lists what student and teacher of an experiment have, and proposes pairs', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'distillery-'));
    try {
      const experiment = {
        teacher: { architecture: 'mlp', hidden: [32], training: { epochs: 1 } },
        dataset: { path: 'builtin:digits', limit: 100 },
        student: { architecture: 'mlp', hidden: [16] },
      };
      await writeFile(join(folder, 'a.distill.json'), JSON.stringify(experiment));
      const terminal = fakeTerminal(folder);
      assert.equal(await main(['inspect', 'a.distill.json'], terminal), 0);
      assert.match(
        terminal.out.text,
        /The student's values[\s\S]*\[batch, 16\][\s\S]*The teacher's values[\s\S]*\[batch, 32\]/,
      );
      assert.match(terminal.out.text, /Pairs to begin with[\s\S]*vectors/);

      assert.doesNotMatch(
        terminal.out.text,
        /The teacher's outputs/,
        'of a teacher that is trained first nothing is kept',
      );

      const json = fakeTerminal(folder);
      assert.equal(await main(['inspect', 'a.distill.json', '--json'], json), 0);
      const { pairs } = commandOutputs['inspect-experiment'].parse(JSON.parse(json.out.text));
      assert.equal(pairs.length, 1);

      await writeFile(join(folder, 'b.distill.json'), JSON.stringify({ ...experiment, teacher: null }));
      assert.equal(await main(['inspect', 'b.distill.json'], terminal), 2);
      assert.match(terminal.error.text, /teacher/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("tells what the teacher's outputs of an experiment take, before it is run", async () => {
    const folder = await mkdtemp(join(tmpdir(), 'distillery-'));
    try {
      const graph = buildStudent({ architecture: 'mlp', hidden: [4] }, classifierForm([784], 10), randomStream(1, 'w'));
      await saveModel(join(folder, 'teacher.onnx'), exportModel(graph, { name: 'teacher' }));
      const experiment = {
        teacher: { model: 'teacher.onnx' },
        dataset: { path: 'builtin:digits', limit: 100 },
        student: { architecture: 'mlp', hidden: [16] },
        training: { epochs: 4 },
        augmentation: { shift: 2 },
        cache: { views: 3, precision: 'float16' },
      };
      await writeFile(join(folder, 'a.distill.json'), JSON.stringify(experiment));
      const terminal = fakeTerminal(folder);
      assert.equal(await main(['inspect', 'a.distill.json'], terminal), 0);
      const { text } = terminal.out;
      assert.match(text, /asked about every view in the first epoch that sees it\. .* takes 12\.0 kB of memory\./);
      assert.match(text, /teacher\.onnx\W+training, 3 views\W+no\W+6\.0 kB/);
      assert.match(text, /kB on the disk in '\.distillery\/cache', of which 0 B are there already\./);

      await writeFile(join(folder, 'b.distill.json'), JSON.stringify({ ...experiment, cache: { keep: false } }));
      const unkept = fakeTerminal(folder);
      assert.equal(await main(['inspect', 'b.distill.json'], unkept), 0);
      assert.match(unkept.out.text, /asked at every step\.\nNothing is kept on the disk\./);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('prints nothing but one JSON document when asked to', async function () {
    const model = requireShared(this, 'models/cifar10-resnet14.onnx');
    const terminal = fakeTerminal('.');
    assert.equal(await main(['inspect', model, '--json'], terminal), 0);
    const summary = JSON.parse(terminal.out.text) as ModelSummary & {
      readonly features: readonly FeatureCandidate[];
    };
    assert.ok(summary.layers.some((layer) => layer.operator === 'Conv'));
    assert.deepEqual(
      summary.features.filter(({ lastOfStage }) => lastOfStage).map(({ stage }) => stage),
      ['32×32', '16×16', '8×8', 'pooled maps', 'vectors'],
    );
    assert.equal(terminal.error.text, '');
  });

  it('takes a file without an ending for what it begins as', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'distillery-test-'));
    try {
      const lines = Array.from(
        { length: 40 },
        (_, row) => `${row % 2 === 0 ? 'ham' : 'spam'}\tsome words ${'and more '.repeat(row % 5)}of text ${row}`,
      );
      await writeFile(join(folder, 'Collection'), lines.join('\n'));
      const data = fakeTerminal(folder);
      assert.equal(await main(['inspect', 'Collection'], data), 0);
      assert.match(data.out.text, /Target +column 1: the others have texts/);
      const graph = buildStudent(
        { architecture: 'mlp', hidden: [4] },
        classifierForm([2], 2),
        randomStream(0, 'weights'),
      );
      await saveModel(join(folder, 'model'), exportModel(graph, { name: 'student' }));
      const model = fakeTerminal(folder);
      assert.equal(await main(['inspect', 'model'], model), 0);
      assert.match(model.out.text, /MACs per sample/);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('refuses what is no model in one sentence', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'distillery-'));
    try {
      await writeFile(join(folder, 'a.onnx'), 'not a model');
      const terminal = fakeTerminal(folder);
      assert.equal(await main(['inspect', 'a.onnx'], terminal), 2);
      assert.equal(terminal.error.text.trimEnd().split('\n').length, 1);
      assert.match(terminal.error.text, /a\.onnx' cannot be used: it is not an ONNX model but a text file/);
      assert.equal(await main(['inspect', 'b.onnx'], terminal), 2);
      assert.match(terminal.error.text, /b\.onnx {2}there is no such file or folder/);
      assert.equal(await main(['inspect'], terminal), 2);
      assert.match(terminal.error.text, /FILE {2}is missing: An \.onnx file, an experiment file .* or data/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('shows what differs in another model with --diff', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'distillery-diff-'));
    try {
      const form = classifierForm([1, 4, 4], 3);
      for (const seed of [1, 2]) {
        const graph = buildStudent({ architecture: 'mlp', hidden: [8] }, form, randomStream(seed, 'weights'));
        await saveModel(join(folder, `${seed}.onnx`), exportModel(graph, { name: 'net', dynamicBatch: true }));
      }
      const terminal = fakeTerminal(folder);
      assert.equal(await main(['inspect', '1.onnx', '--diff', '2.onnx', '--json'], terminal), 0);
      const { tensors, nodes } = commandOutputs['inspect-diff'].parse(JSON.parse(terminal.out.text));
      assert.deepEqual(nodes, []);
      assert.ok(tensors.length > 0 && tensors.every(({ kind, norm }) => kind === 'changed' && (norm ?? 0) > 0));
      const readable = fakeTerminal(folder);
      assert.equal(await main(['inspect', '1.onnx', '--diff', '2.onnx'], readable), 0);
      assert.match(readable.out.text, /Norm/);
      const one = fakeTerminal(folder);
      assert.equal(await main(['inspect', '1.onnx', '--json'], one), 0);
      assert.ok(commandOutputs.inspect.parse(JSON.parse(one.out.text)).layers.length > 0);
      const same = fakeTerminal(folder);
      assert.equal(await main(['inspect', '1.onnx', '--diff', '1.onnx'], same), 0);
      assert.match(same.out.text, /are the same/);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
