import * as os from 'node:os';
import type { MeasuredLoad } from '../report/speed.ts';

/** What clocks of machine and process say at one moment, in milliseconds since some moment in the past. */
export interface LoadReading {
  readonly wall: number;
  /** Processor time that this process has taken, all threads together. */
  readonly own: number;
  /** Processor time that all processes have taken, all processors together; undefined where the system does not tell. */
  readonly all: number | undefined;
  /** Processors that `all` is counted over. */
  readonly processors: number;
}

/** Other processes that take so much of the processors, or so much waiting for a processor, make a machine busy. */
const BUSY = { others: 0.2, waiting: 0.1 };

/** Reads the clocks. */
export function readLoad(): LoadReading {
  const { user, system } = process.cpuUsage();
  const processors = os.cpus();
  const all = processors.reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
  return {
    wall: performance.now(),
    own: (user + system) / 1000,
    all: all > 0 ? all : undefined,
    processors: processors.length,
  };
}

/**
 * How busy the machine was with other things between two readings.
 *
 * @param computes whether the process itself had something to compute all the time, as it has on the CPU: it then waited for a processor
 *   whenever it got less time than passed
 */
export function loadBetween(before: LoadReading, after: LoadReading, computes: boolean): MeasuredLoad {
  const passed = after.wall - before.wall;
  const own = after.own - before.own;
  const others =
    before.all === undefined || after.all === undefined || passed <= 0
      ? null
      : (after.all - before.all - own) / (passed * Math.max(1, after.processors));
  const waiting = computes && passed > 0 ? 1 - own / passed : null;
  const [othersShare, waitingShare] = [others, waiting].map((share) =>
    share === null ? null : Math.min(1, Math.max(0, share)),
  );
  const isBusy = (othersShare ?? 0) >= BUSY.others || (waitingShare ?? 0) >= BUSY.waiting;
  return { isBusy, others: othersShare ?? null, waiting: waitingShare ?? null };
}

/** What was measured in several spans: the busiest of each. */
export function busiest(loads: readonly MeasuredLoad[]): MeasuredLoad {
  const most = (figure: (load: MeasuredLoad) => number | null): number | null =>
    loads.reduce<number | null>((found, load) => {
      const share = figure(load);
      return share === null ? found : Math.max(found ?? 0, share);
    }, null);
  return {
    isBusy: loads.some(({ isBusy }) => isBusy),
    others: most(({ others }) => others),
    waiting: most(({ waiting }) => waiting),
  };
}
