import type { EpochEvent, Network, RunEvent, StepEvent } from '../protocol/events.ts';
import { roundStep } from '../report/drawings/roundStep.ts';
import { formatProgress, formatQuality } from '../report/format.ts';
import { cut, fitLine } from './fitLine.ts';
import { epochLine, networkName, phaseName, stepLine, trainingPieces } from './progressText.ts';
import { painted, type Output } from './terminal.ts';

/** Shows how a run goes. */
export interface Progress {
  show(event: RunEvent): void;
  /** Leaves the terminal as other output may use it. */
  end(): void;
}

/** The way of showing progress that suits the output: a live line on a terminal, otherwise a line for each epoch. */
export function progressOn(output: Output, now: () => number = () => performance.now()): Progress {
  return output.isTerminal ? new LiveProgress(output, now) : new PlainProgress(output, now);
}

/** Shows nothing. */
export const quiet: Progress = { show: () => undefined, end: () => undefined };

/**
 * One line for everything that happened, for every epoch, or every so many of a training of hundreds, and now and then for what takes long; what
 * a log file should hold.
 */
class PlainProgress implements Progress {
  /** Milliseconds after which a log that says nothing looks dead. */
  static readonly #interval = 30_000;
  readonly #output: Output;
  readonly #now: () => number;
  readonly #latestStep = new Map<Network, StepEvent>();
  readonly #latestEpoch = new Map<Network, EpochEvent>();
  /** The last epoch, as long as nothing was written of it. */
  #untold: EpochEvent | undefined;
  #writtenAt: number;

  constructor(output: Output, now: () => number) {
    this.#output = output;
    this.#now = now;
    this.#writtenAt = now();
  }

  show(event: RunEvent): void {
    for (const line of [this.#lineOfLastEpoch(event), this.#lineOf(event)]) {
      if (line === undefined) continue;
      this.#output.write(`${line}\n`);
      this.#writtenAt = this.#now();
    }
  }

  end(): void {
    // Every line is whole already.
  }

  #lineOf(event: RunEvent): string | undefined {
    switch (event.kind) {
      case 'step':
        this.#latestStep.set(event.network, event);
        return this.#isSilent() ? stepLine(event, this.#latestEpoch.get(event.network)) : undefined;
      case 'progress':
        return this.#isSilent() && event.total > 0
          ? `${phaseName(event.phase)}: ${formatProgress(event.done / event.total)}`
          : undefined;
      case 'epoch':
        this.#latestEpoch.set(event.network, event);
        this.#untold = isWritten(event) ? undefined : event;
        return this.#untold ? undefined : epochLine(event, this.#latestStep.get(event.network));
      case 'started':
      case 'phase':
      case 'note':
      case 'device':
      case 'teacher':
      case 'warning':
      case 'finished':
      case 'cancelled':
      case 'failed':
        return messageOf(event, this.#output);
    }
  }

  /** That of a training that ended before the next epoch whose line is written. */
  #lineOfLastEpoch({ kind }: RunEvent): string | undefined {
    const last = this.#untold;
    if (!last || kind === 'step' || kind === 'progress' || kind === 'epoch') return undefined;
    this.#untold = undefined;
    return epochLine(last, this.#latestStep.get(last.network));
  }

  #isSilent(): boolean {
    return this.#now() - this.#writtenAt >= PlainProgress.#interval;
  }
}

/** Lines that a training has for its epochs at most, about. */
const MOST_LINES = 100;

/** Whether a log has a line for the epoch: of more than a hundred for 1, 2, 5, 10 and so on, for so many round ones, and for the last. */
function isWritten({ epoch, epochs }: EpochEvent): boolean {
  if (epochs <= MOST_LINES) return true;
  return epoch === roundStep(epoch) || epoch === epochs || epoch % roundStep(epochs / MOST_LINES) === 0;
}

/** The line below everything else is redrawn while it goes; what is finished stays above it. */
class LiveProgress implements Progress {
  static readonly #interval = 100;
  readonly #output: Output;
  readonly #now: () => number;
  readonly #latestEpoch = new Map<Network, EpochEvent>();
  /** The last epoch, as long as it was not left standing. */
  #untold: EpochEvent | undefined;
  #isLineOpen = false;
  #drawnAt = -Infinity;

  constructor(output: Output, now: () => number) {
    this.#output = output;
    this.#now = now;
  }

  show(event: RunEvent): void {
    switch (event.kind) {
      case 'step':
        this.#redraw(() => this.#trainingLine(event));
        break;
      case 'epoch':
        this.#latestEpoch.set(event.network, event);
        this.#untold = event;
        if (event.epoch === event.epochs) this.#keepEpoch();
        break;
      case 'progress': {
        const share = event.total > 0 ? event.done / event.total : 0;
        const pieces = [{ text: formatProgress(share), rank: 0 }];
        this.#redraw(() => fitLine(phaseName(event.phase), share, pieces, this.#output.columns - 1));
        break;
      }
      case 'started':
      case 'phase':
      case 'note':
      case 'device':
      case 'teacher':
      case 'warning':
      case 'finished':
      case 'cancelled':
      case 'failed': {
        // A training may end before its last planned epoch.
        this.#keepEpoch();
        const line = messageOf(event, this.#output);
        if (line !== undefined) this.#keep(line);
      }
    }
  }

  end(): void {
    if (this.#isLineOpen) this.#output.write('\r\x1b[2K');
    this.#isLineOpen = false;
  }

  #trainingLine(event: StepEvent): string {
    const { epoch, loss, terms, validation, speed, timeLeft } = trainingPieces(
      event,
      this.#latestEpoch.get(event.network),
    );
    const pieces = [
      { text: epoch, rank: 0 },
      { text: loss, rank: 1 },
      { text: terms === '' ? '' : `(${terms})`, rank: 5 },
      { text: validation, rank: 2 },
      { text: speed, rank: 4 },
      { text: timeLeft, rank: 3 },
    ];
    // A character in the last column makes some terminals wrap.
    return fitLine(networkName(event.network), event.step / event.steps, pieces, this.#output.columns - 1);
  }

  #redraw(line: () => string): void {
    if (this.#isLineOpen && this.#now() - this.#drawnAt < LiveProgress.#interval) return;
    this.#drawnAt = this.#now();
    this.#output.write(`\r\x1b[2K${cut(line(), this.#output.columns - 1)}`);
    this.#isLineOpen = true;
  }

  #keepEpoch(): void {
    if (this.#untold) this.#keep(epochLine(this.#untold, undefined));
    this.#untold = undefined;
  }

  #keep(line: string): void {
    this.end();
    this.#output.write(`${line}\n`);
  }
}

/** What is told of an event that is no step on the way; undefined when nothing is. */
function messageOf(event: RunEvent, output: Output): string | undefined {
  switch (event.kind) {
    case 'started':
      return `${painted(output, 'bold', event.name)}  ${painted(output, 'dim', event.folder)}`;
    case 'phase':
    case 'note':
      return painted(output, 'dim', event.message);
    case 'device':
      return event.message;
    case 'teacher':
      return `Teacher: validation ${formatQuality(event.validation)}`;
    case 'warning': {
      const { where, message, hint } = event.problem;
      const text = `${where}: ${message}${hint === undefined ? '' : ` ${hint}`}`;
      return `${painted(output, 'yellow', 'Warning')} ${text}`;
    }
    case 'step':
    case 'epoch':
    case 'progress':
    case 'finished':
    case 'cancelled':
    case 'failed':
      return undefined;
  }
}
