import type { EpochEvent, Network, StepEvent } from '../../../protocol/events.ts';
import type { Closeup, Curve, CurveKind, NetworkRange, RunCurves, TrainingClock } from '../../../protocol/snapshot.ts';
import { CurveRows, type CurveName, type CurveValue } from './curveRows.ts';

/** Of a whole run: as many as a wide chart has pixels. */
const BUCKETS = 500;
/** Of a range, which is asked for with as much again on both sides. */
const CLOSE_BUCKETS = 1500;
/** Between two of these points of a clock the pace is taken to be even. */
const CLOCK_POINTS = 200;

/** Numbers that are kept at most: 64 MiB and a sixteenth for the blocks, of a run with two terms a million steps, more than a day. */
const MOST_NUMBERS = 2 ** 23;
/** Rows between two looks at how much is kept. */
const LOOK_EVERY = 1024;

interface KeptNetwork {
  readonly steps: CurveRows;
  readonly epochs: CurveRows;
  stepsPerEpoch: number;
}

/**
 * Everything that a run told over its steps and epochs, or, where that is more than `MOST_NUMBERS`, the least and the greatest of
 * neighbouring steps: twice as coarse whenever it is full again.
 */
export class KeptCurves {
  readonly #networks = new Map<Network, KeptNetwork>();
  readonly #mostNumbers: number;
  #rows = 0;

  constructor(mostNumbers = MOST_NUMBERS) {
    this.#mostNumbers = mostNumbers;
  }

  /** Steps and epochs that were told. */
  get rows(): number {
    return this.#rows;
  }

  clear(): void {
    this.#networks.clear();
    this.#rows = 0;
  }

  addStep(event: StepEvent): void {
    const { network, step, losses, weights, learningRate, samplesPerSecond, seconds } = event;
    const kept = this.#of(network);
    kept.stepsPerEpoch = stepsPerEpochOf(event);
    const values: CurveValue[] = Object.entries(losses).map(([term, loss]) => ({
      kind: 'losses',
      term,
      value: loss * (term === 'total' ? 1 : (weights?.[term] ?? 1)),
    }));
    values.push({ kind: 'learningRates', term: 'learning rate', value: learningRate });
    values.push({ kind: 'speeds', term: 'samples/s', value: samplesPerSecond });
    kept.steps.add({ step, x: step / kept.stepsPerEpoch, seconds: seconds ?? NaN }, values);
    this.#noteRow();
  }

  addEpoch({ network, step, epoch, validation: { accuracy, loss } }: EpochEvent): void {
    const values: CurveValue[] = [{ kind: 'validationLosses', term: 'validation', value: loss }];
    if (accuracy !== null) values.push({ kind: 'accuracies', term: 'accuracy', value: accuracy });
    this.#of(network).epochs.add({ step, x: epoch, seconds: NaN }, values);
    this.#noteRow();
  }

  /** The curves of the whole run, short enough to be drawn. */
  get whole(): RunCurves {
    return this.#curves((rows, kind) => rows.curves(kind, BUCKETS));
  }

  get clocks(): readonly TrainingClock[] {
    return [...this.#networks]
      .filter(([, { steps }]) => steps.length > 0)
      .map(([network, { steps, stepsPerEpoch }]) => ({ network, stepsPerEpoch, ...steps.times(CLOCK_POINTS) }));
  }

  /** The curves of these networks, as finely as the ranges can show them. */
  closeup(ranges: readonly NetworkRange[]): Closeup {
    const curves = this.#curves((rows, kind) => {
      const range = ranges.find(({ network }) => network === rows.network);
      return range ? rows.curves(kind, CLOSE_BUCKETS, range) : [];
    });
    return { ranges, curves };
  }

  /** Every point of a curve, with the step, and the seconds since the training began, NaN where no times were told. */
  *points(
    network: Network,
    curve: CurveName,
  ): Generator<{ readonly step: number; readonly x: number; readonly seconds: number; readonly value: number }> {
    const kept = this.#networks.get(network);
    if (!kept) return;
    for (const rows of [kept.steps, kept.epochs]) {
      for (const row of rows.rows(curve)) yield { ...row, seconds: kept.steps.secondsAt(row.step) };
    }
  }

  #curves(of: (rows: CurveRows, kind: CurveKind) => readonly Curve[]): RunCurves {
    const networks = [...this.#networks.values()];
    const ofSteps = (kind: CurveKind): readonly Curve[] => networks.flatMap(({ steps }) => of(steps, kind));
    const ofEpochs = (kind: CurveKind): readonly Curve[] => networks.flatMap(({ epochs }) => of(epochs, kind));
    return {
      losses: ofSteps('losses'),
      accuracies: ofEpochs('accuracies'),
      validationLosses: ofEpochs('validationLosses'),
      learningRates: ofSteps('learningRates'),
      speeds: ofSteps('speeds'),
    };
  }

  #of(network: Network): KeptNetwork {
    const kept = this.#networks.get(network) ?? {
      steps: new CurveRows(network),
      epochs: new CurveRows(network),
      stepsPerEpoch: 0,
    };
    this.#networks.set(network, kept);
    return kept;
  }

  #noteRow(): void {
    this.#rows += 1;
    if (this.#rows % LOOK_EVERY !== 0) return;
    const all = [...this.#networks.values()].flatMap(({ steps, epochs }) => [steps, epochs]);
    if (all.reduce((sum, { size }) => sum + size, 0) <= this.#mostNumbers) return;
    all.reduce((largest, rows) => (rows.size > largest.size ? rows : largest)).thin();
  }
}

/** Of older runs it is reckoned from the plan, which is right as long as that is not cut short. */
function stepsPerEpochOf({ epochs, steps, stepsPerEpoch }: StepEvent): number {
  return stepsPerEpoch ?? steps / epochs;
}
