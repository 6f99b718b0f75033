import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { main } from '../../src/cli/main.ts';
import { runSearch } from '../../src/search/runSearch.ts';
import type { SearchResult } from '../../src/search/searchResult.ts';
import { omit } from '../../src/search/omit.ts';
import { removeFolder, temporaryFolder } from '../support/datasets.ts';
import { fakeTerminal } from '../support/fakeTerminal.ts';
import { labelsAlone, tinyExperiment } from '../support/runs.ts';
import { lacksSlurm, startSlurm, type LocalSlurm } from '../support/slurm.ts';
import { smallDigits } from '../support/smallDigits.ts';

const bundle = fileURLToPath(new URL('../../dist/cli.mjs', import.meta.url));
const slurmSettings = { program: [process.execPath, bundle], cpus: 1 };

/** What does not depend on the clock. */
function timeless({ trials, ...result }: SearchResult) {
  return { ...result, trials: trials.map((trial) => omit(trial, 'seconds', 'latencyMs', 'bytes')) };
}

/** Begun in the same second, a job is given the exit status of its first turn: Slurm itself waits two minutes. */
const TURN_MS = 3000;

describe('a real Slurm of one node', function () {
  let folder: string;
  let slurm: LocalSlurm | undefined;
  const before_ = process.env['SLURM_CONF'];

  before(async function () {
    const lacks = lacksSlurm() ?? (existsSync(bundle) ? undefined : `'${bundle}' is not built`);
    if (lacks !== undefined) {
      console.log(`      skipped: ${lacks}`);
      this.skip();
    }
    folder = temporaryFolder();
    slurm = await startSlurm(join(folder, 'slurm'));
    process.env['SLURM_CONF'] = slurm.configuration;
  });
  after(async () => {
    if (before_ === undefined) delete process.env['SLURM_CONF'];
    else process.env['SLURM_CONF'] = before_;
    await slurm?.stop();
    if (slurm) removeFolder(folder);
  });

  const ask = (program: string, ...args: string[]): string => slurm?.ask(program, ...args) ?? '';
  const call = async (...args: string[]) => {
    const terminal = fakeTerminal(folder);
    const code = await main(args, terminal);
    return { code, out: terminal.out.text, error: terminal.error.text };
  };
  /** What is requeued waits two minutes otherwise. What is not quite over yet, or runs already, does not take it. */
  const beginNow = (job: string): void => {
    try {
      ask('scontrol', 'update', `jobid=${job}`, 'starttime=now');
    } catch {
      // It is asked again.
    }
  };
  async function until(what: () => boolean): Promise<void> {
    for (let tried = 0; !what(); tried++) {
      assert.ok(tried < 1200, 'It does not come to it.');
      await sleep(100);
    }
  }

  it('does trials as an array: requeued, and its node drained meanwhile, it ends like the same search at home', async () => {
    const experiment = {
      ...tinyExperiment,
      name: 'tiny',
      teacher: null,
      objective: labelsAlone,
      dataset: { path: smallDigits(), limit: 200 },
      search: { space: { 'student.hidden[0]': { log: [4, 64] } }, trials: 3, strategy: 'tpe' },
    };
    writeFileSync(join(folder, 's.distill.json'), JSON.stringify({ ...experiment, runner: { slurm: slurmSettings } }));
    const submitted = await call('submit', 's.distill.json', '--out=s', '--array-limit=1');
    assert.equal(submitted.code, 0, submitted.error);
    const job = submitted.out.trim();
    const home = runSearch(experiment, {
      folder: join(folder, 'home'),
      baseDirectory: folder,
      atOnce: 1,
      signal: new AbortController().signal,
      onEvent: () => undefined,
    });
    await until(() => existsSync(join(folder, 's/trials/0000/status.json')));
    const node = ask('sinfo', '-h', '-o', '%n').trim();
    ask('scontrol', 'update', `nodename=${node}`, 'state=drain', 'reason=test');
    ask('scontrol', 'requeue', `${job}_0`);
    await until(() => /JobState=PENDING/.test(ask('scontrol', 'show', 'job', '-o', `${job}_0`)));
    await sleep(TURN_MS);
    beginNow(`${job}_0`);
    ask('scontrol', 'update', `nodename=${node}`, 'state=resume');
    const followed = await call('jobs', 's', '--wait=200');
    assert.equal(followed.code, 0, followed.error);
    const result = JSON.parse(readFileSync(join(folder, 's/search.json'), 'utf8')) as SearchResult;
    assert.deepEqual(timeless(result), timeless(await home));
  });

  it('a run stores where it stands when its time is up, goes on in another turn, and cancel leaves no job', async () => {
    const long = {
      ...tinyExperiment,
      teacher: null,
      objective: labelsAlone,
      training: { epochs: 10_000, batchSize: 50 },
    };
    writeFileSync(join(folder, 'r.distill.json'), JSON.stringify({ ...long, runner: { slurm: slurmSettings } }));
    const submitted = await call('submit', 'r.distill.json', '--out=r');
    assert.equal(submitted.code, 0, submitted.error);
    const job = submitted.out.trim();
    const state = (): string => ask('scontrol', 'show', 'job', '-o', job);
    const epochs = (): number =>
      existsSync(join(folder, 'r/metrics.jsonl'))
        ? readFileSync(join(folder, 'r/metrics.jsonl'), 'utf8').split('"kind":"epoch"').length - 1
        : 0;
    await until(() => epochs() > 3);
    // The signal by which Slurm warns, sent as Slurm sends it.
    ask('scancel', '--batch', '--signal=USR2', job);
    await until(() => / Restarts=1 /.test(state()) && /JobState=PENDING/.test(state()));
    await sleep(TURN_MS);
    await until(() => {
      beginNow(job);
      return /JobState=RUNNING/.test(state());
    });
    const before = epochs();
    await until(() => epochs() > before + 3);
    const log = readFileSync(join(folder, `r/cluster/run-${job}.log`), 'utf8');
    assert.match(log, /The time is nearly up: stores where it stands\./);
    const told = readFileSync(join(folder, 'r/metrics.jsonl'), 'utf8')
      .split('\n')
      .filter((line) => line.includes('"kind":"epoch"'));
    const numbers = told.map((line) => (JSON.parse(line) as { epoch: number }).epoch);
    assert.deepEqual(
      numbers,
      numbers.map((_, index) => index + 1),
      'No epoch is done twice.',
    );
    const cancelled = await call('cancel', 'r');
    assert.deepEqual([cancelled.code, cancelled.error], [0, 'No job is left.\n']);
    assert.equal(execFileSync('squeue', ['-h'], { encoding: 'utf8' }), '');
    assert.match(readFileSync(join(folder, 'r/status.json'), 'utf8'), /"state": "cancelled"/);
    assert.ok(existsSync(join(folder, 'r/checkpoint')));
  });
});
