let translations: Readonly<Record<string, string>> = {};

/** Sets the translations that the host sent, by their English text. */
export function useTranslations(bundle: Readonly<Record<string, string>>): void {
  translations = bundle;
}

/** The text in the person's language, with {0}, {1}… replaced by the values. */
export function t(text: string, ...values: readonly (string | number)[]): string {
  const translated = translations[text] ?? text;
  return translated.replace(/\{(\d+)\}/g, (placeholder, index: string) => String(values[Number(index)] ?? placeholder));
}
