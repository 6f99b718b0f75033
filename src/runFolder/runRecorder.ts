import type { Quality, RunEvent, RunStatus } from '../protocol/events.ts';
import { hyperparametersOf } from './hyperparameters.ts';
import type { RunFolder } from './runFolder.ts';
import { RunProgress } from './runProgress.ts';
import type { Experiment } from './schema.ts';
import { TensorboardLog } from './tensorboard/tensorboardLog.ts';

/** Turns the events of a run into the contents of its folder: `metrics.jsonl`, `status.json` and TensorBoard's files. */
export class RunRecorder {
  readonly #folder: RunFolder;
  readonly #experiment: Experiment;
  readonly #progress: RunProgress;
  readonly #tensorboard: TensorboardLog;
  /** The events from which the report's curves are drawn. */
  readonly curveEvents: RunEvent[] = [];

  constructor(folder: RunFolder, experiment: Experiment, finished: readonly string[] = []) {
    this.#folder = folder;
    this.#experiment = experiment;
    this.#progress = new RunProgress(experiment, finished);
    this.#tensorboard = new TensorboardLog(folder.file('tensorboard'));
  }

  record(event: RunEvent): void {
    if (event.kind !== 'progress') this.#folder.append(event);
    // What a run that goes on tells once more was read from the file.
    const isNew = !this.#folder.isReplaying;
    if (isNew && (event.kind === 'epoch' || event.kind === 'teacher')) this.curveEvents.push(event);
    if (isNew) this.#log(event);
    this.#folder.note({ progress: this.#progress.after(event), ...changeOf(event) });
  }

  /** What TensorBoard is told of an event. */
  #log(event: RunEvent): void {
    switch (event.kind) {
      case 'started':
        this.#tensorboard.begin(hyperparametersOf(this.#experiment));
        break;
      case 'epoch':
        this.#tensorboard.append(event);
        break;
      case 'finished':
        this.#tensorboard.appendReport(event.report);
        this.#tensorboard.end('success');
        break;
      case 'cancelled':
        if (event.report) this.#tensorboard.appendReport(event.report);
        this.#tensorboard.end('unknown');
        break;
      case 'failed':
        this.#tensorboard.end('failure');
        break;
      case 'phase':
      case 'device':
      case 'progress':
      case 'teacher':
      case 'step':
      case 'warning':
    }
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
