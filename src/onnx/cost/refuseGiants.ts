import { totalmem } from 'node:os';
import { DistilleryError } from '../../errors.ts';
import type { Graph } from '../graph.ts';
import { numericShape } from '../shapes/rule.ts';
import { elementCount } from '../tensor.ts';

/** No supported numeric type takes more, strings aside. */
const BYTES_PER_ELEMENT = 4;

/**
 * Refuses a network that computes a value which this machine cannot hold: the runtime would take memory until the system ends something.
 *
 * @param graph with the batch that it is to run on
 * @throws DistilleryError `UNSUPPORTED` naming the first such value
 */
export function refuseGiants(graph: Graph): void {
  for (const { name, operator, outputs } of graph.nodes) {
    for (const value of outputs) {
      const shape = value && numericShape(value.shape);
      if (!shape || elementCount(shape) * BYTES_PER_ELEMENT <= totalmem() / 2) continue;
      throw new DistilleryError(
        'UNSUPPORTED',
        `Node '${name}' (${operator}) computes ${elementCount(shape)} numbers of shape [${shape.join(', ')}], more than half of this machine's memory holds.`,
        { hint: 'Export the network for smaller samples, or use a machine with more memory.' },
      );
    }
  }
}
