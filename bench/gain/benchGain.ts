import * as os from 'node:os';
import { measureGain, type GainRun } from './measureGain.ts';
import { isBelowLargestClass, pooledInterval, pooledShare, summarizeTask, type TaskGain } from './summarizeGain.ts';
import { gainTasks } from './tasks.ts';

const USUAL_SEEDS = 5;
/** Share of the gap between baseline and teacher that defaults have to close, over all tasks. */
const LEAST_SHARE = { labels: 0.25, unlabelled: 0.5 };
/** Points that the automatic objective may be behind the best single one, on average. */
const MOST_BEHIND = 0.3;

/**
 * Measures on real tasks what a person gains who fills in nothing but teacher, data and student, and prints it as a table in Markdown.
 *
 * @param words `seeds=N` for another number of seeds than 5, `from=N` for another first one than 0, `tasks=N` for the first N only, `fixed` for students taught by each single
 *   objective as well; others select tasks by name
 * @returns how many bars were missed
 */
export async function benchGain(words: readonly string[]): Promise<number> {
  const numbers = new Map(words.flatMap((word) => (word.includes('=') ? [word.split('=') as [string, string]] : [])));
  const withFixed = words.includes('fixed');
  const names = words.filter((word) => !word.includes('=') && word !== 'fixed');
  const seeds = Number(numbers.get('seeds') ?? USUAL_SEEDS);
  const first = Number(numbers.get('from') ?? 0);
  const chosen = gainTasks
    .filter(({ name }) => names.length === 0 || names.some((word) => isMeant(name.toLowerCase(), word)))
    .slice(0, Number(numbers.get('tasks') ?? gainTasks.length));
  console.log(`${os.cpus()[0]?.model ?? 'unknown'}, ${os.availableParallelism()} threads, ${seeds} seeds\n`);
  console.log(
    '| task | baseline | teacher | gain in points (95 % interval) | share of the gap | time for trials | chosen |',
  );
  console.log('| --- | ---: | ---: | ---: | ---: | ---: | --- |');
  const measured: TaskGain[] = [];
  for (const task of chosen) {
    const runs: GainRun[] = [];
    for (let seed = first; seed < first + seeds; seed++) {
      const run = await measureGain(task, seed, withFixed);
      if (!run) break;
      runs.push(run);
      console.error(`${task.name}, seed ${seed}: ${JSON.stringify(run)}`);
    }
    if (runs.length === 0) {
      console.log(`| ${task.name} | left out: its data are not in ../shared | | | | | |`);
      continue;
    }
    const summary = summarizeTask(task, runs);
    measured.push(summary);
    console.log(rowOf(summary));
  }
  let missed = measured.filter((task) => task.isSurelyWorse || task.runs.some(isBelowLargestClass)).length;
  for (const [kind, hasUnlabelled] of [
    ['labels', false],
    ['unlabelled', true],
  ] as const) {
    const ofKind = measured.filter(({ task }) => task.hasUnlabelled === hasUnlabelled);
    const share = pooledShare(ofKind);
    if (share === undefined) continue;
    const bar = LEAST_SHARE[kind];
    const what = hasUnlabelled ? 'with samples without labels' : 'with labels only';
    const interval = pooledInterval(ofKind);
    const within = interval ? `; by seed ${percent(interval.low)} to ${percent(interval.high)}` : '';
    console.log(`\nPooled share of the gap ${what}: ${percent(share)}${within} (bar ${percent(bar)})`);
    if (share < bar) missed++;
  }
  return missed + (withFixed ? compareWithFixed(measured) : 0);
}

/** A word that is the whole name of a task means that one, any other all that it occurs in. */
function isMeant(name: string, word: string): boolean {
  return gainTasks.some((task) => task.name.toLowerCase() === word) ? name === word : name.includes(word);
}

function rowOf({ task, runs, baseline, teacher, gain, interval, gap, isSurelyWorse }: TaskGain): string {
  const objectives = [...new Set(runs.map(({ objective, reason }) => `${objective} (${reason})`))];
  const remarks = [
    ...(isSurelyWorse ? ['WORSE'] : []),
    ...(runs.some(isBelowLargestClass) ? ['BELOW THE LARGEST CLASS'] : []),
  ];
  const trials = runs.reduce((sum, { trialShare }) => sum + trialShare, 0) / runs.length;
  return `| ${[
    task.name,
    baseline.toFixed(2),
    teacher.toFixed(2),
    signed(gain) + (interval ? ` (${signed(interval.low)} to ${signed(interval.high)})` : ''),
    gap > 0 ? percent(gain / gap) : 'none',
    percent(trials),
    [...objectives, ...remarks].join('; '),
  ].join(' | ')} |`;
}

/** Prints what each single objective gains beside the automatic one. @returns how many bars were missed */
function compareWithFixed(measured: readonly TaskGain[]): number {
  const settings = [...new Set(measured.flatMap(({ runs }) => runs.flatMap(({ fixed }) => Object.keys(fixed))))];
  // An objective that does not suit every task is no setting for all of them.
  const common = settings.filter((name) => measured.every(({ fixed }) => fixed.has(name)));
  console.log(`\n| gain in points | auto | ${common.join(' | ')} |`);
  console.log(`| --- | ${['auto', ...common].map(() => '---:').join(' | ')} |`);
  const cells = (values: readonly number[]): string => values.map(signed).join(' | ');
  const gainsOf = ({ gain, fixed }: TaskGain): readonly number[] => [
    gain,
    ...common.map((name) => fixed.get(name) ?? NaN),
  ];
  for (const each of measured) console.log(`| ${each.task.name} | ${cells(gainsOf(each))} |`);
  const means = ['auto', ...common].map(
    (_, column) => measured.reduce((sum, each) => sum + (gainsOf(each)[column] ?? NaN), 0) / measured.length,
  );
  console.log(`| mean | ${cells(means)} |`);
  const [auto = NaN, ...others] = means;
  const behind = Math.max(...others) - auto;
  console.log(`\nThe automatic objective is ${signed(-behind)} points from the best single one (bar −${MOST_BEHIND})`);
  return behind > MOST_BEHIND ? 1 : 0;
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`.replace('-', '−');
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
}
