import { parseExperiment } from '../../src/experiment/parseExperiment.ts';
import type { SettledExperiment } from '../../src/experiment/schema.ts';
import { settleExperiment } from '../../src/experiment/settleExperiment.ts';

/** An experiment with everything decided, as for a training split of so many samples. */
export function settled(value: unknown, samples = 1000): SettledExperiment {
  return settleExperiment(parseExperiment(value), { training: { count: samples } });
}
