const UNITS = { '': 1, B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 } as const;

/** A size as a person writes it, `500MB` or `1.5 GB`, in bytes; undefined for anything else. */
export function parseByteCount(text: string): number | undefined {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?) ?([a-z]*)$/i.exec(text) ?? [];
  const factor = Object.entries(UNITS).find(([name]) => name.toLowerCase() === unit.toLowerCase())?.[1];
  return number === '' || factor === undefined ? undefined : Number(number) * factor;
}
