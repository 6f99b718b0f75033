import type { Network } from '../../src/protocol/events.ts';
import type { Closeup, NetworkRange, RunCurves } from '../../src/protocol/snapshot.ts';
import { post } from '../vscodeApi.ts';
import { areCoarse, closerCurves, hold } from './closerCurves.ts';
import type { ZoomRange } from './chartView.ts';
import type { Timeline } from './timeline.ts';

/** Who zooms on and on asks once. */
const PAUSE_MS = 80;
/** What is asked for is so many times as wide as what is seen, so that one can go on to the sides. */
const WIDTHS = 3;
/** What is seen of a closeup that is wider than this many times is too coarse. */
const MOST_WIDTHS = 6;

/** Asks the host for the finer points of what is looked at closely. */
export class CloseLook {
  readonly #onCloser: () => void;
  #closeup: Closeup | undefined;
  /** What was asked to be told more finely last. */
  #of: RunCurves['losses'] | undefined;
  /** The curves with the closeup in them. */
  #closer: { readonly of: RunCurves['losses']; readonly curves: RunCurves } | undefined;
  #timer: number | undefined;

  /** @param onCloser called when the finer points have come */
  constructor(onCloser: () => void) {
    this.#onCloser = onCloser;
  }

  /** The curves, as finely as they are known; finer ones are asked for. */
  curves(run: RunCurves, zoom: ZoomRange | undefined, timeline: Timeline): RunCurves {
    clearTimeout(this.#timer);
    if (!zoom || !areCoarse(run)) {
      this.#closeup = undefined;
      return run;
    }
    const seen = rangesOf(run, zoom, timeline, 1);
    const closeup = this.#closeup;
    const isThere = closeup && hold(closeup.ranges, seen);
    const isFine = isThere && hold(rangesOf(run, zoom, timeline, MOST_WIDTHS), closeup.ranges);
    if (!isFine || this.#of !== run.losses) {
      this.#timer = window.setTimeout(() => {
        this.#of = run.losses;
        post({ kind: 'lookCloser', ranges: rangesOf(run, zoom, timeline, WIDTHS) });
      }, PAUSE_MS);
    }
    if (!isThere) return run;
    if (this.#closer?.of !== run.losses) this.#closer = { of: run.losses, curves: closerCurves(run, closeup) };
    return this.#closer.curves;
  }

  take(closeup: Closeup): void {
    this.#closeup = closeup;
    this.#closer = undefined;
    this.#onCloser();
  }
}

/** What is seen, with as much on both sides as makes it `widths` times as wide, in epochs of each network. */
function rangesOf(
  run: RunCurves,
  { from, to }: ZoomRange,
  timeline: Timeline,
  widths: number,
): readonly NetworkRange[] {
  const margin = ((to - from) * (widths - 1)) / 2;
  const networks = new Set<Network>([...run.losses, ...run.validationLosses].map(({ network }) => network));
  return [...networks].map((network) => ({
    network,
    from: timeline.epochAt(network, Math.max(0, from - margin)),
    to: timeline.epochAt(network, to + margin),
  }));
}
