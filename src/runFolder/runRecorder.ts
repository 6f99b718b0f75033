import type { RunEvent, RunStatus } from '../protocol/events.ts';
import type { Quality } from '../report/quality.ts';
import { writingError } from '../platform/writingError.ts';
import type { RunFolder } from './runFolder.ts';
import { RunProgress } from './runProgress.ts';
import type { SettledExperiment } from '../experiment/schema.ts';

/** Turns the events of a run into the contents of its folder: `metrics.jsonl` and `status.json`. */
export class RunRecorder {
  readonly #folder: RunFolder;
  readonly #progress: RunProgress;
  readonly #log: (event: RunEvent) => void;
  readonly #seconds: () => number;
  /** The events from which the report's curves are drawn. */
  readonly curveEvents: RunEvent[] = [];

  /**
   * @param log told every event that is new, for logs in the forms of other programs
   * @param seconds that the run has taken so far, which is stored with its steps
   * @param finished networks whose training was over before the run went on
   */
  constructor(
    folder: RunFolder,
    experiment: SettledExperiment,
    log: (event: RunEvent) => void,
    seconds: () => number,
    finished: readonly string[] = [],
  ) {
    this.#folder = folder;
    this.#progress = new RunProgress(experiment, finished);
    this.#log = log;
    this.#seconds = seconds;
  }

  record(event: RunEvent): void {
    if (event.kind !== 'progress') this.#folder.append(this.#timed(event));
    // What a run that goes on tells once more was read from the file.
    const isNew = !this.#folder.isReplaying;
    if (isNew && (event.kind === 'epoch' || event.kind === 'teacher')) this.curveEvents.push(event);
    if (isNew) {
      try {
        this.#log(event);
      } catch (error) {
        this.#folder.noteFailure(writingError(this.#folder.file('tensorboard'), error));
      }
    }
    this.#folder.note({ ...this.#progress.after(event), ...changeOf(event) });
  }

  #timed(event: RunEvent): RunEvent {
    return event.kind === 'step' ? { ...event, seconds: Math.round(this.#seconds() * 1000) / 1000 } : event;
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
        ...(event.report.ratios && { sizeRatio: event.report.ratios.bytes }),
      };
    case 'started':
    case 'note':
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
