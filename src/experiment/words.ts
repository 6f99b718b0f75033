/** The text in the person's language, with {0}, {1} filled in; texts are named by their English. */
export type Words = (message: string, ...values: (string | number | boolean)[]) => string;

/** What is told in a terminal and in files. */
export const english: Words = (message, ...values) =>
  message.replace(/\{(\d)\}/g, (_place, index: string) => String(values[Number(index)]));
