import type { Outputs } from './cache/outputsFile.ts';
import { finiteRows } from './outputKind.ts';

/** The smallest probability that is told from none: the smallest normal float32. */
const SMALLEST = 1.17549435e-38;

export interface TopClassesOptions {
  /** Name of the output. */
  readonly output: string;
  readonly kind: 'logits' | 'probabilities';
  /** How many classes there are, and how many of them are kept: fewer. */
  readonly classes: number;
  readonly kept: number;
}

/** The tables that stand for an output that is cut down. */
export interface TopTables {
  /** Names of all: of the classes, and of the logarithms. */
  readonly tables: readonly [classes: string, logarithms: string];
  /** Names of those that hold whole numbers, which must not be rounded. */
  readonly exactTables: readonly string[];
}

/** What the tables are called that stand for an output. */
export function topTables({ output, kept }: Pick<TopClassesOptions, 'output' | 'kept'>): TopTables {
  const classes = `${output}/top ${kept}/classes`;
  return { tables: [classes, `${output}/top ${kept}/logarithms`], exactTables: [classes] };
}

/**
 * A teacher's outputs cut down to the most probable classes, as Fast Knowledge Distillation keeps them (arXiv 2112.01528): of every
 * distribution the logarithms of the largest probabilities, which classes these are, and the logarithm of what each of the others
 * gets when they share what remains evenly. Other values of a teacher stay as they are.
 */
export class TopClasses implements TopTables {
  readonly tables: TopTables['tables'];
  readonly exactTables: TopTables['exactTables'];
  readonly #options: TopClassesOptions;
  readonly #classesTable: string;
  readonly #logarithmsTable: string;

  constructor(options: TopClassesOptions) {
    this.#options = options;
    const { tables, exactTables } = topTables(options);
    this.tables = tables;
    this.exactTables = exactTables;
    [this.#classesTable, this.#logarithmsTable] = tables;
  }

  /** Outputs with the output cut down; the rest of them as they are. */
  pack(outputs: Outputs): Outputs {
    const { output, kind, classes, kept } = this.#options;
    const values = outputs.get(output) ?? new Float32Array(0);
    const rows = values.length / classes;
    const chosen = new Float32Array(rows * kept);
    const logarithms = new Float32Array(rows * (kept + 1));
    for (let row = 0; row < rows; row++) {
      const said = values.subarray(row * classes, (row + 1) * classes);
      const distribution = kind === 'logits' ? softmax(finiteRows(said, classes)) : Float64Array.from(said);
      for (const [position, index] of largest(distribution, kept).entries()) {
        chosen[row * kept + position] = index;
        logarithms[row * (kept + 1) + position] = logarithm(distribution[index] ?? 0);
        distribution[index] = 0;
      }
      // Summed: as the difference from 1 a small rest would be lost in rounding.
      const remaining = distribution.reduce((sum, probability) => sum + probability, 0);
      logarithms[row * (kept + 1) + kept] = logarithm(remaining / (classes - kept));
    }
    const others = [...outputs].filter(([name]) => name !== output);
    return new Map([[this.#classesTable, chosen], [this.#logarithmsTable, logarithms], ...others]);
  }

  /** Outputs in which logits of all classes stand for what was cut down. */
  unpack(packed: Outputs): Outputs {
    const { output, classes, kept } = this.#options;
    const chosen = packed.get(this.#classesTable) ?? new Float32Array(0);
    const logarithms = packed.get(this.#logarithmsTable) ?? new Float32Array(0);
    const rows = chosen.length / kept;
    const logits = new Float32Array(rows * classes);
    for (let row = 0; row < rows; row++) {
      const start = row * classes;
      logits.fill(logarithms[row * (kept + 1) + kept] ?? 0, start, start + classes);
      for (let position = 0; position < kept; position++) {
        logits[start + (chosen[row * kept + position] ?? 0)] = logarithms[row * (kept + 1) + position] ?? 0;
      }
    }
    const others = [...packed].filter(([name]) => name !== this.#classesTable && name !== this.#logarithmsTable);
    return new Map([[output, logits], ...others]);
  }
}

function logarithm(probability: number): number {
  return Math.log(Math.max(probability, SMALLEST));
}

function softmax(logits: Float32Array): Float64Array {
  const most = logits.reduce((one, other) => Math.max(one, other), -Infinity);
  const exponentials = Float64Array.from(logits, (logit) => Math.exp(logit - most));
  const sum = exponentials.reduce((total, value) => total + value, 0);
  return exponentials.map((value) => value / sum);
}

/** Indices of the largest values, the largest first; of equal ones the first. */
function largest(values: Float64Array, count: number): number[] {
  const found: number[] = [];
  values.forEach((value, index) => {
    if (found.length === count && value <= (values[found.at(-1) ?? 0] ?? 0)) return;
    let position = found.length;
    while (position > 0 && (values[found[position - 1] ?? 0] ?? 0) < value) position--;
    found.splice(position, 0, index);
    if (found.length > count) found.pop();
  });
  return found;
}
