import { appendFileSync } from 'node:fs';
import * as os from 'node:os';
import { setTimeout as rest } from 'node:timers/promises';
import { benchCases } from './cases.ts';
import { openTraining, type Timed } from './ours.ts';

const ROUNDS = 3;
const STEPS = 4;
/** Threads that have worked wait for more work awake for a while. */
const REST_MILLISECONDS = 200;

/**
 * Times training steps in float16 and float32 on the CPU, in turns, and prints the ratio of the medians. Appends the figures to
 * bench/history.jsonl.
 *
 * @param words of which one must be part of a network's name; by default all are timed
 */
export async function benchPrecision(words: readonly string[]): Promise<void> {
  for (const network of benchCases) {
    const { name } = network;
    if (words.length > 0 && !words.some((word) => name.toLowerCase().includes(word))) continue;
    const single = await openTraining(network, { precision: 'float32' });
    const half = await openTraining(network, { precision: 'float16' });
    const times: { readonly single: number; readonly half: number }[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      times.push({ single: await stepMilliseconds(single), half: await stepMilliseconds(half) });
    }
    await single.dispose();
    await half.dispose();
    const milliseconds = {
      float32: median(times.map((time) => time.single)),
      float16: median(times.map((time) => time.half)),
    };
    const ratio = median(times.map((time) => time.half / time.single));
    const texts = Object.entries(milliseconds).map(
      ([precision, time]) => `${precision} ${time.toFixed(2).padStart(8)} ms`,
    );
    console.log(`${name.padEnd(40)} ${texts.join('  ')}  ratio ${ratio.toFixed(2)}`);
    const machine = {
      processor: os.cpus()[0]?.model ?? 'unknown',
      threads: os.availableParallelism(),
      load: os.loadavg()[0] ?? 0,
    };
    const line = { date: new Date().toISOString(), mode: 'precision', name, milliseconds, ratio, machine };
    appendFileSync(new URL('history.jsonl', import.meta.url), `${JSON.stringify(line)}\n`);
  }
}

/** Of one step: the median over a few, after a first run that is not counted. */
async function stepMilliseconds(training: Timed): Promise<number> {
  await rest(REST_MILLISECONDS);
  await training.run();
  const times: number[] = [];
  while (times.length < STEPS) {
    const start = performance.now();
    const steps = await training.run();
    const each = (performance.now() - start) / steps;
    for (let step = 0; step < steps; step++) times.push(each);
  }
  return median(times);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
