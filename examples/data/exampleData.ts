import { randomStream, type Random } from '../../src/data/random.ts';
import { cartPoleStates } from './cartPole.ts';
import { reviews } from './reviews.ts';

/** Every data file of the examples by its name; always the same. README.md beside this file says what they are. */
export function exampleFiles(): ReadonlyMap<string, string> {
  return new Map([
    ['half-moons.csv', halfMoons(randomStream(1, 'half moons'))],
    ['fruit.csv', fruit(randomStream(1, 'fruit'))],
    ['houses.csv', houses(randomStream(1, 'houses'))],
    ['tags.csv', tags(randomStream(1, 'tags'))],
    ['cart-pole.csv', cartPoleStates(randomStream(1, 'cart pole'))],
    ['reviews.tsv', reviews(randomStream(1, 'reviews'))],
  ]);
}

/** Two half circles that reach into each other, with noise: 500 points of two classes. */
function halfMoons(random: Random): string {
  return table(['x', 'y', 'moon'], 500, (row) => {
    const angle = random.uniform(0, Math.PI);
    const upper = row % 2 === 0;
    const [x, y] = upper ? [Math.cos(angle), Math.sin(angle)] : [1 - Math.cos(angle), 0.5 - Math.sin(angle)];
    return [
      (x + random.normal(0, 0.15)).toFixed(4),
      (y + random.normal(0, 0.15)).toFixed(4),
      upper ? 'upper' : 'lower',
    ];
  });
}

/** Measurements of three kinds of fruit, numbers and categories; a few are missing. */
function fruit(random: Random): string {
  const kinds = [
    {
      name: 'apple',
      mass: 160,
      length: 7.5,
      roundness: 0.93,
      colours: ['red', 'green', 'yellow'],
      seasons: ['autumn'],
    },
    {
      name: 'pear',
      mass: 180,
      length: 9.5,
      roundness: 0.78,
      colours: ['green', 'yellow', 'brown'],
      seasons: ['autumn'],
    },
    {
      name: 'lemon',
      mass: 110,
      length: 8,
      roundness: 0.82,
      colours: ['yellow', 'green'],
      seasons: ['winter', 'spring'],
    },
  ];
  const header = ['mass_g', 'length_cm', 'roundness', 'sugar_percent', 'colour', 'season', 'ripe', 'kind'];
  return table(header, 1500, () => {
    const kind = pick(kinds, random);
    const ripe = random.uniform() < 0.7;
    const grown = random.normal(1, 0.12);
    const sugar = (kind.name === 'lemon' ? 2.5 : 10) + (ripe ? 2 : -1) + random.normal(0, 1.5);
    const cells = [
      (kind.mass * grown ** 3 + random.normal(0, 12)).toFixed(0),
      (kind.length * grown + random.normal(0, 0.5)).toFixed(1),
      Math.min(1, kind.roundness + random.normal(0, 0.05)).toFixed(3),
      Math.max(0.5, sugar).toFixed(1),
      random.uniform() < 0.9 ? pick(kind.colours, random) : pick(['red', 'green', 'yellow', 'brown'], random),
      random.uniform() < 0.75 ? pick(kind.seasons, random) : pick(['spring', 'summer', 'autumn', 'winter'], random),
      ripe ? 'yes' : 'no',
      kind.name,
    ];
    if (random.uniform() < 0.03) cells[3] = '';
    if (random.uniform() < 0.03) cells[4] = '';
    return cells;
  });
}

/** Prices of houses: a sum and products of what they have, with noise of 5 %. */
function houses(random: Random): string {
  const districts = { harbour: 1.3, centre: 1.5, hills: 1.2, outskirts: 0.8 };
  const header = ['area_m2', 'rooms', 'age_years', 'distance_km', 'district', 'garden', 'price'];
  return table(header, 1200, () => {
    const area = random.uniform(35, 220);
    const rooms = Math.max(1, Math.round(area / 28 + random.normal(0, 0.8)));
    const age = Math.floor(random.uniform(0, 90));
    const distance = random.uniform(0.3, 25);
    const district = pick(Object.keys(districts) as (keyof typeof districts)[], random);
    const garden = random.uniform() < 0.4;
    const worn = 1 - 0.35 * Math.sin((Math.PI * Math.min(age, 70)) / 70);
    const price =
      (2400 * area * worn + 6000 * rooms + (garden ? 25_000 : 0)) * districts[district] * Math.exp(-distance / 40);
    return [
      area.toFixed(1),
      String(rooms),
      String(age),
      distance.toFixed(1),
      district,
      garden ? 'yes' : 'no',
      (price * random.normal(1, 0.05)).toFixed(0),
    ];
  });
}

/** Points of the square, each with any of three labels: inside a circle, above a diagonal, in a ring. */
function tags(random: Random): string {
  return table(['x', 'y', 'inside', 'above', 'ring'], 800, () => {
    const [x, y] = [random.uniform(-1, 1), random.uniform(-1, 1)];
    const radius = Math.hypot(x, y);
    const labels = [Math.hypot(x - 0.3, y) < 0.6, y > 0.5 * x, radius > 0.5 && radius < 0.9];
    return [x.toFixed(4), y.toFixed(4), ...labels.map((label) => (label ? '1' : '0'))];
  });
}

function table(header: readonly string[], count: number, row: (index: number) => readonly string[]): string {
  const rows = Array.from({ length: count }, (_, index) => row(index).join(','));
  return `${[header.join(','), ...rows].join('\n')}\n`;
}

function pick<Item>(items: readonly Item[], random: Random): Item {
  const item = items[random.integer(items.length)];
  if (item === undefined) throw new RangeError('Nothing to pick from.');
  return item;
}
