import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { listProblems } from '../../../../src/cli/problems.ts';
import { taskInvocation } from '../../../../src/extension/tasks/taskInvocation.ts';
import { fakeOutput } from '../../../support/fakeTerminal.ts';

interface Pattern {
  readonly regexp: string;
  readonly code: number;
  readonly message: number;
  readonly file: number;
  readonly line: number;
  readonly column: number;
}

const manifest = JSON.parse(readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8')) as {
  contributes: { problemMatchers: [{ pattern: Pattern }] };
};
const [{ pattern }] = manifest.contributes.problemMatchers;

/** What VS Code finds in what the terminal says. */
function found(text: string) {
  return stripVTControlCharacters(text)
    .split('\n')
    .flatMap((line) => {
      const match = new RegExp(pattern.regexp).exec(line);
      if (!match) return [];
      const { code, message, file, line: row, column } = pattern;
      return [[match[code], match[message], match[file], match[row], match[column]]];
    });
}

describe('the problem matcher', () => {
  const place = { file: 'examples/my experiment.distill.json', line: 7, column: 21 };
  const problems = [
    {
      where: 'student.architecture',
      message: "'mlpp' is not an architecture; did you mean 'mlp'?",
      hint: "Must be 'mlp' (or another).",
      ...place,
    },
    { where: 'search.space["student.hidden[0]"].choices', message: 'must be a list (found 1)', ...place, line: 9 },
    { where: '--out', message: "'out' holds other files" },
  ];

  it('finds the line of every problem that has one, in colours too', () => {
    for (const hasColors of [false, true]) {
      assert.deepEqual(found(listProblems(place.file, problems, fakeOutput({ hasColors, columns: 160 }))), [
        ['student.architecture', problems[0]?.message, place.file, '7', '21'],
        ['search.space["student.hidden[0]"].choices', 'must be a list (found 1)', place.file, '9', '21'],
      ]);
    }
  });

  it('finds it also where the path of the field has a line of its own', () => {
    assert.deepEqual(found(listProblems(place.file, problems.slice(1, 2), fakeOutput({ columns: 60 }))), [
      [undefined, 'must be a list (found 1)', place.file, '9', '21'],
    ]);
  });
});

describe('a task', () => {
  it("runs the bundled terminal by VS Code's own Node", () => {
    const { program, args, environment } = taskInvocation('/ext/dist/cli.mjs', {
      command: 'run',
      file: 'a.distill.json',
      args: ['--device', 'cpu'],
    });
    assert.equal(program, process.execPath);
    assert.deepEqual(args, ['/ext/dist/cli.mjs', 'run', 'a.distill.json', '--device', 'cpu']);
    assert.deepEqual(environment, { ELECTRON_RUN_AS_NODE: '1' });
  });
});
