import * as os from 'node:os';
import { meanInterval } from '../../src/evaluation/meanInterval.ts';
import { measureGain, type GainRun } from './measureGain.ts';
import { gainTasks } from './tasks.ts';

const USUAL_SEEDS = 5;
/** Share of the gap between baseline and teacher that defaults have to close, over all tasks. */
const LEAST_SHARE = 0.25;

/**
 * Measures on real tasks what a person gains who fills in nothing but teacher, data and student, and prints it as a table in Markdown.
 *
 * @param words `seeds=N` for another number of seeds than 5, `tasks=N` for the first N only; others select tasks by name
 * @returns how many bars were missed
 */
export async function benchGain(words: readonly string[]): Promise<number> {
  const numbers = new Map(words.flatMap((word) => (word.includes('=') ? [word.split('=') as [string, string]] : [])));
  const names = words.filter((word) => !word.includes('='));
  const seeds = Number(numbers.get('seeds') ?? USUAL_SEEDS);
  const chosen = gainTasks
    .filter(({ name }) => names.length === 0 || names.some((word) => name.toLowerCase().includes(word)))
    .slice(0, Number(numbers.get('tasks') ?? gainTasks.length));
  console.log(`${os.cpus()[0]?.model ?? 'unknown'}, ${os.availableParallelism()} threads, ${seeds} seeds\n`);
  console.log('| task | baseline | teacher | gain in points (95 % interval) | share of the gap | chosen |');
  console.log('| --- | ---: | ---: | ---: | ---: | --- |');
  let [gained, gap, missed] = [0, 0, 0];
  for (const task of chosen) {
    const runs: GainRun[] = [];
    for (let seed = 0; seed < seeds; seed++) {
      const run = await measureGain(task, seed);
      if (!run) break;
      runs.push(run);
      console.error(`${task.name}, seed ${seed}: ${JSON.stringify(run)}`);
    }
    if (runs.length === 0) {
      console.log(`| ${task.name} | left out: its data are not in ../shared | | | | |`);
      continue;
    }
    const mean = (of: (run: GainRun) => number): number => runs.reduce((sum, run) => sum + of(run), 0) / runs.length;
    const gains = runs.map(({ student, baseline }) => student - baseline);
    const gain = mean(({ student, baseline }) => student - baseline);
    const interval = meanInterval(gains);
    const toTeacher = mean(({ teacher, baseline }) => teacher - baseline);
    // Where the teacher is no better there is no gap to close; what is lost there counts all the same.
    gained += gain;
    gap += Math.max(0, toTeacher);
    const isWorse = interval !== null && interval.high < 0;
    const isBelowLargest = runs.some(({ student, largestClass }) => largestClass !== null && student < largestClass);
    if (isWorse || isBelowLargest) missed++;
    const objectives = [...new Set(runs.map(({ objective }) => objective))];
    const remarks = [...(isWorse ? ['WORSE'] : []), ...(isBelowLargest ? ['BELOW THE LARGEST CLASS'] : [])];
    console.log(
      `| ${task.name} | ${mean(({ baseline }) => baseline).toFixed(2)} | ${mean(({ teacher }) => teacher).toFixed(2)} | ${signed(gain)}${
        interval ? ` (${signed(interval.low)} to ${signed(interval.high)})` : ''
      } | ${toTeacher > 0 ? `${Math.round((100 * gain) / toTeacher)} %` : 'none'} | ${[...objectives, ...remarks].join('; ')} |`,
    );
  }
  const share = gained / gap;
  console.log(`\nPooled share of the gap: ${(100 * share).toFixed(1)} % (bar ${100 * LEAST_SHARE} %)`);
  return missed + (share < LEAST_SHARE ? 1 : 0);
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
}
