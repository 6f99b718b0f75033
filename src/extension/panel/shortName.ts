import type { StoredRun } from '../../launching/readRun.ts';

/** What tells a run from others of its experiment: what a person called it, else when it began, today's by their time. */
export function shortName(
  { status, details }: Pick<StoredRun, 'status' | 'details'>,
  locale: string,
  now: Date = new Date(),
): string {
  if (details.marks.name !== undefined) return details.marks.name;
  const began = new Date(status.startedAt);
  return began.toDateString() === now.toDateString()
    ? began.toLocaleTimeString(locale, { timeStyle: 'short' })
    : began.toLocaleDateString(locale, { dateStyle: 'medium' });
}
