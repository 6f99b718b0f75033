import type { Phase, RunEvent, StepEvent } from '../../protocol/events.ts';
import type { CsvLine, CurvesOfRun } from '../../protocol/panel.ts';
import type { Closeup, NetworkRange, RunSnapshot, RunStage } from '../../protocol/snapshot.ts';
import { curvesCsv } from './curves/curvesCsv.ts';
import { KeptCurves } from './curves/keptCurves.ts';
import { RunStages } from './plannedStages.ts';

/** Of what a run says, so many lines are kept at most. */
const MAXIMUM_SAID = 300;

/** While a run goes on, its curves are drawn again when they are longer by this share, */
const GROWN = 0.001;
/** and when something was added this long ago. */
const REDRAW_MS = 2000;

/** The part of a snapshot that events alone decide. */
type Recorded = Pick<
  RunSnapshot,
  | 'phase'
  | 'phaseMessage'
  | 'said'
  | 'device'
  | 'position'
  | 'epochs'
  | 'teacherAccuracy'
  | 'teacherLoss'
  | 'lacksWeights'
  | 'warnings'
  | 'problems'
  | 'report'
> &
  CurvesOfRun;

type Told = Writable<Omit<Recorded, keyof CurvesOfRun>>;
type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** What the events of one run have told so far. */
export class RunHistory {
  #told: Told = nothingTold();
  readonly #curves = new KeptCurves();
  #drawn: { readonly rows: number; readonly at: number; readonly curves: CurvesOfRun } | undefined;
  readonly #stages = new RunStages();

  add(event: RunEvent): void {
    const told = this.#told;
    this.#stages.add(event);
    switch (event.kind) {
      case 'started':
        this.#told = nothingTold();
        this.#curves.clear();
        this.#drawn = undefined;
        break;
      case 'phase':
        told.phase = event.phase;
        told.phaseMessage = event.message;
        delete told.position;
        this.#say(event.message);
        break;
      case 'note':
        this.#say(event.message);
        break;
      case 'device':
        this.#say(event.message);
        told.device = { device: event.device, requested: event.requested, message: event.message };
        break;
      case 'progress':
        // The status has the progress of the whole run.
        break;
      case 'teacher':
        if (event.validation.accuracy !== null) told.teacherAccuracy = event.validation.accuracy;
        if (Number.isFinite(event.validation.loss)) told.teacherLoss = event.validation.loss;
        break;
      case 'step':
        this.#addStep(event);
        break;
      case 'epoch':
        told.epochs = event.epochs;
        this.#curves.addEpoch(event);
        break;
      case 'warning':
        told.warnings = [...told.warnings, event.problem];
        break;
      case 'finished':
        told.report = event.report;
        break;
      case 'cancelled':
        if (event.report) told.report = event.report;
        break;
      case 'failed':
        told.problems = event.problems;
        break;
    }
  }

  /** @param planned the stages of the run, as far as they can be told beforehand */
  stages(planned: readonly Phase[]): readonly RunStage[] {
    return this.#stages.of(planned);
  }

  /** @param isFinal whether no more is to come: then the curves are told to their end */
  snapshot(isFinal = true): Recorded {
    return { ...this.#told, ...this.#curvesNow(isFinal) };
  }

  /** The curves within these ranges, as finely as they can be shown. */
  closeup(ranges: readonly NetworkRange[]): Closeup {
    return this.#curves.closeup(ranges);
  }

  /** Every value of these lines, as comma-separated values, in pieces. */
  csv(lines: readonly CsvLine[]): Iterable<string> {
    return curvesCsv(this.#curves, lines);
  }

  /** The same object as before while it would be drawn the same. */
  #curvesNow(isFinal: boolean): CurvesOfRun {
    const { rows } = this.#curves;
    const now = performance.now();
    const drawn = this.#drawn;
    if (drawn) {
      const added = rows - drawn.rows;
      const isDue = isFinal || added > GROWN * rows || now - drawn.at > REDRAW_MS;
      if (added === 0 || !isDue) return drawn.curves;
    }
    const curves = { ...this.#curves.whole, clocks: this.#curves.clocks };
    this.#drawn = { rows, at: now, curves };
    return curves;
  }

  #say(message: string): void {
    const { said } = this.#told;
    if (message === '') return;
    // Of what is counted the last is enough, such as one view of the samples after the other.
    const isCounted = patternOf(said.at(-1) ?? '') === patternOf(message);
    this.#told.said = [...(isCounted ? said.slice(0, -1) : said.slice(1 - MAXIMUM_SAID)), message];
  }

  #addStep(event: StepEvent): void {
    this.#told.epochs = event.epochs;
    this.#told.position = {
      network: event.network,
      step: event.step,
      steps: event.steps,
      epoch: event.epoch,
      epochs: event.epochs,
      learningRate: event.learningRate,
      samplesPerSecond: event.samplesPerSecond,
      secondsLeft: event.secondsLeft,
    };
    this.#curves.addStep(event);
    if (!event.weights) this.#told.lacksWeights = true;
  }
}

/** A sentence without its numbers. */
function patternOf(message: string): string {
  return message.replace(/\d[\d.]*/g, '#');
}

function nothingTold(): Told {
  return { said: [], warnings: [], problems: [] };
}
