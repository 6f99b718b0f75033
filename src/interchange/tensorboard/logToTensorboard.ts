import type { Experiment } from '../../experiment/schema.ts';
import type { RunEvent } from '../../protocol/events.ts';
import { hyperparametersOf } from '../hyperparameters.ts';
import { TensorboardLog } from './tensorboardLog.ts';

/** Writes the events of a run, one after the other, to TensorBoard's files in a folder. */
export function logToTensorboard(folder: string, experiment: Experiment): (event: RunEvent) => void {
  const log = new TensorboardLog(folder);
  return (event) => {
    switch (event.kind) {
      case 'started':
        log.begin(hyperparametersOf(experiment));
        break;
      case 'epoch':
        log.append(event);
        break;
      case 'finished':
        log.appendReport(event.report);
        log.end('success');
        break;
      case 'cancelled':
        if (event.report) log.appendReport(event.report);
        log.end('unknown');
        break;
      case 'failed':
        log.end('failure');
        break;
      case 'phase':
      case 'note':
      case 'device':
      case 'progress':
      case 'teacher':
      case 'step':
      case 'warning':
    }
  };
}
