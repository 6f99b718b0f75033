import type { Quality, RunEvent, RunStatus } from '../protocol/events.ts';
import type { RunFolder } from './runFolder.ts';
import type { RunProgress } from './runProgress.ts';
import { TensorboardLog } from './tensorboard/tensorboardLog.ts';

/** Turns the events of a run into the contents of its folder: `metrics.jsonl`, `status.json` and TensorBoard's files. */
export class RunRecorder {
  readonly #folder: RunFolder;
  readonly #progress: RunProgress;
  readonly #tensorboard: TensorboardLog;
  /** The events from which the report's curves are drawn. */
  readonly curveEvents: RunEvent[] = [];

  constructor(folder: RunFolder, progress: RunProgress) {
    this.#folder = folder;
    this.#progress = progress;
    this.#tensorboard = new TensorboardLog(folder.file('tensorboard'));
  }

  record(event: RunEvent): void {
    if (event.kind !== 'progress') this.#folder.append(event);
    // What a run that goes on tells once more was read from the file.
    const isNew = !this.#folder.isReplaying;
    if (isNew && (event.kind === 'epoch' || event.kind === 'teacher')) this.curveEvents.push(event);
    if (isNew && event.kind === 'epoch') this.#tensorboard.append(event);
    this.#folder.note({ progress: this.#progress.after(event), ...changeOf(event) });
  }
}

/** What an event changes in the status beside the progress. */
function changeOf(event: RunEvent): Partial<RunStatus> {
  switch (event.kind) {
    case 'phase':
      return { phase: event.phase };
    case 'device':
      return { device: event.device };
    case 'teacher':
      return teacherQuality(event.validation);
    case 'epoch':
      return event.network === 'student' && event.best ? studentQuality(event.validation) : {};
    case 'finished':
      return {
        ...studentQuality(event.report.student.test),
        ...(event.report.teacher && teacherQuality(event.report.teacher.test)),
      };
    case 'started':
    case 'progress':
    case 'step':
    case 'warning':
    case 'cancelled':
    case 'failed':
      return {};
  }
}

function studentQuality({ accuracy, loss }: Quality): Partial<RunStatus> {
  return accuracy === null ? finite({ loss }) : { accuracy };
}

function teacherQuality({ accuracy, loss }: Quality): Partial<RunStatus> {
  return accuracy === null ? finite({ teacherLoss: loss }) : { teacherAccuracy: accuracy };
}

/** JSON has only numbers that are finite. */
function finite(losses: Pick<RunStatus, 'loss' | 'teacherLoss'>): Partial<RunStatus> {
  return Object.values(losses).every(Number.isFinite) ? losses : {};
}
