import { RunLease } from '../../../src/runFolder/runLease.ts';
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../../src/cli/main.ts';
import { architectureNames } from '../../../src/experiment/schema/architecture.ts';
import { listed } from '../../../src/experiment/suggest.ts';
import { fakeTerminal, type FakeTerminal } from '../../support/fakeTerminal.ts';
import { sampleEvents } from '../../support/sampleEvents.ts';
import { sampleReport } from '../../support/sampleReport.ts';

describe('distillery', () => {
  let folder: string;
  let terminal: FakeTerminal;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'distillery-'));
    terminal = fakeTerminal(folder);
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  const bad = {
    teacher: null,
    dataset: { path: 'builtin:digits' },
    student: { architecture: 'mpl' },
    training: { batchSize: 0 },
    colour: 'red',
  };
  const write = (name: string, value: unknown) => writeFile(join(folder, name), JSON.stringify(value));

  it('shows help for itself and for every command', async () => {
    for (const args of [[], ['--help'], ['-h'], ['help']]) {
      terminal = fakeTerminal(folder);
      assert.equal(await main(args, terminal), 0);
      assert.match(terminal.out.text, /Usage: distillery COMMAND/);
    }
    for (const name of ['run', 'resume', 'inspect', 'report', 'schema']) {
      assert.match(terminal.out.text, new RegExp(`^  ${name} `, 'm'));
      const own = fakeTerminal(folder);
      assert.equal(await main([name, '--help'], own), 0);
      assert.match(own.out.text, new RegExp(`^Usage: distillery ${name} `));
      assert.equal(own.error.text, '');
      const asked = fakeTerminal(folder);
      assert.equal(await main(['help', name], asked), 0);
      assert.equal(asked.out.text, own.out.text);
    }
    assert.equal(await main(['help', 'rnu'], terminal), 2);
    assert.match(terminal.error.text, /did you mean 'run'\?/);
  });

  it('shows its version', async () => {
    const manifest = JSON.parse(await readFile(new URL('../../../package.json', import.meta.url), 'utf8')) as unknown;
    assert.equal(await main(['--version'], terminal), 0);
    assert.equal(terminal.out.text, `${(manifest as { version: string }).version}\n`);
  });

  it('refuses a command that it does not know', async () => {
    assert.equal(await main(['inspcet'], terminal), 2);
    assert.match(terminal.error.text, /^The command line has a problem:\n {2}inspcet {2}.*did you mean 'inspect'\?/);
    assert.equal(terminal.out.text, '');
  });

  it('says of a folder whose name is too long what is wrong with it', async () => {
    await write('a.distill.json', bad);
    assert.equal(await main(['run', 'a.distill.json', '--out', 'z'.repeat(300)], terminal), 2);
    assert.match(
      terminal.error.text,
      /cannot be written to: the path is too long\n +Name a folder with a shorter path/,
    );
  });

  it('makes no page of an explanation without a sample, nor of one that is asked for as JSON', async () => {
    assert.equal(await main(['explain', '.', '--format', 'html'], terminal), 2);
    assert.match(terminal.error.text, /--format +'html' shows one sample\n +Name it with --sample N/);
    assert.equal(await main(['explain', '.', '--format', 'html', '--sample', '1', '--json'], terminal), 2);
    assert.match(terminal.out.text, /'html' and --json exclude each other/);
  });

  it('prints a JSON schema', async () => {
    assert.equal(await main(['schema'], terminal), 0);
    const schema = JSON.parse(terminal.out.text) as { properties: object };
    assert.ok('teacher' in schema.properties);
  });

  it('says what its documentation shows', async () => {
    const shown = await readFile(new URL('../../../docs/terminal.md', import.meta.url), 'utf8');
    await writeFile(join(folder, 'mnist.distill.json'), '{ "student": { "architecture": "mlpp" } }');
    assert.equal(await main(['run', 'mnist.distill.json'], terminal), 2);
    const [said = '', hint = ''] = terminal.error.text.split('\n').filter((line) => /mlp/.test(line));
    assert.ok(shown.includes(said.replace(/ \(.*$/, '')), said);
    assert.ok(shown.includes(hint), hint);
  });

  describe('run', () => {
    it('tells all problems of an experiment at once', async () => {
      await write('a.distill.json', bad);
      assert.equal(await main(['run', 'a.distill.json'], terminal), 2);
      assert.deepEqual(
        terminal.error.text.split('\n').slice(-9),
        [
          'a.distill.json has 3 problems:',
          "  student.architecture  'mpl' is not an architecture; did you mean 'mlp'? (a.distill.json:1:79)",
          `                        Must be ${listed(architectureNames)}.`,
          '  training.batchSize    must be at least 1 (found 0) (a.distill.json:1:110)',
          '                        Samples in one step. `auto`: 32 to 128, by how many training samples there are; 128 where the epochs are a number.',
          '  colour                is not a known field (a.distill.json:1:122)',
          '                        Known fields here: name, teacher, dataset, student, objective, training, augmentation, baseline, repeats, folds, cache, rawInput, export, quantization, report, require, rounds, search, runner, engine, device.',
          '',
        ].slice(-9),
      );
      assert.equal(terminal.out.text, '');
      assert.deepEqual(await readdir(folder), ['a.distill.json']);
    });

    it('prints nothing but one JSON document when asked to', async () => {
      await write('a.distill.json', bad);
      assert.equal(await main(['run', 'a.distill.json', '--json', '--quiet'], terminal), 2);
      const { problems } = JSON.parse(terminal.out.text) as { problems: { where: string }[] };
      assert.deepEqual(
        problems.map(({ where }) => where),
        ['student.architecture', 'training.batchSize', 'colour'],
      );
      assert.equal(terminal.error.text, '');
    });

    it('tells all problems of the command line at once', async () => {
      assert.equal(await main(['run', 'absent.json', '--seed', '-1', '--device=gpu', '--jsn'], terminal), 2);
      assert.match(terminal.error.text, /^The command line has 4 problems:/);
      for (const where of ['absent.json', '--seed', '--device', '--jsn'])
        assert.ok(terminal.error.text.includes(where));
    });

    it('answers in JSON when the command line itself is wrong', async () => {
      assert.equal(await main(['run', 'absent.json', '--json'], terminal), 2);
      assert.deepEqual(JSON.parse(terminal.out.text), {
        problems: [{ where: 'absent.json', message: 'there is no such file' }],
      });
    });

    it('names the line where a file is not JSON', async () => {
      await writeFile(join(folder, 'a.distill.json'), '{\n  "teacher": nul\n}');
      assert.equal(await main(['run', 'a.distill.json'], terminal), 2);
      assert.match(terminal.error.text, /a\.distill\.json has a problem:\n {2}line 2, column 14 {2}'nul' is not JSON/);
    });

    it('writes to no folder that holds other things', async () => {
      await write('a.distill.json', bad);
      await mkdir(join(folder, 'out'));
      await write('out/precious.txt', 'mine');
      assert.equal(await main(['run', 'a.distill.json', '--out', 'out'], terminal), 2);
      assert.match(terminal.error.text, /--out {2}'out' holds other files/);
    });
  });

  describe('--out', () => {
    const statusOf = (processId: number) => ({ state: 'running', processId });

    it('may name the folder of an earlier run, unless that run is under way', async () => {
      await write('a.distill.json', bad);
      await mkdir(join(folder, 'out'));
      await write('out/status.json', statusOf(process.pid));
      const lease = RunLease.take(join(folder, 'out'));
      await main(['run', 'a.distill.json', '--out', 'out'], terminal);
      lease.release();
      assert.match(terminal.error.text, /--out {2}process \d+ has been writing a run to it since/);

      terminal = fakeTerminal(folder);
      await write('out/status.json', { ...statusOf(process.pid), state: 'finished' });
      await main(['run', 'a.distill.json', '--out', 'out'], terminal);
      assert.doesNotMatch(terminal.error.text, /--out/);
    });
  });

  describe('report', () => {
    beforeEach(async () => {
      await write('report.json', sampleReport);
      await writeFile(join(folder, 'metrics.jsonl'), sampleEvents.map((event) => JSON.stringify(event)).join('\n'));
    });

    for (const [format, expected] of [
      ['table', /^One sentence\.\n┌[\s\S]*│ File size .*1\.9× smaller[\s\S]*│ one/],
      ['md', /^## mnist kd\n[\s\S]*\| File size \| 9\.6 MB/],
      ['html', /^<!doctype html>[\s\S]*<polyline[\s\S]*<\/html>\n$/],
    ] as const) {
      it(`prints ${format}`, async () => {
        assert.equal(await main(['report', '.', '--format', format], terminal), 0);
        assert.match(terminal.out.text, expected);
      });
    }

    it('prints json, either way', async () => {
      for (const flags of [['--format', 'json'], ['--json']]) {
        terminal = fakeTerminal(folder);
        assert.equal(await main(['report', '.', ...flags], terminal), 0);
        assert.deepEqual(JSON.parse(terminal.out.text), sampleReport);
      }
    });

    it('refuses a folder without a report, and formats that there are not', async () => {
      await mkdir(join(folder, 'empty'));
      assert.equal(await main(['report', 'empty'], terminal), 2);
      assert.match(terminal.error.text, /^There is no report\.json in '.*empty'\. Name the folder of a run/);
      assert.equal(await main(['report', '.', '--format', 'htm'], terminal), 2);
      assert.match(terminal.error.text, /'htm' is not a format; did you mean 'html'\?/);
    });
  });
});
