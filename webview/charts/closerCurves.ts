import type { Closeup, Curve, CurveKind, NetworkRange, Points, RunCurves } from '../../src/protocol/snapshot.ts';
import { countBelow } from './timeline.ts';

const KINDS: readonly CurveKind[] = ['losses', 'accuracies', 'validationLosses', 'learningRates', 'speeds'];

/** Whether something is to be seen within a range that the curves do not show. */
export function areCoarse(curves: RunCurves): boolean {
  return KINDS.some((kind) => curves[kind].some(({ means }) => means !== undefined));
}

/** The curves of a run, with the finer points of what is looked at closely in place of their own. */
export function closerCurves(curves: RunCurves, { ranges, curves: close }: Closeup): RunCurves {
  const closer = (kind: CurveKind): readonly Curve[] =>
    curves[kind].map((curve) => {
      const range = ranges.find(({ network }) => network === curve.network);
      const finer = close[kind].find(({ network, term }) => network === curve.network && term === curve.term);
      if (!range || !finer || curve.means === undefined) return curve;
      const { x, y } = spliced(curve, finer, range);
      return { ...curve, x, y, means: spliced(curve.means, finer.means ?? finer, range) };
    });
  return {
    losses: closer('losses'),
    accuracies: closer('accuracies'),
    validationLosses: closer('validationLosses'),
    learningRates: closer('learningRates'),
    speeds: closer('speeds'),
  };
}

/** Whether the ranges hold those of others. */
export function hold(ranges: readonly NetworkRange[], others: readonly NetworkRange[]): boolean {
  return others.every(({ network, from, to }) =>
    ranges.some((range) => range.network === network && range.from <= from && range.to >= to),
  );
}

/** Finer points between those before and those after the range. */
function spliced(coarse: Points, fine: Points, range: NetworkRange): Points {
  const from = Math.min(range.from, fine.x[0] ?? range.from);
  const to = Math.max(range.to, fine.x.at(-1) ?? range.to);
  const before = countBelow(coarse.x, from);
  const after = countBelow(coarse.x, to);
  const start = coarse.x[after] === to ? after + 1 : after;
  return {
    x: [...coarse.x.slice(0, before), ...fine.x, ...coarse.x.slice(start)],
    y: [...coarse.y.slice(0, before), ...fine.y, ...coarse.y.slice(start)],
  };
}
