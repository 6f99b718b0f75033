import { randomStream } from '../../src/data/random.ts';

/**
 * Whether everything is tested at its full length: `npm run test:full`, which sets this variable to `1`. Otherwise long sweeps are
 * sampled and what takes minutes is tried in a short form; every such test says so, and the run tells it once.
 */
export const FULL_VARIABLE = 'DISTILLERY_TEST_FULL';

export const isFull = process.env[FULL_VARIABLE] === '1';

/** The full form of a setting, or the short one. */
export function fullOr<Value>(full: Value, short: Value): Value {
  return isFull ? full : short;
}

/**
 * Which of many cases are tried: all of them in full, else so many, drawn by a seed so that they are the same ones every time.
 * @param seed names the draw; by default what the sweep is called
 */
export function sampleOf<Case>(sweep: string, cases: readonly Case[], count: number, seed = sweep): readonly Case[] {
  if (isFull || count >= cases.length) return cases;
  tellShortened(`${sweep}: ${count} of ${cases.length}`);
  return drawCases(cases, count, seed);
}

/** So many of them, in their order. */
export function drawCases<Case>(cases: readonly Case[], count: number, seed: string): readonly Case[] {
  const order = randomStream(0, seed).shuffle(Int32Array.from(cases.keys()));
  const chosen = new Set(order.slice(0, count));
  return cases.filter((_, index) => chosen.has(index));
}

/** The same for a sweep over several things, such as operators: so many cases of each, drawn by its name. */
export function sampleOfEach<Case>(
  sweep: string,
  cases: readonly Case[],
  nameOf: (each: Case) => string,
  count: number,
): readonly Case[] {
  if (isFull) return cases;
  const chosen = drawOfEach(cases, nameOf, count);
  tellShortened(`${sweep}: ${chosen.length} of ${cases.length}`);
  return chosen;
}

/** So many of each name, in their order. */
export function drawOfEach<Case>(
  cases: readonly Case[],
  nameOf: (each: Case) => string,
  count: number,
): readonly Case[] {
  const names = [...new Set(cases.map(nameOf))];
  const chosen = new Set(
    names.flatMap((name) =>
      drawCases(
        cases.filter((each) => nameOf(each) === name),
        count,
        name,
      ),
    ),
  );
  return cases.filter((each) => chosen.has(each));
}

const told = new Set<string>();

/** Says what is tested in a short form, once a process; `test/runAll.ts` collects these lines. */
export function tellShortened(what: string): void {
  if (isFull || told.has(what)) return;
  told.add(what);
  console.log(`      shortened: ${what}`);
}
