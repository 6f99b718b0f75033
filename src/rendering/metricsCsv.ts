import type { RunEvent } from '../protocol/events.ts';
import { csvLines } from './csvLines.ts';

/** The epochs of a run as comma-separated values: a row for every epoch of every network, a column for every figure. */
export function metricsCsv(events: readonly RunEvent[]): string {
  const epochs = events.filter((event) => event.kind === 'epoch');
  const terms = [...new Set(epochs.flatMap(({ losses }) => Object.keys(losses)))];
  return csvLines([
    ['network', 'epoch', 'step', ...terms.map((term) => `loss_${term}`), 'validation_accuracy', 'validation_loss'],
    ...epochs.map(({ network, epoch, step, losses, validation }) => [
      network,
      epoch,
      step,
      ...terms.map((term) => losses[term]),
      validation.accuracy,
      validation.loss,
    ]),
  ]);
}
