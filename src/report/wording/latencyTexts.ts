import { writerOfMilliseconds } from '../format.ts';
import type { ModelReport, Report } from '../report.ts';

/** What writes the latencies of a report, given in milliseconds, all in the unit that suits the longest. */
export function writerOfLatencies({
  teacher,
  student,
  baseline,
  variants,
}: Pick<Report, 'teacher' | 'student' | 'baseline' | 'variants'>): (milliseconds: number) => string {
  const networks: readonly (ModelReport | null)[] = [teacher, student, baseline, ...variants];
  return writerOfMilliseconds(
    networks.flatMap((network) => {
      if (!network) return [];
      const { p50, p95, p99 } = network.latencyMs;
      return [p50, p95, p99, network.cpuSpeed?.latencyMs.p50].filter((time) => typeof time === 'number');
    }),
  );
}
