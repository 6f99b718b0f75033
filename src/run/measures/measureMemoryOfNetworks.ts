import type { Problem } from '../../errors.ts';
import type { MemoryUse } from '../../report/speed.ts';
import { measureMemory } from '../../training/engines/memory/measureMemory.ts';
import { REPORTED_BATCH } from './measureSpeed.ts';
import type { EvaluatedNetwork } from '../../evaluation/evaluateNetwork.ts';

/** Processes that measure at the same time: mostly they wait for their own start. */
const AT_ONCE = 2;

/**
 * How much memory each network takes on the CPU, by network name, measured in a process for each. A network whose process fails is
 * told to `onWarning` and left out.
 */
export async function measureMemoryOfNetworks(
  networks: readonly EvaluatedNetwork[],
  sampleShape: readonly number[],
  onWarning: (problem: Problem) => void,
): Promise<ReadonlyMap<string, MemoryUse>> {
  const found = new Map<string, MemoryUse>();
  const waiting = [...networks];
  const measureNext = async (): Promise<void> => {
    for (let network = waiting.shift(); network; network = waiting.shift()) {
      const models = network.members.map(({ model }) => model);
      const isBatchable = models.every(({ fixedBatch }) => fixedBatch === undefined);
      const batchSizes = isBatchable ? [1, REPORTED_BATCH] : [1];
      const result = await measureMemory(models, { sampleShape, batchSizes });
      if ('reason' in result) {
        const message = `The peak memory of the ${network.name} could not be measured: ${result.reason}.`;
        onWarning({ where: 'report', message });
        continue;
      }
      const [single, batched] = result.growth;
      if (single !== undefined) found.set(network.name, { single, batched: batched ?? null });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, measureNext));
  return found;
}
