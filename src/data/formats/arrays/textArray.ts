/** A list of texts: the places of each among those that are different. */
export interface TextArray {
  readonly shape: readonly [count: number];
  readonly type: 'i4';
  readonly values: Float64Array;
  readonly words: readonly string[];
}

/** A list of texts as an array of places in those that are different. */
export function textArray(texts: readonly string[]): TextArray {
  const places = new Map<string, number>();
  const values = Float64Array.from(texts, (text) => {
    const place = places.get(text) ?? places.size;
    places.set(text, place);
    return place;
  });
  return { shape: [texts.length], type: 'i4', values, words: [...places.keys()] };
}
