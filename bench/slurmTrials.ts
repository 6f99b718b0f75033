/**
 * Does the trials of a search as an array of a real Slurm of one node, requeues some of them, drains the node meanwhile, and compares
 * what it comes to with the same search on this machine: `npm run build && node --import tsx bench/slurmTrials.ts [TRIALS] [REQUEUES]`.
 * As root of Linux, with slurm-wlm and munge.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { main } from '../src/cli/main.ts';
import { omit } from '../src/search/omit.ts';
import { runSearch } from '../src/search/runSearch.ts';
import type { SearchResult } from '../src/search/searchResult.ts';
import { fakeTerminal } from '../test/support/fakeTerminal.ts';
import { lacksSlurm, startSlurm } from '../test/support/slurm.ts';

const [trials = 20, requeues = 3] = process.argv.slice(2).map(Number);
const AT_ONCE = 2;
const bundle = fileURLToPath(new URL('../dist/cli.mjs', import.meta.url));

const experiment = {
  name: 'trials',
  teacher: null,
  dataset: { path: 'builtin:digits', limit: 200 },
  student: { architecture: 'mlp', hidden: [16] },
  training: { epochs: 3, batchSize: 50 },
  device: 'cpu',
  search: {
    space: { 'student.hidden[0]': { log: [4, 64] }, 'training.learningRate': { log: [1e-3, 1e-2] } },
    trials,
    strategy: 'tpe',
  },
};

/** What does not depend on the clock. */
function timeless({ trials: all, ...result }: SearchResult) {
  return { ...result, trials: all.map((trial) => omit(trial, 'seconds', 'latencyMs', 'bytes')) };
}

async function compare(folder: string): Promise<void> {
  const slurm = await startSlurm(join(folder, 'slurm'));
  process.env['SLURM_CONF'] = slurm.configuration;
  const call = async (...args: string[]) => {
    const terminal = fakeTerminal(folder);
    const code = await main(args, terminal);
    return { code, out: terminal.out.text, error: terminal.error.text };
  };
  try {
    const runner = { slurm: { program: [process.execPath, bundle], cpus: 1 } };
    writeFileSync(join(folder, 's.distill.json'), JSON.stringify({ ...experiment, runner }));
    const startedAt = performance.now();
    const submitted = await call('submit', 's.distill.json', '--out=s', `--array-limit=${AT_ONCE}`);
    assert.equal(submitted.code, 0, submitted.error);
    const job = submitted.out.trim();
    const node = slurm.ask('sinfo', '-h', '-o', '%n').trim();
    const tasks = () => slurm.ask('scontrol', 'show', 'job', '-o', job).split('\n');
    for (let requeued = 0; requeued < requeues; requeued++) {
      const wanted = Math.floor(((requeued + 0.5) * trials) / requeues);
      while (!existsSync(join(folder, `s/trials/${String(wanted).padStart(4, '0')}/status.json`))) await sleep(50);
      const running = tasks().filter((line) => line.includes('JobState=RUNNING'));
      const task = /ArrayTaskId=(\d+) /.exec(running.at(-1) ?? '')?.[1];
      if (task === undefined) continue;
      slurm.ask('scontrol', 'requeue', `${job}_${task}`);
      console.log(`Requeued task ${task} at trial ${wanted}.`);
      if (requeued > 0) continue;
      slurm.ask('scontrol', 'update', `nodename=${node}`, 'state=drain', 'reason=test');
      console.log('Drained the node for 20 seconds.');
      await sleep(20_000);
      slurm.ask('scontrol', 'update', `nodename=${node}`, 'state=resume');
    }
    const followed = await call('jobs', 's', '--wait=3600');
    console.log(followed.error);
    const restarts = tasks().reduce((sum, line) => sum + Number(/Restarts=(\d+)/.exec(line)?.[1] ?? 0), 0);
    console.log(
      `${trials} trials with ${restarts} restarts took ${Math.round((performance.now() - startedAt) / 1000)} s.`,
    );
    const home = await runSearch(omit(experiment, 'name'), {
      folder: join(folder, 'home'),
      baseDirectory: folder,
      atOnce: AT_ONCE,
      signal: new AbortController().signal,
      onEvent: () => undefined,
    });
    const result = JSON.parse(readFileSync(join(folder, 's/search.json'), 'utf8')) as SearchResult;
    assert.equal(result.trials.length, trials);
    assert.deepEqual(timeless({ ...result, name: home.name }), timeless(home));
    console.log('It ends like the same search at home.');
  } finally {
    await slurm.stop();
  }
}

const lacks = lacksSlurm();
if (lacks !== undefined) console.log(`Not done: ${lacks}.`);
else {
  const folder = mkdtempSync(join(tmpdir(), 'distillery-slurm-'));
  try {
    await compare(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
