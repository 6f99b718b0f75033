import { appendFileSync } from 'node:fs';
import * as os from 'node:os';
import { setTimeout as rest } from 'node:timers/promises';
import { env } from '../src/platform/onnxRuntime.ts';
import type { DeviceName } from '../src/protocol/events.ts';
import { limitThreads } from '../src/training/engines/session.ts';
import { clockOf, type Clock } from './clock.ts';
import type { BenchCase } from './cases.ts';
import type { MachineLimits } from './machineLimits.ts';
import { openInference, openTraining, type Timed } from './ours.ts';
import { FORMS, type LeastWork, type PyTorch, type PyTorchForm } from './pytorch.ts';

/** How long a side works in its turn, at least: what is not counted, since threads sleep and caches are others' at first, and what is. */
const WARM_UP: LeastWork = { steps: 2, milliseconds: 100 };
const MEASURED: LeastWork = { steps: 8, milliseconds: 200 };
/** Threads that have worked wait for more work awake for a while, OpenBLAS's for tens of milliseconds, and would disturb the other side. */
const REST_MILLISECONDS = 200;

export type Mode = 'training' | 'inference';

/** Largest ratios, our time over PyTorch's, by its form; where there is none, the form is only told. */
const BARS: Readonly<Record<Mode, Partial<Record<PyTorchForm, number>>>> = {
  training: { eager: 0.8, compiled: 1 },
  inference: { compiled: 0.9 },
};
/** A step is a forward pass and two products of its size backward. */
const PASSES: Readonly<Record<Mode, number>> = { training: 3, inference: 1 };

export interface CompareOptions {
  readonly rounds: number;
  readonly threads: number;
  /** With one thread, the processor's time compares programs on a machine that is busy with others. */
  readonly clock: Clock;
  readonly pytorch: PyTorch | undefined;
  /** What this machine computes at most; left out on a GPU, of which that is not known. */
  readonly limits?: MachineLimits | undefined;
  /** Where it is computed here; by default on the CPU. */
  readonly device?: DeviceName | undefined;
  /** Forms of PyTorch that are timed; by default all. */
  readonly forms?: readonly PyTorchForm[] | undefined;
}

/** One round: milliseconds of a step, here and in each form of PyTorch that works. */
interface Round {
  readonly ours: number;
  readonly theirs: Partial<Record<PyTorchForm, number>>;
}

/**
 * Times a network here and in every form of PyTorch, in turns, and prints the ratios of the medians beside the share of the machine's limit
 * that is reached. Appends to bench/history.jsonl.
 *
 * @returns how many bars were missed
 */
export async function compare(network: BenchCase, mode: Mode, options: CompareOptions): Promise<number> {
  const { rounds: count, pytorch, threads, clock, device = 'cpu', forms = FORMS } = options;
  limitThreads(threads);
  const ours = mode === 'training' ? await openTraining(network, { device }) : await openInference(network, device);
  const rounds: Round[] = [];
  let version: string | null = null;
  try {
    for (let round = 0; round < count; round++) {
      await rest(REST_MILLISECONDS);
      const own = await stepMilliseconds(ours, clock);
      const theirs: Round['theirs'] = {};
      for (const form of pytorch ? forms : []) {
        await rest(REST_MILLISECONDS);
        const answer = await pytorch?.measure(network, {
          mode,
          form,
          warmUp: WARM_UP,
          measured: MEASURED,
          threads,
          clock,
          device: device === 'cpu' ? 'cpu' : 'cuda',
        });
        if (!answer || 'refusal' in answer) {
          if (round === 0 && answer) console.log(`  PyTorch, ${form}: ${answer.refusal}`);
          continue;
        }
        if (answer.parameters !== ours.parameters) {
          console.log(`  not the same network: ${ours.parameters} parameters here, ${answer.parameters} in PyTorch`);
        }
        version = answer.version;
        theirs[form] = typical(answer.milliseconds, clock);
      }
      rounds.push({ ours: own, theirs });
    }
  } finally {
    await ours.dispose();
  }
  return tell(network, mode, { ...options, device, rounds, version, macs: ours.macs });
}

/** Of one step, after some that are not counted. */
async function stepMilliseconds(timed: Timed, clock: Clock): Promise<number> {
  await timeSteps(timed, clock, WARM_UP);
  return typical(await timeSteps(timed, clock, MEASURED), clock);
}

/** Milliseconds of each step. Of several that one run does each has its share. */
async function timeSteps(timed: Timed, clock: Clock, least: LeastWork): Promise<readonly number[]> {
  const now = clockOf(clock);
  const times: number[] = [];
  const end = performance.now() + least.milliseconds;
  while (times.length < least.steps || performance.now() < end) {
    const start = now();
    const steps = await timed.run();
    const each = (now() - start) / steps;
    for (let step = 0; step < steps; step++) times.push(each);
  }
  return times;
}

/** The median; of the processor's time the least, as other programs, which share its caches and its clock, can only add to it. */
function typical(values: readonly number[], clock: Clock): number {
  return clock === 'wall' ? median(values) : Math.min(...values);
}

function tell(
  network: BenchCase,
  mode: Mode,
  result: {
    readonly rounds: readonly Round[];
    readonly version: string | null;
    readonly macs: number;
    readonly limits?: MachineLimits | undefined;
    readonly threads: number;
    readonly clock: Clock;
    readonly device: DeviceName;
  },
): number {
  const { rounds, version, macs, limits } = result;
  const milliseconds = typical(
    rounds.map(({ ours }) => ours),
    result.clock,
  );
  const perSecond = (2 * PASSES[mode] * macs * network.batch) / (milliseconds / 1000);
  const share = limits && perSecond / limitOf(network, limits);
  let missed = 0;
  const forms = FORMS.flatMap((form) => {
    const pairs = rounds.flatMap(({ ours, theirs }) => {
      const other = theirs[form];
      return other === undefined ? [] : [{ other, ratio: ours / other }];
    });
    if (pairs.length === 0) return [];
    const theirs = typical(
      pairs.map(({ other }) => other),
      result.clock,
    );
    const ratio = result.clock === 'wall' ? median(pairs.map((pair) => pair.ratio)) : milliseconds / theirs;
    const bar = BARS[mode][form] ?? null;
    const isMissed = bar !== null && ratio > bar;
    if (isMissed) missed++;
    return [{ form, milliseconds: theirs, ratio, bar, isMissed }];
  });
  const columns = forms.map(
    ({ form, ratio, bar, isMissed }) =>
      `${form} ${ratio.toFixed(2)}${bar === null ? '' : ` (bar ${bar})`}${isMissed ? ' MISSED' : ''}`,
  );
  const reached =
    share === undefined
      ? `${(perSecond / 1e9).toPrecision(3)} GFLOP/s`
      : `${(100 * share).toFixed(0).padStart(3)} % of the limit`;
  console.log(
    `${network.name.padEnd(40)} ${mode.padEnd(9)} ${milliseconds.toFixed(2).padStart(8)} ms, ${reached}  ${columns.join('  ')}`,
  );
  const line = {
    date: new Date().toISOString(),
    name: network.name,
    mode,
    device: result.device,
    rounds: rounds.length,
    clock: result.clock,
    milliseconds,
    shareOfLimit: share,
    limits,
    pytorch: version,
    against: forms.map(({ form, milliseconds: theirs, ratio, bar }) => ({ form, milliseconds: theirs, ratio, bar })),
    machine: { processor: os.cpus()[0]?.model ?? 'unknown', threads: result.threads, load: os.loadavg()[0] ?? 0 },
    onnxruntime: env.versions.node ?? env.versions.common,
  };
  appendFileSync(new URL('history.jsonl', import.meta.url), `${JSON.stringify(line)}\n`);
  return missed;
}

function limitOf({ input }: BenchCase, { product, convolution }: MachineLimits): number {
  return input.length === 3 ? Math.max(product, convolution) : product;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
