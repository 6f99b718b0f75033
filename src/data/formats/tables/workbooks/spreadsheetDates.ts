const DAY_MS = 86_400_000;
const SECONDS = 86_400;

/** Numbers of built-in formats that are dates or times. */
const BUILT_IN: readonly (readonly [number, number])[] = [
  [14, 22],
  [27, 36],
  [45, 47],
  [50, 58],
];

/** The built-in format of a duration, `[h]:mm:ss`. */
const ELAPSED = 46;

/** Whether a number format of a workbook writes dates or times, or durations; undefined for other numbers. */
export function timeFormat(id: number, code: string | undefined): 'date' | 'duration' | undefined {
  if (code === undefined) {
    if (id === ELAPSED) return 'duration';
    return BUILT_IN.some(([first, last]) => id >= first && id <= last) ? 'date' : undefined;
  }
  // What is quoted, escaped or a colour is no part of the date.
  const bare = code.replace(/"[^"]*"|\\.|\[(?!(?:h+|m+|s+)\])[^\]]*\]|_.|\*./gi, '');
  if (!/[ymdhs]/i.test(bare) || /general/i.test(bare)) return undefined;
  return /\[(?:h+|m+|s+)\]/i.test(bare) ? 'duration' : 'date';
}

/** A number of days as hours, minutes and seconds: 50:03:04. */
export function durationText(days: number): string {
  if (!Number.isFinite(days)) return '';
  const seconds = Math.round(Math.abs(days) * SECONDS);
  const parts = [Math.floor((seconds % 3600) / 60), seconds % 60].map((part) => String(part).padStart(2, '0'));
  return `${days < 0 ? '-' : ''}${Math.floor(seconds / 3600)}:${parts.join(':')}`;
}

/** A number of days as a date, a time, or both. */
export function dateText(days: number, since1904: boolean): string {
  if (!Number.isFinite(days)) return '';
  if (days >= 0 && days < 1) return new Date(Math.round(days * SECONDS) * 1000).toISOString().slice(11, 19);
  // Day 60 is the 29th of February 1900, which never was; days before it are one further.
  const start = since1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, days < 60 ? 31 : 30);
  const time = new Date(start + Math.round(days * SECONDS) * (DAY_MS / SECONDS));
  if (Number.isNaN(time.getTime())) return String(days);
  const text = time.toISOString();
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.slice(0, 19);
}
