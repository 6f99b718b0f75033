import type { Network } from '../../../protocol/events.ts';
import type { Curve, CurveKind } from '../../../protocol/snapshot.ts';
import { CurveColumn } from './curveColumn.ts';
import { EpochMeans } from './epochMeans.ts';
import { Numbers } from './numbers.ts';
import { bucketSize, shortenCurve } from './shortenCurve.ts';

/** Which curve a value belongs to. */
export interface CurveName {
  readonly kind: CurveKind;
  /** As in `Curve`. */
  readonly term: string;
}

export interface CurveValue extends CurveName {
  readonly value: number;
}

/** A part of the epochs. */
export interface EpochRange {
  readonly from: number;
  readonly to: number;
}

interface KeptCurve extends CurveName {
  readonly column: CurveColumn;
  readonly epochs: EpochMeans;
}

/** Rows that are put together when there is no place for more. */
const THINNED = 4;

/** What was told of the training of one network: for each step that was told, or each epoch, a row with its values. */
export class CurveRows {
  readonly network: Network;
  #steps = new Numbers();
  #x = new Numbers();
  #seconds = new Numbers();
  readonly #curves = new Map<string, KeptCurve>();

  constructor(network: Network) {
    this.network = network;
  }

  get length(): number {
    return this.#x.length;
  }

  /** Numbers that it keeps, those of the blocks left out. */
  get size(): number {
    return this.length * (this.#curves.size + 3);
  }

  /**
   * Adds a row. A step that was told before is told again where a training begins anew: what came after it is forgotten.
   *
   * @param at `step` counts from 1; `x` epochs, with fractions; `seconds` that the run had taken, NaN where it did not tell
   */
  add(
    at: { readonly step: number; readonly x: number; readonly seconds: number },
    values: readonly CurveValue[],
  ): void {
    if (this.length > 0 && at.step <= this.#steps.at(this.length - 1)) this.#truncate(this.#steps.countBelow(at.step));
    const row = this.length;
    // A training that is given more steps than were planned is less far than it was said to be. The curve waits until it is there again.
    const x = row === 0 ? at.x : Math.max(at.x, this.#x.at(row - 1));
    this.#steps.push(at.step);
    this.#x.push(x);
    this.#seconds.push(at.seconds);
    for (const { kind, term, value } of values) {
      const curve = this.#curveOf(kind, term);
      while (curve.column.length < row) curve.column.push(NaN);
      curve.column.push(value);
      curve.epochs.add(x, value);
    }
    for (const { column } of this.#curves.values()) if (column.length === row) column.push(NaN);
  }

  /**
   * The curves of a kind in `2 · buckets` points or somewhat more at most: those of a range, with its neighbours, or the whole with means per
   * epoch.
   */
  curves(kind: CurveKind, buckets: number, range?: EpochRange): Curve[] {
    const rows = this.#rowsOf(range);
    const size = bucketSize(rows.end - rows.first, buckets);
    return [...this.#curves.values()]
      .filter((curve) => curve.kind === kind)
      .map(({ term, column, epochs }) => ({
        network: this.network,
        term,
        ...shortenCurve(this.#x, column, rows, size),
        ...(size > 1 && !range && { perEpoch: epochs.all }),
      }));
  }

  /** Up to `count` rows, evenly chosen, the last among them, with their epochs and seconds; none where no times were told. */
  times(count: number): { readonly x: readonly number[]; readonly seconds: readonly number[] } {
    const size = Math.ceil(this.length / count);
    const rows = Array.from({ length: Math.ceil(this.length / size) || 0 }, (_, index) => index * size);
    if (this.length > 0 && rows.at(-1) !== this.length - 1) rows.push(this.length - 1);
    const timed = rows.filter((row) => !Number.isNaN(this.#seconds.at(row)));
    const began = this.#began;
    return { x: timed.map((row) => this.#x.at(row)), seconds: timed.map((row) => this.#seconds.at(row) - began) };
  }

  /**
   * When a step was done, in seconds from the beginning of the training: between steps that are known, and beyond them, the pace is even.
   * NaN where no times were told.
   */
  secondsAt(step: number): number {
    const last = this.length - 1;
    const after = Math.min(this.#steps.countBelow(step), last);
    const isBeyond = this.#steps.at(after) < step;
    const [startStep, start] =
      after <= 0 || isBeyond ? [0, this.#began] : [this.#steps.at(after - 1), this.#seconds.at(after - 1)];
    const [endStep, end] = [this.#steps.at(after), this.#seconds.at(after)];
    return start + ((step - startStep) / (endStep - startStep)) * (end - start) - this.#began;
  }

  /** Every row of a curve; nothing where there is no such curve. */
  *rows({ kind, term }: CurveName): Generator<{ readonly step: number; readonly x: number; readonly value: number }> {
    const column = this.#curves.get(`${kind} ${term}`)?.column;
    if (!column) return;
    for (let row = 0; row < column.length; row++)
      yield { step: this.#steps.at(row), x: this.#x.at(row), value: column.at(row) };
  }

  /**
   * Makes two of every four rows: of each curve the least and the greatest of the four values, in their order. Means per epoch stay
   * what they are.
   */
  thin(): void {
    const groups = Math.floor(this.length / THINNED);
    this.#steps = thinned(this.#steps, groups);
    this.#x = thinned(this.#x, groups);
    this.#seconds = thinned(this.#seconds, groups);
    for (const [name, curve] of this.#curves)
      this.#curves.set(name, { ...curve, column: thinnedColumn(curve.column, groups) });
  }

  /** When the training began, going back from its first two rows; its first steps are told a little after. */
  get #began(): number {
    const [firstX, secondX] = [this.#x.at(0), this.#x.at(1)];
    const [first, second] = [this.#seconds.at(0), this.#seconds.at(1)];
    if (this.length === 0) return NaN;
    return this.length > 1 && secondX > firstX
      ? Math.max(0, first - (firstX * (second - first)) / (secondX - firstX))
      : first;
  }

  #curveOf(kind: CurveKind, term: string): KeptCurve {
    const name = `${kind} ${term}`;
    const curve = this.#curves.get(name) ?? { kind, term, column: new CurveColumn(), epochs: new EpochMeans() };
    this.#curves.set(name, curve);
    return curve;
  }

  #rowsOf(range: EpochRange | undefined): { readonly first: number; readonly end: number } {
    if (!range) return { first: 0, end: this.length };
    // The neighbours, too: lines go on over the edges.
    const first = Math.max(0, this.#x.countBelow(range.from) - 1);
    return { first, end: Math.min(this.length, this.#x.countBelow(range.to) + 2) };
  }

  #truncate(length: number): void {
    for (const each of [this.#steps, this.#x, this.#seconds]) each.truncate(length);
    for (const { column, epochs } of this.#curves.values()) {
      column.truncate(length);
      epochs.clear();
      for (let row = 0; row < length; row++) epochs.add(this.#x.at(row), column.at(row));
    }
  }
}

/** The first and the last of every four numbers, which rise. */
function thinned(numbers: Numbers, groups: number): Numbers {
  const kept = new Numbers();
  for (let group = 0; group < groups; group++) {
    kept.push(numbers.at(group * THINNED));
    kept.push(numbers.at(group * THINNED + THINNED - 1));
  }
  for (let row = groups * THINNED; row < numbers.length; row++) kept.push(numbers.at(row));
  return kept;
}

function thinnedColumn(column: CurveColumn, groups: number): CurveColumn {
  const kept = new CurveColumn();
  for (let group = 0; group < groups; group++) {
    const { leastAt, mostAt, finite } = column.extent(group * THINNED, (group + 1) * THINNED);
    const isWhole = finite === THINNED;
    kept.push(finite === 0 ? NaN : column.at(isWhole ? Math.min(leastAt, mostAt) : mostAt));
    kept.push(isWhole ? column.at(Math.max(leastAt, mostAt)) : NaN);
  }
  for (let row = groups * THINNED; row < column.length; row++) kept.push(column.at(row));
  return kept;
}
