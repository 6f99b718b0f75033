import { appendFileSync } from 'node:fs';
import * as os from 'node:os';
import { setTimeout as rest } from 'node:timers/promises';
import { benchCases } from './cases.ts';
import { hasBfloat16Products } from '../src/training/engines/bfloat16Products.ts';
import type { TrainingPrecision } from '../src/training/precision/trainingPrecision.ts';
import { openTraining, type Timed } from './ours.ts';

const ROUNDS = 3;
const STEPS = 4;
/** Threads that have worked wait for more work awake for a while. */
const REST_MILLISECONDS = 200;

/**
 * Times training steps in float32, float16 and, where the processor has such products, bfloat16 on the CPU, in turns, and prints the ratios of the
 * medians, to float32. Appends the figures to
 * bench/history.jsonl.
 *
 * @param words of which one must be part of a network's name; by default all are timed
 */
export async function benchPrecision(words: readonly string[]): Promise<void> {
  for (const network of benchCases) {
    const { name } = network;
    if (words.length > 0 && !words.some((word) => name.toLowerCase().includes(word))) continue;
    const precisions: readonly TrainingPrecision[] = (await hasBfloat16Products())
      ? ['float32', 'float16', 'bfloat16']
      : ['float32', 'float16'];
    const trainings = await Promise.all(precisions.map((precision) => openTraining(network, { precision })));
    const rounds: number[][] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const times: number[] = [];
      for (const training of trainings) times.push(await stepMilliseconds(training));
      rounds.push(times);
    }
    for (const training of trainings) await training.dispose();
    const milliseconds = Object.fromEntries(
      precisions.map((precision, place) => [precision, median(rounds.map((times) => times[place] ?? NaN))]),
    );
    const ratios = Object.fromEntries(
      precisions
        .slice(1)
        .map((precision, index) => [
          precision,
          median(rounds.map((times) => (times[index + 1] ?? NaN) / (times[0] ?? NaN))),
        ]),
    );
    const texts = Object.entries(milliseconds).map(([precision, time]) => {
      const ratio = ratios[precision];
      return `${precision} ${time.toFixed(2).padStart(8)} ms${ratio === undefined ? '' : ` (${ratio.toFixed(2)})`}`;
    });
    console.log(`${name.padEnd(40)} ${texts.join('  ')}`);
    const machine = {
      processor: os.cpus()[0]?.model ?? 'unknown',
      threads: os.availableParallelism(),
      load: os.loadavg()[0] ?? 0,
    };
    const line = { date: new Date().toISOString(), mode: 'precision', name, milliseconds, ratios, machine };
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
