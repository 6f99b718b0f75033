/** An object without some of its fields. */
export function omit<Whole extends object, Name extends keyof Whole>(
  whole: Whole,
  ...names: readonly Name[]
): Omit<Whole, Name> {
  const left = Object.entries(whole).filter(([name]) => !names.some((omitted) => omitted === name));
  return Object.fromEntries(left) as Omit<Whole, Name>;
}
