import assert from 'node:assert/strict';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { main } from '../../../../src/cli/main.ts';
import { commandOutputs } from '../../../../src/cli/outputs/commandOutputs.ts';
import { parseExperiment } from '../../../../src/experiment/parseExperiment.ts';
import { readExperimentFile } from '../../../../src/experiment/readExperimentFile.ts';
import { fakeTerminal } from '../../../support/fakeTerminal.ts';
import { withTemporaryFolder } from '../../../support/programs.ts';

describe('distillery init', () => {
  it('writes a commented experiment of what it is told, with paths from the file on, and says what comes next', () =>
    withTemporaryFolder(async (folder) => {
      const terminal = fakeTerminal(folder);
      const args = [
        'init',
        'sub/small',
        '--teacher',
        'big.onnx',
        '--dataset',
        'data',
        '--student',
        'convnet',
        '--name',
        'Small',
      ];
      assert.equal(await main(args, terminal), 0);
      assert.equal(terminal.out.text, 'sub/small.distill.json\n');
      assert.match(terminal.error.text, /template 'model'.*\nThen: distillery run sub\/small\.distill\.json/);
      const file = join(folder, 'sub', 'small.distill.json');
      assert.match(await readFile(file, 'utf8'), /\/\/ The network that is imitated/);
      const { name, teacher, dataset, student } = parseExperiment(await readExperimentFile(file));
      assert.deepEqual([name, teacher, dataset.path], ['Small', { model: '../big.onnx' }, '../data']);
      assert.ok('architecture' in student && student.architecture === 'convnet');
    }));

  it('says what comes next as a shell takes it', () =>
    withTemporaryFolder(async (folder) => {
      const terminal = fakeTerminal(folder);
      assert.equal(await main(['init', "it's mine/a b", '--template', 'digits'], terminal), 0);
      assert.match(terminal.error.text, /Then: distillery run 'it'\\''s mine\/a b\.distill\.json' /);
    }));

  it('says what it was not told, and takes the template that suits what it was', () =>
    withTemporaryFolder(async (folder) => {
      const terminal = fakeTerminal(folder);
      assert.equal(await main(['init', '--dataset', 'data'], terminal), 0);
      assert.match(terminal.error.text, /template 'train-teacher'.*\nNot told, .*: student\./);
      const json = fakeTerminal(folder);
      assert.equal(await main(['init', 'other', '--json'], json), 0);
      assert.deepEqual(commandOutputs.init.parse(JSON.parse(json.out.text)), {
        file: 'other.distill.json',
        template: 'model',
      });
    }));

  it('asks on a terminal, and proposes the only model that there is', () =>
    withTemporaryFolder(async (folder) => {
      await writeFile(join(folder, 'only.onnx'), '');
      const asked: string[] = [];
      const answers = ['nonsense', '1', '', 'data', 'nothing', 'resnet'];
      const terminal = fakeTerminal(folder);
      const ask = (question: string): Promise<string> => {
        asked.push(question);
        return Promise.resolve(answers.shift() ?? '');
      };
      assert.equal(await main(['init'], { ...terminal, ask }), 0);
      assert.match(asked.join('|'), /^Template \[model\]: \|Template.*\|Teacher .* \[only\.onnx\]: \|Data .*\|Student/);
      assert.deepEqual(answers, []);
      const written = await readFile(join(folder, 'experiment.distill.json'), 'utf8');
      for (const answer of ['"only.onnx"', '"data"', '"resnet"']) assert.ok(written.includes(answer), answer);
    }));

  it('replaces nothing unless it is told to', () =>
    withTemporaryFolder(async (folder) => {
      await writeFile(join(folder, 'experiment.distill.json'), 'mine');
      assert.equal(await main(['init'], fakeTerminal(folder)), 2);
      assert.equal(await readFile(join(folder, 'experiment.distill.json'), 'utf8'), 'mine');
      assert.equal(await main(['init', '--force'], fakeTerminal(folder)), 0);
      assert.notEqual(await readFile(join(folder, 'experiment.distill.json'), 'utf8'), 'mine');
    }));

  it('refuses what the template has no place for, and what is no architecture', () =>
    withTemporaryFolder(async (folder) => {
      await mkdir(join(folder, 'kept'));
      const terminal = fakeTerminal(folder);
      assert.equal(await main(['init', '--template', 'digits', '--teacher', 'a.onnx'], terminal), 2);
      assert.match(terminal.error.text, /--teacher {2}has no place in the template 'digits'/);
      const other = fakeTerminal(folder);
      assert.equal(await main(['init', '--student', 'mlpp'], other), 2);
      assert.match(other.error.text, /'mlpp' is not an architecture; did you mean 'mlp'\?/);
      assert.deepEqual(await readdir(folder), ['kept']);
    }));
});
