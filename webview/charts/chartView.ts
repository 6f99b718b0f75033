import type { Timeline } from './timeline.ts';

/** A part of the x axis that is looked at closely, in the units of the axis. */
export interface ZoomRange {
  readonly from: number;
  readonly to: number;
}

/** How charts are to be drawn, all of them alike. */
export interface ChartView {
  readonly timeline: Timeline;
  /** Epochs that are planned; 0 when no more are to come. */
  readonly epochs: number;
  /** Weight of what came before in the moving average, 0 (none) to below 1. */
  readonly smoothing: number;
  /** The whole, where undefined. */
  readonly zoom: ZoomRange | undefined;
}

/** Whether the same series would be drawn alike. */
export function areViewsAlike(one: ChartView, other: ChartView): boolean {
  return (
    one.timeline.isLike(other.timeline) &&
    one.epochs === other.epochs &&
    one.smoothing === other.smoothing &&
    one.zoom?.from === other.zoom?.from &&
    one.zoom?.to === other.zoom?.to
  );
}

const STEP = 0.5;
const PAN = 0.25;

/** The range after a key was pressed; undefined for the whole, null where the key means nothing. */
export function zoomByKey(key: string, { from, to }: ZoomRange, end: number): ZoomRange | undefined | null {
  const width = to - from;
  switch (key) {
    case '+':
    case '=':
      return { from: from + (width * (1 - STEP)) / 2, to: to - (width * (1 - STEP)) / 2 };
    case '-': {
      const wider = { from: Math.max(0, from - width / 2), to: Math.min(end, to + width / 2) };
      return wider.to - wider.from >= end ? undefined : wider;
    }
    case 'ArrowLeft': {
      const by = Math.min(from, width * PAN);
      return { from: from - by, to: to - by };
    }
    case 'ArrowRight': {
      const by = Math.min(end - to, width * PAN);
      return { from: from + by, to: to + by };
    }
    case '0':
    case 'Escape':
      return undefined;
    default:
      return null;
  }
}
