import { formatRatio } from '../format.ts';
import type { ReportLabel } from './reportLabels.ts';
import { label, type LabelledText } from './reportText.ts';

/** What a ratio is called above one, below it, and where the two are about equal. */
interface FactorLabels {
  readonly above: ReportLabel;
  readonly below: ReportLabel;
  readonly equal: ReportLabel;
}

/** The bounds of a factor. */
interface FactorInterval {
  readonly low: number;
  readonly high: number;
}

/** A ratio in words: `4.9× smaller`, `1.3× slower`, `as fast`. */
export function factorText(ratio: number, labels: FactorLabels): LabelledText {
  const written = formatRatio(Math.max(ratio, 1 / ratio));
  if (written === formatRatio(1)) return label(labels.equal);
  return label(ratio > 1 ? labels.above : labels.below, written);
}

/** What a ratio of speeds is called. */
export const speedLabels = { above: '{0} faster', below: '{0} slower', equal: 'as fast' } as const;

/** A factor in words with its 95 % interval: `4.9× faster (4.7–5.2)`; without an interval where there is none, or none is left when it is rounded. */
export function factorIntervalText(ratio: number, interval: FactorInterval | null, labels: FactorLabels): LabelledText {
  const factor = factorText(ratio, labels);
  if (!interval) return factor;
  // A factor that is turned round, such as slower for faster, turns its interval round.
  const [low, high] = ratio < 1 ? [1 / interval.high, 1 / interval.low] : [interval.low, interval.high];
  const [least, most] = [formatRatio(low), formatRatio(high)];
  // As exactly as it is written, it is certain.
  if (least === most) return factor;
  return label('{0} ({1}–{2})', factor, least.slice(0, -1), most.slice(0, -1));
}
