import type { Problem } from '../../errors.ts';
import type { MemoryUse } from '../../report/speed.ts';
import { measureMemory } from '../../training/engines/memory/measureMemory.ts';
import { REPORTED_BATCH } from './measureSpeed.ts';
import type { EvaluatedNetwork } from '../../evaluation/evaluateNetwork.ts';

/** Processes that measure at the same time: mostly they wait for their own start. */
const AT_ONCE = 2;
/** What else a process does may take some of 100 kB meanwhile: of networks with a smaller peak in bytes the least of several processes counts. */
const SMALL_PEAK = 16 * 2 ** 20;
const MOST_PROCESSES = 3;

export interface MeasuredMemoryOptions {
  readonly sampleShape: readonly number[];
  /** How long speeds are measured at most; for a quarter of that measuring is repeated. */
  readonly limitMs: number;
  readonly onWarning: (problem: Problem) => void;
  readonly measure?: typeof measureMemory;
}

/**
 * How much memory each network takes on the CPU, by network name, measured in a process for each, or in up to three, of which the least
 * counts, where it takes little. A network whose process fails is told to `onWarning` and left out.
 */
export async function measureMemoryOfNetworks(
  networks: readonly EvaluatedNetwork[],
  { sampleShape, limitMs, onWarning, measure = measureMemory }: MeasuredMemoryOptions,
): Promise<ReadonlyMap<string, MemoryUse>> {
  const found = new Map<string, MemoryUse>();
  const waiting = [...networks];
  const deadline = performance.now() + limitMs / 4;
  const measureNext = async (): Promise<void> => {
    for (let network = waiting.shift(); network; network = waiting.shift()) {
      const models = network.members.map(({ model }) => model);
      const isBatchable = models.every(({ fixedBatch }) => fixedBatch === undefined);
      const batchSizes = isBatchable ? [1, REPORTED_BATCH] : [1];
      let least: readonly number[] | undefined;
      for (let processes = 0; processes < MOST_PROCESSES; processes++) {
        const result = await measure(models, { sampleShape, batchSizes });
        if ('reason' in result) {
          const message = `The peak memory of the ${network.name} could not be measured: ${result.reason}.`;
          if (!least) onWarning({ where: 'report', message });
          break;
        }
        least = result.growth.map((bytes, batch) => Math.min(bytes, least?.[batch] ?? bytes));
        if (least.some((bytes) => bytes >= SMALL_PEAK) || performance.now() > deadline) break;
      }
      const [single, batched] = least ?? [];
      if (single !== undefined) found.set(network.name, { single, batched: batched ?? null });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, measureNext));
  return found;
}
