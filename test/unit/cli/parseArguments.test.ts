import assert from 'node:assert/strict';
import { oneOf, wholeNumber } from '../../../src/cli/checks.ts';
import type { Command } from '../../../src/cli/command.ts';
import { parseArguments } from '../../../src/cli/parseArguments.ts';
import { BadInputError } from '../../../src/errors.ts';

const command: Command = {
  name: 'brew',
  summary: '',
  details: '',
  operand: {
    name: 'FILE',
    isRequired: true,
    description: 'what to brew.',
    check: (value) => (value === 'absent' ? { message: 'there is no such file' } : undefined),
  },
  options: [
    { name: 'json', description: '' },
    { name: 'out', value: 'DIR', description: '' },
    { name: 'seed', value: 'N', description: '', check: wholeNumber(0, 10) },
    { name: 'device', value: 'DEVICE', description: '', check: oneOf('a device', ['cpu', 'webgpu']) },
  ],
  run: () => Promise.resolve(0),
};

function problemsOf(...args: string[]): readonly string[] {
  try {
    parseArguments(command, args, '.');
  } catch (error) {
    if (error instanceof BadInputError) return error.problems.map(({ where, message }) => `${where} ${message}`);
    throw error;
  }
  return [];
}

describe('parseArguments', () => {
  it('reads operand, switches and values in any order', () => {
    const given = parseArguments(command, ['--seed=3', 'a.json', '--json', '--out', 'dir'], '.');
    assert.equal(given.operand, 'a.json');
    assert.deepEqual([...given.switches], ['json']);
    assert.deepEqual(
      [...given.values],
      [
        ['seed', '3'],
        ['out', 'dir'],
      ],
    );
  });

  it('takes what follows -- for operands', () => {
    assert.equal(parseArguments(command, ['--', '--odd'], '.').operand, '--odd');
  });

  it('takes negative numbers for values, and refuses empty words', () => {
    assert.deepEqual(problemsOf('a', '--seed', '-1'), ["--seed must be a whole number from 0 to 10 (found '-1')"]);
    assert.deepEqual(problemsOf('a', '--seed', '--json'), ['--seed needs a value']);
    assert.deepEqual(problemsOf('', '--out', ''), ['--out must not be empty', 'FILE must not be empty']);
  });

  it('tells every problem at once', () => {
    assert.deepEqual(problemsOf('absent', 'b', '--jsn', '--seed', 'x', '--device', 'gpu', '--json=1', '--out'), [
      "--jsn is not an option of 'brew'; did you mean --json?",
      "--seed must be a whole number from 0 to 10 (found 'x')",
      "--device 'gpu' is not a device; did you mean 'cpu'?",
      "--json takes no value (found '1')",
      '--out needs a value',
      'absent there is no such file',
      "b is too much: 'brew' takes one FILE",
    ]);
  });

  it('asks for an operand that is missing', () => {
    assert.deepEqual(problemsOf('--json'), ['FILE is missing: what to brew.']);
  });

  it('does not take an option for the value of another', () => {
    assert.deepEqual(problemsOf('a', '--out', '--json'), ['--out needs a value']);
    assert.deepEqual([...parseArguments(command, ['a', '--out=-odd'], '.').values], [['out', '-odd']]);
  });

  it('asks for nothing when help is wanted', () => {
    assert.ok(parseArguments(command, ['--help'], '.').switches.has('help'));
    assert.ok(parseArguments(command, ['-h', '--nonsense'], '.').switches.has('help'));
  });
});
