/** What a mark of an axis stands for, without the zeros that only its neighbours' figures have: `25 kB` for `25.0 kB`, `80 %` for `80.00 %`. */
export function writeTick(figure: string): string {
  return figure.replace(/(\.\d*?)0+(?!\d)/, (_zeros, kept: string) => (kept === '.' ? '' : kept));
}
