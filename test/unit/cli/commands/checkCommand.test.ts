import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../../../src/cli/main.ts';
import { fakeTerminal } from '../../../support/fakeTerminal.ts';
import { sampleReport } from '../../../support/sampleReport.ts';

describe('distillery check', () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'distillery-check-'));
    // Its student: accuracy 0.9891, 5,108,123 bytes.
    await writeFile(join(folder, 'report.json'), JSON.stringify(sampleReport));
  });

  after(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  const check = async (required: object | undefined, ...options: string[]) => {
    await writeFile(join(folder, 'experiment.json'), JSON.stringify({ ...(required && { require: required }) }));
    const terminal = fakeTerminal('.');
    return { code: await main(['check', folder, ...options], terminal), terminal };
  };

  it('ends with 0 where the student reaches what is required, to the digit', async () => {
    const { code, terminal } = await check({ accuracy: 0.9891, bytes: 5_108_123 });
    assert.equal(code, 0);
    assert.match(terminal.out.text, /accuracy.*≥ 98\.91 %.*98\.91 %.*passed/);
  });

  it('ends with 1 where it falls short in anything, and says in what', async () => {
    const { code, terminal } = await check({ accuracy: 0.9, bytes: 100_000 }, '--json');
    assert.equal(code, 1);
    assert.deepEqual(JSON.parse(terminal.out.text), {
      passed: false,
      results: [
        { figure: 'accuracy', bound: 'least', required: 0.9, found: 0.9891, passed: true },
        { figure: 'bytes', bound: 'most', required: 100_000, found: 5_108_123, passed: false },
      ],
    });
  });

  it('takes the bar from another experiment file', async () => {
    const file = join(folder, 'bar.distill.json');
    const experiment = {
      teacher: null,
      dataset: { path: 'builtin:digits' },
      student: { architecture: 'mlp', hidden: [8] },
      require: { accuracy: 0.999 },
    };
    await writeFile(file, JSON.stringify(experiment));
    assert.equal((await check({ accuracy: 0.5 }, '--experiment', file)).code, 1);
  });

  it('refuses to pass where nothing is required', async () => {
    const { code, terminal } = await check(undefined);
    assert.equal(code, 2);
    assert.match(terminal.error.text, /nothing is required/);
  });
});
