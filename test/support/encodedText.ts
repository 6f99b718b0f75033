const maps = new Map<string, ReadonlyMap<string, readonly number[]>>();

/** A text in an encoding of one or two bytes a character, by what its decoder makes of all of them. */
export function encodedText(text: string, encoding: string): Buffer {
  let map = maps.get(encoding);
  if (!map) maps.set(encoding, (map = mapOf(encoding)));
  return Buffer.from(
    Array.from(text).flatMap((character) => {
      const bytes = map.get(character);
      if (!bytes) throw new Error(`${encoding} has no ${character}`);
      return bytes;
    }),
  );
}

function mapOf(encoding: string): ReadonlyMap<string, readonly number[]> {
  const decoder = new TextDecoder(encoding);
  const map = new Map<string, readonly number[]>();
  const put = (...bytes: readonly number[]): void => {
    const decoded = decoder.decode(Uint8Array.from(bytes));
    if (Array.from(decoded).length === 1 && decoded !== '\ufffd' && !map.has(decoded)) map.set(decoded, bytes);
  };
  for (let byte = 0; byte < 0x100; byte++) put(byte);
  for (let lead = 0x81; lead < 0xff; lead++) for (let trail = 0x40; trail < 0xff; trail++) put(lead, trail);
  return map;
}
