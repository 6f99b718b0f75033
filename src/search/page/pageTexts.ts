/** Texts in a person's language, with {0}, {1} filled in. */
export type Translate = (message: string, ...values: (string | number | boolean)[]) => string;

/** English, which the texts are written in. */
export const untranslated: Translate = (message, ...values) =>
  message.replace(/\{(\d+)\}/g, (place, index: string) => String(values[Number(index)] ?? place));
