const COEFFICIENTS = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223,
  0.17087277,
];

/** Share of the standard normal distribution below `x`; relative error below 2e-7 (Chebyshev fit of Numerical Recipes, erfcc). */
export function normalShare(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 1 / (1 + z / 2);
  const polynomial = COEFFICIENTS.reduceRight((sum, coefficient) => sum * t + coefficient, 0);
  const tail = (t * Math.exp(-z * z + polynomial)) / 2;
  return x < 0 ? tail : 1 - tail;
}

/** Share of the standard normal distribution from `low` to `high`, without losing small ones in the upper tail. */
export function normalMass(low: number, high: number): number {
  return low > 0 ? normalShare(-low) - normalShare(-high) : normalShare(high) - normalShare(low);
}

/** The x from `low` to `high` of which a share `p` of the standard normal distribution lies below, by bisection, to 1e-7 of the interval. */
export function normalQuantile(p: number, low: number, high: number): number {
  let [below, above] = [low, high];
  for (let round = 0; round < 24; round++) {
    const middle = (below + above) / 2;
    if (normalShare(middle) < p) below = middle;
    else above = middle;
  }
  return (below + above) / 2;
}
