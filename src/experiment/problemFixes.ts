import type { Problem } from '../errors.ts';
import type { JsonSchema } from './jsonSchema.ts';
import { nearest } from './suggest.ts';

/**
 * What would mend a problem at its path: another name of the field, no field, or another value, which may be a new field's. `isLikely`
 * says that it is what was most probably meant.
 */
export type ProblemFix =
  | { readonly kind: 'rename'; readonly to: string; readonly isLikely: true }
  | { readonly kind: 'remove'; readonly isLikely?: false }
  | { readonly kind: 'replace'; readonly value: unknown; readonly isLikely?: boolean };

/** A problem of an experiment file, with where it is in the parsed file and what would mend it, the likeliest first. */
export interface ExperimentProblem extends Problem {
  readonly path: readonly PropertyKey[];
  readonly fixes: readonly ProblemFix[];
}

/** More choices than these are better completed than offered as a list. */
const MOST_CHOICES = 20;

/**
 * Values that would be right instead of the one that was found.
 *
 * @param names values that the field may have, as far as these can be listed
 * @param alternatives what the schema says of the field
 */
export function corrections(
  found: unknown,
  names: readonly unknown[],
  alternatives: readonly JsonSchema[],
): readonly ProblemFix[] {
  if (names.length > 0) {
    const likely = typeof found === 'string' ? nearest(found, names.map(String)) : undefined;
    const first = names.filter((name) => name === likely);
    const others = names.length > MOST_CHOICES ? [] : names.filter((name) => name !== likely);
    const unquoted = converted(found, alternatives);
    return [
      ...[...(unquoted === undefined ? [] : [unquoted]), ...first].map((value) => meant(value)),
      ...others.map((value) => ({ kind: 'replace', value }) as const),
    ];
  }
  if (found === undefined) {
    const value = smallestOf(alternatives);
    return value === undefined ? [] : [{ kind: 'replace', value }];
  }
  const value = converted(found, alternatives) ?? wrapped(found, alternatives);
  return value === undefined ? [] : [meant(value)];
}

function meant(value: unknown): ProblemFix {
  return { kind: 'replace', value, isLikely: true };
}

/** A number or a truth value that was written in quotes. */
function converted(found: unknown, alternatives: readonly JsonSchema[]): unknown {
  if (typeof found !== 'string') return undefined;
  const types = new Set(alternatives.map(({ type }) => type));
  const number = found.trim() === '' ? Number.NaN : Number(found);
  if (types.has('number') && Number.isFinite(number)) return number;
  if (types.has('integer') && Number.isSafeInteger(number)) return number;
  if (types.has('boolean') && (found === 'true' || found === 'false')) return found === 'true';
  return undefined;
}

/** For text where an object with one text field belongs: how to write it. */
function wrapped(found: unknown, alternatives: readonly JsonSchema[]): unknown {
  if (typeof found !== 'string') return undefined;
  for (const { properties, required } of alternatives) {
    const [key, ...others] = required ?? [];
    const field = key === undefined || others.length > 0 ? undefined : properties?.[key];
    if (key === undefined || typeof field !== 'object' || field.type !== 'string') continue;
    if (field.const === undefined || field.const === found) return { [key]: found };
  }
  return undefined;
}

/** The shortest value that is of a kind that fits, to be filled in; undefined where there is no such thing. */
function smallestOf(alternatives: readonly JsonSchema[]): unknown {
  for (const node of alternatives) {
    const value = smallest(node);
    if (value !== undefined) return value;
  }
  return undefined;
}

function smallest(node: JsonSchema): unknown {
  if (node.default !== undefined) return node.default;
  if (node.const !== undefined) return node.const;
  if (node.enum) return node.enum[0];
  if (node.anyOf ?? node.oneOf) return smallestOf((node.anyOf ?? node.oneOf ?? []).filter(isNode));
  switch (node.type) {
    case 'string':
      return '';
    case 'array':
      return [];
    case 'object': {
      const required = (node.required ?? []).map((key): readonly [string, unknown] => {
        const field = node.properties?.[key];
        return [key, isNode(field) ? smallest(field) : undefined];
      });
      return required.some(([, value]) => value === undefined) ? undefined : Object.fromEntries(required);
    }
    case 'number':
    case 'integer':
    case 'boolean':
    case 'null':
    case undefined:
    default:
      return undefined;
  }
}

function isNode(schema: unknown): schema is JsonSchema {
  return typeof schema === 'object' && schema !== null;
}
