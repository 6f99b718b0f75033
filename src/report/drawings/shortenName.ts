/** A name of at most so many letters; a longer one ends in an ellipsis. */
export function shortenName(name: string, letters: number): string {
  return name.length > letters ? `${name.slice(0, letters - 1)}…` : name;
}
