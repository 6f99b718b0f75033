import type { Attributes, Value } from '../node.ts';
import type { StoredNode } from '../upgrade/step.ts';

/** Operators that give something else every time. */
const RANDOM = /^(?:Random|Bernoulli|Multinomial|Dropout)/;

/**
 * Nodes that were imported already, so that what every round of a loop computes alike, such as parts of its weights, is computed once.
 */
export class SharedNodes {
  readonly #made = new Map<string, readonly (Value | undefined)[]>();

  /** The outputs of a node that computes the same of the same values, where there is one. */
  find(node: StoredNode): readonly (Value | undefined)[] | undefined {
    const key = keyOf(node);
    return key === undefined ? undefined : this.#made.get(key);
  }

  add(node: StoredNode, outputs: readonly (Value | undefined)[]): void {
    const key = keyOf(node);
    if (key !== undefined) this.#made.set(key, outputs);
  }
}

/** What a node computes, of which values; undefined where that cannot be told, or is never the same. */
function keyOf({ domain, operator, inputs, attributes, outputs }: StoredNode): string | undefined {
  if (RANDOM.test(operator)) return undefined;
  const settings = settingsOf(attributes);
  const given = outputs.map((output) => output !== '');
  const names = inputs.map((input) => input?.name ?? null);
  return settings && JSON.stringify([domain, operator, names, given, settings], writtenWhole);
}

/** JSON has no NaN and no infinite numbers, and would write all of them alike. */
function writtenWhole(_: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? `number ${value}` : value;
}

function settingsOf(attributes: Attributes): readonly unknown[] | undefined {
  const settings: unknown[] = [];
  for (const [name, attribute] of Object.entries(attributes)) {
    if (attribute.kind === 'tensor' || attribute.kind === 'graph') return undefined;
    settings.push([name, attribute.kind, attribute.value]);
  }
  return settings;
}
