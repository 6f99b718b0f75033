import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { searchIn, smallTrials } from './realSearch.ts';

const TRIALS = 12;
const BAR = 0.65;
const ROUNDS = 3;

/**
 * Times a search of small networks with two trials at once against one after the other, in turns; on two cores.
 * @returns 1 when the median ratio is above the bar, else 0
 */
export async function benchAtOnce(): Promise<number> {
  bundlePrograms();
  console.log(
    `Load before: ${loadavg()[0]?.toFixed(1)}; on a busy machine, whoever has more processes gets more of it.`,
  );
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const [one, two] = [await secondsOf(1), await secondsOf(2)];
    ratios.push(two / one);
    console.log(`one after the other ${one.toFixed(1)} s, two at once ${two.toFixed(1)} s: ${(two / one).toFixed(2)}`);
  }
  const median = ratios.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? NaN;
  console.log(`Median ratio ${median.toFixed(2)} (bar ${BAR})${median > BAR ? '  MISSED' : ''}`);
  return median > BAR ? 1 : 0;
}

/** The processes of trials start from bundles, as those of an installed Distillery do. */
function bundlePrograms(): void {
  const folder = resolve('.cache/bench-programs');
  const { status, stderr } = spawnSync(process.execPath, ['build.mjs', `--outdir=${folder}`], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  process.env['DISTILLERY_PROGRAMS'] = folder;
}

async function secondsOf(atOnce: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'distillery-bench-at-once-'));
  try {
    const start = performance.now();
    await searchIn(join(folder, 'search'), smallTrials(0, { trials: TRIALS, strategy: 'random' }), atOnce);
    return (performance.now() - start) / 1000;
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
