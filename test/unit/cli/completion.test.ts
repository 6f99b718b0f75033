import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commands, main } from '../../../src/cli/main.ts';
import { fakeTerminal } from '../../support/fakeTerminal.ts';
import { withTemporaryFolder } from '../../support/programs.ts';

async function scriptOf(shell: string): Promise<string> {
  const terminal = fakeTerminal('.');
  assert.equal(await main(['completion', shell], terminal), 0);
  return terminal.out.text;
}

describe('distillery completion', () => {
  it('completes commands, options, their values and folders in bash', function () {
    if (process.platform === 'win32' || spawnSync('bash', ['--version']).error) return this.skip();
    return withTemporaryFolder(async (folder) => {
      await writeFile(join(folder, 'distillery.bash'), await scriptOf('bash'));
      await mkdir(join(folder, 'my runs'));
      await writeFile(join(folder, 'my.distill.json'), '{}');
      const lines = [
        'cac',
        'run --de',
        'run --device c',
        'run my',
        'report my',
        'cache p',
        'queue a',
        'queue add my.',
        'run --seed ',
      ];
      const asked = lines.map(
        (line) =>
          `COMP_WORDS=(distillery ${line.endsWith(' ') ? `${line}""` : line}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _distillery; (IFS='|'; echo "\${COMPREPLY[*]}")`,
      );
      const said = execFileSync('bash', ['-c', ['source ./distillery.bash', ...asked].join('\n')], {
        cwd: folder,
        encoding: 'utf8',
      });
      const answers = said.trimEnd().split('\n');
      assert.deepEqual(answers.slice(0, 3), ['cache', '--device', 'cpu|cuda|coreml']);
      assert.deepEqual(answers[3]?.split('|').sort(), ['my runs', 'my.distill.json']);
      assert.deepEqual(answers.slice(4), ['my runs', 'prune', 'add', 'my.distill.json']);
    });
  });

  for (const [shell, syntax] of [
    ['zsh', ['-n']],
    ['fish', ['-n']],
  ] as const) {
    it(`has every command and option for ${shell}`, async function () {
      const script = await scriptOf(shell);
      for (const { name, options } of commands) {
        assert.ok(script.includes(name), name);
        for (const option of options) assert.ok(script.includes(option.name), `${name} --${option.name}`);
      }
      if (spawnSync(shell, ['--version']).error) return;
      execFileSync(shell, [...syntax], { input: script });
    });
  }

  it('refuses a shell that it does not know', async () => {
    const terminal = fakeTerminal('.');
    assert.equal(await main(['completion', 'fisch'], terminal), 2);
    assert.match(terminal.error.text, /did you mean 'fish'\?/);
  });
});
