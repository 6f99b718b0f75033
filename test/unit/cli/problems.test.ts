import assert from 'node:assert/strict';
import { listProblems } from '../../../src/cli/problems.ts';
import { fakeOutput } from '../../support/fakeTerminal.ts';

describe('listProblems', () => {
  it('lists every problem under its subject, messages aligned', () => {
    const problems = [
      { where: 'training.batchSize', message: 'must be at least 1 (found 0)' },
      { where: 'device', message: "'gpu' is not a device", hint: "Must be 'cpu'." },
    ];
    assert.equal(
      listProblems('mnist.distill.json', problems, fakeOutput()),
      [
        'mnist.distill.json has 2 problems:',
        '  training.batchSize  must be at least 1 (found 0)',
        "  device              'gpu' is not a device",
        "                      Must be 'cpu'.",
        '',
      ].join('\n'),
    );
  });

  it('puts the message below a long path', () => {
    const where = 'a/very/long/path/to/some/file/of/a/dataset.csv';
    assert.equal(
      listProblems('x', [{ where, message: 'is empty' }], fakeOutput()),
      `x has a problem:\n  ${where}\n    is empty\n`,
    );
  });

  it('colours only where colours are shown', () => {
    const problems = [{ where: 'a', message: 'b', hint: 'c' }];
    assert.ok(listProblems('x', problems, fakeOutput({ hasColors: true })).includes('\x1b['));
    assert.ok(!listProblems('x', problems, fakeOutput()).includes('\x1b['));
  });
});
