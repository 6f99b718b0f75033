import type { Report } from './report.ts';

/** How numbers are written wherever a person reads them: terminal, panel, HTML and Markdown. SI prefixes, true minus. */

const PREFIXES = ['', 'k', 'M', 'G', 'T'] as const;
const MINUS = '−';

/** A count with three significant digits and an SI prefix: 999, 12.4 k, 1.24 M. */
export function formatCount(count: number): string {
  return withPrefix(count, (scaled) => significant(scaled, 3), '');
}

/** A file size, in powers of 1000: 512 B, 9.9 MB, 124 MB. */
export function formatBytes(bytes: number): string {
  return withPrefix(bytes, (scaled) => scaled.toFixed(scaled < 99.95 ? 1 : 0), 'B');
}

/** A time given in milliseconds, with two significant digits at least: 4.2 µs, 0.21 ms, 12.5 ms, 1.20 s. */
export function formatMilliseconds(milliseconds: number): string {
  return writerOfMilliseconds([milliseconds])(milliseconds);
}

/**
 * What writes times that stand beside each other, given in milliseconds, all in one unit: `9.5 µs` and `10.2 µs`, `0.0095 ms` and
 * `0.21 ms`.
 *
 * @param times all of them, in milliseconds
 */
export function writerOfMilliseconds(times: readonly number[]): (milliseconds: number) => string {
  const longest = Math.max(...times);
  if (longest > 0 && longest < 0.0995) return (time) => `${significant(time * 1000, time < 0.00995 ? 2 : 3)} µs`;
  if (Math.min(...times) >= 999.95) return (time) => `${(time / 1000).toFixed(2)} s`;
  return (time) => `${digitsOfMilliseconds(time)} ms`;
}

function digitsOfMilliseconds(time: number): string {
  if (time < 0.0995) return significant(time, 2);
  if (time < 9.95) return time.toFixed(2);
  return time < 999.95 ? time.toFixed(1) : formatInteger(time);
}

/** A share of 0…1 as a percentage: 99.21 %. */
export function formatPercent(share: number, decimals = 2): string {
  return `${(share * 100).toFixed(decimals)} %`;
}

/** How far something is, 0…1, never more than is done: 99 %. */
export function formatProgress(share: number): string {
  return `${Math.floor(share * 100)} %`;
}

/** A figure of 0…1 that is not read as a percentage, such as F1: 0.9312. */
export function formatShare(share: number): string {
  return share.toFixed(4);
}

/** A network's quality: its accuracy, or its loss where there is none. */
export function formatQuality({ accuracy, loss }: { readonly accuracy: number | null; readonly loss: number }): string {
  return accuracy === null ? `loss ${formatLoss(loss)}` : formatPercent(accuracy);
}

/** A number with its sign: +0.42, −0.30, ±0.00. */
export function formatSigned(value: number, decimals = 2): string {
  const digits = Math.abs(value).toFixed(decimals);
  return `${Number(digits) === 0 ? '±' : value < 0 ? MINUS : '+'}${digits}`;
}

/** How many times: 4.9×, 12×, and below one with two digits: 0.83×. */
export function formatRatio(ratio: number): string {
  if (ratio < 0.995) return `${ratio.toFixed(2)}×`;
  return `${ratio < 9.95 ? ratio.toFixed(1) : formatInteger(Math.round(ratio))}×`;
}

/** A loss with four significant digits: 0.02781, 2.303. */
export function formatLoss(loss: number): string {
  if (!Number.isFinite(loss)) return Number.isNaN(loss) ? 'not a number' : loss < 0 ? `${MINUS}∞` : '∞';
  if (loss !== 0 && Math.abs(loss) < 1e-4) return loss.toExponential(2).replaceAll('-', MINUS);
  return significant(loss, 4).replace('-', MINUS);
}

/** A whole number with thousands separated: 10,000. */
export function formatInteger(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 0 });
}

/** A duration given in seconds: 0.8 s, 42 s, 3 min 05 s, 1 h 02 min. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '?';
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${padded(whole % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${padded(minutes % 60)} min`;
}

/** Seconds of which the order alone is known: in one unit, with one or two digits. */
export function formatRoughly(seconds: number): string {
  if (seconds < 90) return `${roundedRoughly(seconds)} s`;
  if (seconds < 90 * 60) return `${roundedRoughly(seconds / 60)} min`;
  return `${roundedRoughly(seconds / 3600)} h`;
}

function roundedRoughly(value: number): number {
  const step = value < 10 ? 1 : value < 30 ? 5 : 10;
  return Math.max(1, Math.round(value / step) * step);
}

function padded(value: number): string {
  return String(value).padStart(2, '0');
}

function significant(value: number, digits: number): string {
  if (value === 0) return '0';
  const magnitude = Math.floor(Math.log10(Math.abs(Number(value.toPrecision(digits)))));
  return value.toFixed(Math.max(0, digits - 1 - magnitude));
}

function withPrefix(value: number, write: (scaled: number) => string, unit: string): string {
  let scaled = value;
  for (const prefix of PREFIXES) {
    const written = prefix === '' ? String(Math.round(scaled)) : write(scaled);
    const last = prefix === PREFIXES.at(-1);
    if (Number(written) < 1000 || last) return `${written} ${prefix}${unit}`.trimEnd();
    scaled /= 1000;
  }
  return String(value);
}

/** What a student was trained on, and in what precision where that is not the usual one. */
export function formatTrainingDevice({ training, precision }: Report['device']): string {
  return precision === null || precision.wanted === 'float32' ? training : `${training}, ${precision.used}`;
}
