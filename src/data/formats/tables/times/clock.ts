/** Words for the halves of a day, in front of a time or behind it. */
const BEFORE_NOON = String.raw`[Aa]\.? ?[Mm]\.?|上午|凌晨|早上|午前|오전`;
const AFTER_NOON = String.raw`[Pp]\.? ?[Mm]\.?|下午|中午|晚上|午後|오후`;
const HALF = `(?:${BEFORE_NOON}|${AFTER_NOON})`;

/** A time of day, as a group: 7:05, 7.05, 19:05:30.25, 7:05 PM, PM 7:05, 下午7:05, and with a half of the day an hour alone: 7 p.m. */
export const CLOCK =
  `((?:${HALF} ?)?\\d{1,2}[:.]\\d{2}(?:[:.]\\d{2}(?:[.,]\\d+)?)?(?: ?${HALF})?` +
  `|${HALF} ?\\d{1,2}|\\d{1,2} ?${HALF})`;
const TIME_ALONE = new RegExp(`^${CLOCK}$`);
const MORNING = new RegExp(BEFORE_NOON);
const AFTERNOON = new RegExp(AFTER_NOON);
const ANY_HALF = new RegExp(HALF, 'g');
/** 9点30分15秒, 9時30分, 9시 30분, 3点 */
const IN_CHARACTERS = /(\d{1,2}) ?[点點時时시] ?(?:(\d{1,2}) ?[分분])? ?(?:(\d{1,2}) ?[秒초])?/;

/** A word with its time of day, which Chinese, Japanese and Korean may write with characters, as all others write it. */
export function withColons(word: string): string {
  const found = IN_CHARACTERS.exec(word);
  if (!found) return word;
  const [all, hours = '', minutes = '0', seconds] = found;
  const parts = seconds === undefined ? [hours, minutes] : [hours, minutes, seconds];
  return word.replace(all, parts.map((part) => part.padStart(2, '0')).join(':'));
}

/** Whether a word is a time of day and nothing else. */
export function isTimeAlone(word: string): boolean {
  return TIME_ALONE.test(word) && !Number.isNaN(hoursOf(word));
}

/** Hours since midnight of what `CLOCK` fits; NaN for a time that there is not. */
export function hoursOf(clock: string): number {
  const half = MORNING.test(clock) ? 'morning' : AFTERNOON.test(clock) ? 'afternoon' : undefined;
  const plain = clock.replace(ANY_HALF, '').trim();
  const [hours = 0, minutes = 0, seconds = 0, rest = 0] = plain.split(/[:.,]/).map(Number);
  if (hours > (half === 'morning' ? 12 : 23) || minutes > 59 || seconds > 60) return NaN;
  // 13:05 PM says twice that it is after noon.
  const hour = half === undefined ? hours : (hours % 12) + (half === 'afternoon' ? 12 : 0);
  const fraction = rest === 0 ? 0 : Number(`0.${/[.,](\d+)$/.exec(plain)?.[1] ?? '0'}`);
  return hour + minutes / 60 + (seconds + fraction) / 3600;
}
