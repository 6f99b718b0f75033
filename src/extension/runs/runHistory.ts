import type { Network, Phase, RunEvent, StepEvent } from '../../protocol/events.ts';
import type { Curve, RunSnapshot, RunStage } from '../../protocol/snapshot.ts';
import { RunStages } from './plannedStages.ts';
import { stepsPerEpochOf, TrainingClocks } from './trainingClocks.ts';

/** More points than a chart has pixels help nobody; longer curves are averaged down. */
const MAXIMUM_POINTS = 400;

/** Of what a run says, so many lines are kept at most. */
const MAXIMUM_SAID = 300;

interface Points {
  readonly network: Network;
  readonly term: string;
  readonly x: number[];
  readonly y: number[];
}

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
  | 'losses'
  | 'lacksWeights'
  | 'accuracies'
  | 'validationLosses'
  | 'learningRates'
  | 'speeds'
  | 'clocks'
  | 'warnings'
  | 'problems'
  | 'report'
>;

type Drawn = 'losses' | 'accuracies' | 'validationLosses' | 'learningRates' | 'speeds' | 'clocks';
type Told = Writable<Omit<Recorded, Drawn>>;
type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** What the events of one run have told so far. */
export class RunHistory {
  #told: Told = nothingTold();
  readonly #losses = new Map<string, Points>();
  readonly #accuracies = new Map<string, Points>();
  readonly #validationLosses = new Map<string, Points>();
  readonly #learningRates = new Map<string, Points>();
  readonly #speeds = new Map<string, Points>();
  readonly #clocks = new TrainingClocks();
  readonly #stages = new RunStages();

  add(event: RunEvent): void {
    const told = this.#told;
    this.#stages.add(event);
    switch (event.kind) {
      case 'started':
        this.#told = nothingTold();
        this.#losses.clear();
        this.#accuracies.clear();
        this.#validationLosses.clear();
        this.#learningRates.clear();
        this.#speeds.clear();
        this.#clocks.clear();
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
        if (event.validation.accuracy !== null) {
          addPoint(this.#accuracies, event.network, 'accuracy', event.epoch, event.validation.accuracy);
        }
        addPoint(this.#validationLosses, event.network, 'validation', event.epoch, event.validation.loss);
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

  snapshot(): Recorded {
    return {
      ...this.#told,
      losses: [...this.#losses.values()].map(shortened),
      accuracies: [...this.#accuracies.values()].map(shortened),
      validationLosses: [...this.#validationLosses.values()].map(shortened),
      learningRates: [...this.#learningRates.values()].map(shortened),
      speeds: [...this.#speeds.values()].map(shortened),
      clocks: this.#clocks.all,
    };
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
    const epoch = event.step / stepsPerEpochOf(event);
    for (const [term, loss] of Object.entries(event.losses)) {
      const weight = term === 'total' ? 1 : (event.weights?.[term] ?? 1);
      addPoint(this.#losses, event.network, term, epoch, loss * weight);
    }
    addPoint(this.#learningRates, event.network, 'learning rate', epoch, event.learningRate);
    addPoint(this.#speeds, event.network, 'samples/s', epoch, event.samplesPerSecond);
    this.#clocks.add(event);
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

function addPoint(curves: Map<string, Points>, network: Network, term: string, x: number, y: number): void {
  const key = `${network} ${term}`;
  const curve = curves.get(key) ?? { network, term, x: [], y: [] };
  curves.set(key, curve);
  curve.x.push(x);
  curve.y.push(y);
}

/** At most `MAXIMUM_POINTS` points: means of neighbours. What is not a number becomes a gap. */
function shortened({ network, term, x, y }: Points): Curve {
  const size = Math.ceil(x.length / MAXIMUM_POINTS);
  const buckets = Array.from({ length: Math.ceil(x.length / size) || 0 }, (_, index) => index * size);
  return {
    network,
    term,
    x: buckets.map((start) => mean(x.slice(start, start + size))),
    y: buckets.map((start) => {
      const value = mean(y.slice(start, start + size));
      return Number.isFinite(value) ? value : null;
    }),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
