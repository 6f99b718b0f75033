/** A page's text as it is written in a test: its no-break spaces are spaces. */
export function plainSpaces(page: string): string {
  return page.replaceAll('\u00a0', ' ');
}
