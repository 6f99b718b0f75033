/** A value as the form writes it into a text field. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  return value === undefined || value === null ? '' : JSON.stringify(value);
}

/** The number that was typed; the text itself where it is none, for the validation to say so; undefined for nothing. */
export function numberFromText(text: string): number | string | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  const number = Number(trimmed);
  return Number.isFinite(number) ? number : trimmed;
}

/** The numbers that were typed, with commas or spaces between; what is no number stays text. */
export function numbersFromText(text: string): (number | string)[] {
  return text
    .split(/[\s,;]+/)
    .map(numberFromText)
    .filter((value) => value !== undefined);
}

/** A list without numbers, where that is not the same as no list. */
const EMPTY_LIST = '[]';

/** As `numbersFromText`, but nothing typed is no value; an empty list is written `[]`. */
export function optionalNumbersFromText(text: string): (number | string)[] | undefined {
  if (text.trim() === EMPTY_LIST) return [];
  const numbers = numbersFromText(text);
  return numbers.length > 0 ? numbers : undefined;
}

/** What `optionalNumbersFromText` reads. */
export function textOfOptional(value: unknown): string {
  return Array.isArray(value) && value.length === 0 ? EMPTY_LIST : textOf(value);
}

/** The texts that were typed, with commas between; undefined for none. */
export function textsFromText(text: string): string[] | undefined {
  const texts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  return texts.length > 0 ? texts : undefined;
}
