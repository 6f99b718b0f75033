import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { applyEdits } from 'jsonc-parser';
import { diagnose, placed } from '../../../../src/extension/language/diagnose.ts';
import { mendAll, quickFixes } from '../../../../src/extension/language/quickFixes.ts';
import { withTemporaryFolder } from '../../../support/programs.ts';
import { english as inEnglish } from '../../../../src/experiment/words.ts';

const GOOD = '{ "teacher": null, "dataset": { "path": "builtin:digits" }, "student": { "architecture": "mlp" } }';

async function problemsIn(text: string, baseDirectory = '/nowhere') {
  const problems = await diagnose(text, { baseDirectory, translate: inEnglish });
  return problems.map((found) => ({
    ...found,
    piece: text.slice(found.stretch.offset, found.stretch.offset + found.stretch.length),
    titles: quickFixes(text, found, inEnglish).map(({ title }) => title),
  }));
}

describe('what an editor says is wrong with an experiment file', () => {
  it('is nothing where nothing is', async () => {
    assert.deepEqual(await problemsIn(GOOD), []);
    assert.deepEqual(await problemsIn(`// comments\n${GOOD.replace(' }', ', }')}`), []);
  });

  it('names the architecture that was meant, at the value, and offers it first', async () => {
    const [problem] = await problemsIn(GOOD.replace('mlp', 'mlpp'));
    assert.ok(problem);
    assert.equal(problem.problem.message, "'mlpp' is not an architecture; did you mean 'mlp'?");
    assert.equal(problem.piece, '"mlpp"');
    assert.deepEqual(problem.titles.slice(0, 2), ['Write "mlp"', 'Write "convnet"']);
  });

  it('underlines the name of an unknown field, and renames or removes it', async () => {
    const text = GOOD.replace('"student"', '"trainin": { "seed": 1 }, "student"');
    const [problem] = await problemsIn(text);
    assert.ok(problem);
    assert.equal(problem.piece, '"trainin"');
    assert.deepEqual(problem.titles, ["Rename 'trainin' to 'training'", "Remove 'trainin'"]);
    const [rename, remove] = quickFixes(text, problem, inEnglish);
    assert.ok(rename?.isPreferred);
    assert.equal(applyEdits(text, [...rename.edits]), text.replace('trainin', 'training'));
    assert.deepEqual(JSON.parse(applyEdits(text, [...(remove?.edits ?? [])])), JSON.parse(GOOD));
  });

  it('adds what is missing', async () => {
    const text = '{\n  "teacher": null,\n  "student": { "architecture": "mlp" }\n}';
    const [problem] = await problemsIn(text);
    assert.ok(problem);
    assert.deepEqual(problem.titles, ['Add "dataset": {"path":""}']);
    const [add] = quickFixes(text, problem, inEnglish);
    assert.deepEqual(JSON.parse(applyEdits(text, [...(add?.edits ?? [])])), {
      ...(JSON.parse(text) as object),
      dataset: { path: '' },
    });
  });

  it('tells where the text is no JSON', async () => {
    const [problem] = await problemsIn('{\n  "teacher": nul\n}');
    assert.ok(problem);
    assert.equal(problem.piece, 'nul');
    assert.match(problem.problem.message, /is not JSON/);
  });

  it('misses files, and knows which one was meant', () =>
    withTemporaryFolder(async (folder) => {
      await mkdir(join(folder, 'models'));
      await writeFile(join(folder, 'models', 'teacher.onnx'), '');
      const text = GOOD.replace('null', '{ "model": "models/techer.onnx" }');
      const [problem, ...others] = await problemsIn(text, folder);
      assert.deepEqual(others, []);
      assert.ok(problem);
      assert.equal(problem.problem.message, "there is no such file; did you mean 'models/teacher.onnx'?");
      assert.equal(problem.piece, '"models/techer.onnx"');
      assert.deepEqual(problem.titles, ['Write "models/teacher.onnx"']);
      const further = GOOD.replace('digits"', 'digits", "unlabelled": ["builtin:digits", "more"]');
      assert.deepEqual(
        (await problemsIn(further, folder)).map(({ problem: { where }, piece }) => [where, piece]),
        [['dataset.unlabelled[1]', '"more"']],
      );
    }));

  it('mends at once what is clear, and leaves the rest', async () => {
    const text = GOOD.replace('mlp', 'mlpp').replace(
      '"student"',
      '"colour": 1, "trainin": { "epochs": "5" }, "student"',
    );
    const mended = mendAll(text, await problemsIn(text));
    assert.deepEqual(JSON.parse(mended), {
      teacher: null,
      dataset: { path: 'builtin:digits' },
      colour: 1,
      training: { epochs: '5' },
      student: { architecture: 'mlp' },
    });
    const again = mendAll(mended, await problemsIn(mended));
    assert.deepEqual((JSON.parse(again) as { training: unknown }).training, { epochs: 5 });
  });

  it('places what a run found', () => {
    const [problem] = placed(GOOD, [{ where: 'dataset.path', message: 'A class has no samples.' }], 'warning');
    assert.equal(GOOD.slice(problem?.stretch.offset, (problem?.stretch.offset ?? 0) + 16), '"builtin:digits"');
  });
});
