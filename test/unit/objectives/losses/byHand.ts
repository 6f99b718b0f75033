/** softmax(logits / T) of one row, by the definition. */
export function softmax(logits: readonly number[], temperature = 1): number[] {
  const exponentials = logits.map((logit) => Math.exp(logit / temperature));
  const total = sum(exponentials);
  return exponentials.map((value) => value / total);
}

/** Σ p log(p / q); an entry with p = 0 adds nothing. */
export function divergence(p: readonly number[], q: readonly number[]): number {
  return sum(p.map((value, index) => (value > 0 ? value * Math.log(value / q[index]!) : 0)));
}

export function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

export function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

export function dot(a: readonly number[], b: readonly number[]): number {
  return sum(a.map((value, index) => value * b[index]!));
}

export function norm(values: readonly number[]): number {
  return Math.sqrt(dot(values, values));
}
