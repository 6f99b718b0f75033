/** Texts in a person's language, with {0}, {1} filled in. */
export type Translate = (message: string, ...values: readonly (string | number)[]) => string;

/** English, which the texts are written in. */
export const untranslated = (message: string, ...values: readonly (string | number | boolean)[]): string =>
  message.replace(/\{(\d+)\}/g, (place, index: string) => String(values[Number(index)] ?? place));
