import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { main } from '../../src/cli/main.ts';
import type { Report } from '../../src/report/report.ts';
import { fakeTerminal } from '../support/fakeTerminal.ts';
import { smallDigits } from '../support/smallDigits.ts';
import { cliProgram } from '../support/programs.ts';

const bundle = fileURLToPath(new URL('../../dist/cli.mjs', import.meta.url));

/** An experiment that takes seconds. */
const tiny = {
  teacher: { architecture: 'mlp', hidden: [32], training: { epochs: 1 } },
  dataset: { path: smallDigits(), limit: 200 },
  student: { architecture: 'mlp', hidden: [16] },
  objective: [{ loss: 'kd', temperature: 4 }],
  training: { epochs: 2, batchSize: 20 },
  device: 'cpu',
};

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

describe('the terminal, end to end', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'distillery-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  function start(args: readonly string[], program = cliProgram): ChildProcess {
    return spawn(process.execPath, [...program, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  }

  async function ended(child: ChildProcess): Promise<Ended> {
    const [out, error] = await Promise.all([text(child.stdout!), text(child.stderr!), once(child, 'close')]);
    return { code: child.exitCode, out, error };
  }

  async function write(experiment: unknown): Promise<void> {
    await writeFile(join(folder, 'tiny.distill.json'), JSON.stringify(experiment));
  }

  it('distils, writes the run folder and prints the report', async () => {
    await write(tiny);
    const { code, out, error } = await ended(start(['run', 'tiny.distill.json', '--out', 'run']));
    assert.equal(code, 0, error);
    assert.match(out, /│ Parameters +│ +25\.4 k │ +12\.7 k │ +12\.7 k │/);
    assert.match(out, /│ Agrees with teacher +│/);
    assert.match(error, /^Student epoch 2\/2: loss /m);
    assert.match(error, /^Baseline epoch 2\/2: loss /m);
    const files = await readdir(join(folder, 'run'));
    for (const file of ['experiment.json', 'status.json', 'metrics.jsonl', 'student.onnx', 'report.json']) {
      assert.ok(files.includes(file), file);
    }
    assert.ok(files.every((file) => !file.endsWith('.tmp')));

    const again = await ended(start(['report', 'run', '--format', 'html']));
    assert.equal(again.code, 0, again.error);
    assert.match(again.out, /<figcaption>Validation accuracy<[\s\S]*<polyline/);
    assert.equal(await readFile(join(folder, 'run', 'report.html'), 'utf8'), again.out);
  });

  it('prints nothing but the report as JSON, and overrides the seed', async () => {
    await write(tiny);
    const { code, out, error } = await ended(start(['run', 'tiny.distill.json', '--json', '--quiet', '--seed', '7']));
    assert.equal(code, 0, error);
    const report = JSON.parse(out) as Report;
    assert.equal(report.student.parameters, 784 * 16 + 16 + 16 * 10 + 10);
    assert.equal(error, '');
    const [id = ''] = await readdir(join(folder, '.distillery', 'runs'));
    assert.match(id, /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-tiny$/);
    assert.equal(report.id, id);
    assert.equal(report.name, 'tiny');
    const experiment = JSON.parse(
      await readFile(join(folder, '.distillery', 'runs', id, 'experiment.json'), 'utf8'),
    ) as { training: { seed: number } };
    assert.equal(experiment.training.seed, 7);
  });

  it('refuses bad input with every problem, and leaves nothing behind', async () => {
    await write({ ...tiny, teacher: { model: 'absent.onnx' }, dataset: { path: 'nowhere' } });
    const { code, out, error } = await ended(start(['run', 'tiny.distill.json', '--out', 'run']));
    assert.equal(code, 2);
    assert.equal(out, '');
    assert.match(error, /tiny\.distill\.json has 2 problems:/);
    assert.match(error, /^ {2}teacher\.model .*absent\.onnx/m);
    assert.match(error, /^ {2}dataset\.path /m);
    assert.deepEqual(await readdir(folder), ['tiny.distill.json']);
  });

  it('stops at Ctrl-C and keeps the best student', async () => {
    await write({ ...tiny, training: { epochs: 100_000, batchSize: 20 } });
    const child = start(['run', 'tiny.distill.json', '--out', 'run']);
    const result = ended(child);
    await new Promise<void>((resolve) => {
      child.stderr!.on('data', (chunk: Buffer) => {
        if (/Student epoch 2\//.test(chunk.toString())) resolve();
      });
    });
    const pressed = performance.now();
    child.kill('SIGINT');
    const { code, error } = await result;
    assert.equal(code, 130, error);
    assert.match(
      error,
      /The best student so far is 'run\/student\.onnx', of epoch \d+, with [\d.]+ % on the validation/,
    );
    assert.ok(performance.now() - pressed < 2000, `took ${performance.now() - pressed} ms`);
    assert.ok(existsSync(join(folder, 'run', 'student.onnx')));
    const status = JSON.parse(await readFile(join(folder, 'run', 'status.json'), 'utf8')) as { state: string };
    assert.equal(status.state, 'cancelled');
  });

  it('ends at once at a second Ctrl-C', async () => {
    await write({ ...tiny, training: { epochs: 100_000 } });
    const terminal = fakeTerminal(folder);
    const code = main(['run', 'tiny.distill.json', '--out', 'run', '--json'], terminal);
    while (!terminal.error.text.includes('Trains the teacher')) await setImmediate();
    terminal.interrupt();
    assert.deepEqual(terminal.exits, []);
    terminal.interrupt();
    assert.deepEqual(terminal.exits, [130]);
    assert.equal(await code, 130);
    const { problems } = JSON.parse(terminal.out.text) as { problems: { message: string }[] };
    assert.match(problems[0]?.message ?? '', /There was no student yet/);
    terminal.interrupt();
    assert.deepEqual(terminal.exits, [130]);
  });

  it('works bundled, from its own folder', async function () {
    if (!existsSync(bundle)) {
      console.log('      skipped: dist/cli.mjs is not built');
      this.skip();
    }
    const { code, out, error } = await ended(start(['--version'], [bundle]));
    assert.equal(code, 0, error);
    assert.match(out, /^\d+\.\d+\.\d+\n$/);
    await write(tiny);
    const run = await ended(start(['run', 'tiny.distill.json', '--json'], [bundle]));
    assert.equal(run.code, 0, run.error);
    assert.equal((JSON.parse(run.out) as Report).name, 'tiny');
  });
});
