import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { main } from '../../src/cli/main.ts';
import { removeFolder, temporaryFolder } from '../support/datasets.ts';
import { fakeTerminal } from '../support/fakeTerminal.ts';
import { labelsAlone, removeRuns, run, tinyExperiment } from '../support/runs.ts';
import { smallDigits } from '../support/smallDigits.ts';

describe('what a dataset is like', () => {
  const folder = temporaryFolder();
  after(() => {
    removeFolder(folder);
    removeRuns();
  });

  it('is told as a warning where results may suffer', async () => {
    const path = join(folder, 'table.csv');
    const rows = Array.from({ length: 60 }, (_, index) => `${index % 7},5,${index % 2 === 0 ? 'even' : 'odd'}`);
    writeFileSync(path, ['x,constant,label', ...rows, ''].join('\n'));
    const { events } = await run({
      teacher: null,
      dataset: { path },
      student: { architecture: 'mlp', hidden: [4] },
      training: { epochs: 1, batchSize: 8 },
      device: 'cpu',
    });
    const warnings = events.flatMap((event) => (event.kind === 'warning' ? [event.problem.message] : []));
    assert.ok(
      warnings.some((message) => message.includes('constant')),
      warnings.join('\n'),
    );
  });

  it('is told beside what a model was made for, where that differs', async () => {
    const made = await run({
      ...tinyExperiment,
      teacher: null,
      objective: labelsAlone,
      dataset: { path: smallDigits(), limit: 100, normalization: 'mnist' },
      training: { epochs: 1, batchSize: 50 },
      rawInput: true,
    });
    assert.ok(existsSync(join(made.folder, 'student.raw.onnx')));
    const { events } = await run(
      {
        ...tinyExperiment,
        teacher: null,
        objective: labelsAlone,
        student: { model: join(made.folder, 'student.onnx') },
        // Left to Distillery it would be what the file says.
        dataset: { path: smallDigits(), limit: 100, normalization: 'none' },
      },
      (event, controller) => {
        if (event.kind === 'phase' && event.phase === 'student') controller.abort();
      },
    );
    const warnings = events.flatMap((event) => (event.kind === 'warning' ? [event.problem] : []));
    assert.equal(warnings[0]?.where, 'student.model');
    assert.match(warnings[0].message, /^The model was made for values normalised with mean 0\.1307/);
    const terminal = fakeTerminal('.');
    assert.equal(await main(['inspect', join(made.folder, 'student.onnx')], terminal), 0);
    assert.match(terminal.out.text, /^Sample +pixels \[1, 28, 28\], NCHW$/m);
    assert.doesNotMatch(terminal.out.text, /distillery\.data\b/);
  });
});
