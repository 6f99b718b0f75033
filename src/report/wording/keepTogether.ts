/** What follows a number with a space between them and belongs to it, in any language of ours. */
const UNITS = [
  '%',
  '[kMGT]?B',
  '[kMGT]',
  'ms',
  'µs',
  's',
  'min',
  'h',
  'points?',
  'nats',
  'bits?',
  'pixels?',
  '个百分点',
];
const BEFORE_UNIT = new RegExp(String.raw`(?<=[\d∞]) (?=(?:${UNITS.join('|')})(?![\p{L}\p{N}]))`, 'gu');
/** `3 min 05 s`, `1 h 02 min`: one time. */
const WITHIN_TIME = /(?<=\d\u00a0(?:h|min)) (?=\d\d\u00a0(?:min|s)(?!\p{L}))/gu;
/** `95.2 ± 0.3`: one figure. */
const AROUND_PLUS_MINUS = /(?<=\d) ± (?=\d)/g;

/**
 * The text with no-break spaces between numbers and their units, so that no line ends between them. It is for pages alone: terminals break
 * lines nowhere, and files are searched for what is typed.
 */
export function keepTogether(text: string): string {
  return text
    .replaceAll(BEFORE_UNIT, '\u00a0')
    .replaceAll(WITHIN_TIME, '\u00a0')
    .replaceAll(AROUND_PLUS_MINUS, '\u00a0±\u00a0');
}
