/** A function to be made small, and its gradient. */
export type Objective = (at: Float64Array, gradient: Float64Array) => number;

export interface MinimizeOptions {
  readonly iterations: number;
  /** The largest entry of the gradient that counts as 0, as a share of the first gradient's. */
  readonly tolerance: number;
  /** Is awaited after each iteration. */
  readonly pause: () => Promise<void>;
}

/** Steps and changes of the gradient that are remembered. */
const MEMORY = 10;
/** Share of the decrease that the slope promises which is enough (Armijo). */
const ENOUGH = 1e-4;

/**
 * The least point of a smooth convex function, by L-BFGS (Nocedal 1980; Nocedal & Wright, Numerical Optimization, algorithm 7.5) with
 * backtracking. Starts at, and writes to, `at`.
 */
export async function minimize(objective: Objective, at: Float64Array, options: MinimizeOptions): Promise<void> {
  const size = at.length;
  let gradient = new Float64Array(size);
  let value = objective(at, gradient);
  const enough = options.tolerance * Math.max(1e-30, largest(gradient));
  const memory: { readonly step: Float64Array; readonly change: Float64Array; readonly inverse: number }[] = [];
  for (let iteration = 0; iteration < options.iterations && largest(gradient) > enough; iteration++) {
    const direction = descent(gradient, memory);
    const slope = dot(direction, gradient);
    if (slope >= 0) return;
    const from = at.slice();
    const former = gradient;
    gradient = new Float64Array(size);
    let length = memory.length === 0 ? Math.min(1, 1 / Math.sqrt(dot(former, former))) : 1;
    let next = NaN;
    for (; length > 1e-16; length /= 2) {
      for (let index = 0; index < size; index++) at[index] = (from[index] ?? 0) + length * (direction[index] ?? 0);
      next = objective(at, gradient);
      if (next <= value + ENOUGH * length * slope) break;
    }
    if (!(next < value)) {
      at.set(from);
      return;
    }
    value = next;
    const step = at.map((each, index) => each - (from[index] ?? 0));
    const change = gradient.map((each, index) => each - (former[index] ?? 0));
    const curvature = dot(step, change);
    if (curvature > 1e-12 * dot(change, change)) memory.push({ step, change, inverse: 1 / curvature });
    if (memory.length > MEMORY) memory.shift();
    await options.pause();
  }
}

/** The two loops: the gradient times what is known of the inverse of the second derivatives, downwards. */
function descent(
  gradient: Float64Array,
  memory: readonly { readonly step: Float64Array; readonly change: Float64Array; readonly inverse: number }[],
): Float64Array {
  const direction = gradient.map((each) => -each);
  const shares = memory.map(() => 0);
  for (let index = memory.length - 1; index >= 0; index--) {
    const known = memory[index];
    if (!known) continue;
    const share = known.inverse * dot(known.step, direction);
    shares[index] = share;
    add(direction, known.change, -share);
  }
  const last = memory.at(-1);
  if (last) {
    const scale = 1 / (last.inverse * dot(last.change, last.change));
    for (let index = 0; index < direction.length; index++) direction[index] = (direction[index] ?? 0) * scale;
  }
  memory.forEach(({ step, change, inverse }, index) => {
    add(direction, step, (shares[index] ?? 0) - inverse * dot(change, direction));
  });
  return direction;
}

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < one.length; index++) sum += (one[index] ?? 0) * (other[index] ?? 0);
  return sum;
}

function add(target: Float64Array, other: Float64Array, factor: number): void {
  for (let index = 0; index < target.length; index++)
    target[index] = (target[index] ?? 0) + factor * (other[index] ?? 0);
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
