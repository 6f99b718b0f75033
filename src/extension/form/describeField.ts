import type { FormField, Variant, VariantsField } from '../../protocol/form.ts';
import type { JsonSchema } from '../../experiment/jsonSchema.ts';
import type { Translate } from '../translate.ts';

export interface FormVocabulary {
  readonly translate: Translate;
  /** Labels by path; see `formLabels`. */
  readonly labels: Readonly<Record<string, string>>;
  /** Paths of fields that name a file or folder. */
  readonly pickers: Readonly<Record<string, 'model' | 'dataset'>>;
}

/**
 * Describes what the panel shows for one property of the experiment's JSON schema.
 *
 * @param path as in `FormVocabulary.labels`: `training.epochs`, `objective[]`
 */
export function describeField(name: string, path: string, schema: JsonSchema, words: FormVocabulary): FormField {
  const base = {
    name,
    label: labelOf(path, name, words),
    ...(schema.description === undefined ? {} : { help: words.translate(schema.description) }),
  };
  const fallback = schema.default;
  if (schema.anyOf ?? schema.oneOf) return describeVariants(base, path, schema, words);
  if (schema.enum) {
    const options = schema.enum
      .map(String)
      .map((value) => ({ value, label: labelOf(`${path}:${value}`, value, words) }));
    const isNumeric = schema.enum.every((value) => typeof value === 'number');
    return {
      ...base,
      kind: 'choice',
      options,
      ...(isNumeric ? { isNumeric } : {}),
      ...(typeof fallback === 'string' || typeof fallback === 'number' ? { default: String(fallback) } : {}),
    };
  }
  switch (schema.type) {
    case 'string': {
      const picker = words.pickers[path];
      return {
        ...base,
        kind: 'text',
        ...(typeof fallback === 'string' ? { default: fallback } : {}),
        ...(picker ? { picker } : {}),
      };
    }
    case 'integer':
    case 'number': {
      const integer = schema.type === 'integer';
      return { ...base, kind: 'number', integer, ...(typeof fallback === 'number' ? { default: fallback } : {}) };
    }
    case 'boolean':
      return { ...base, kind: 'flag', default: fallback === true };
    case 'array': {
      const items = nodeOf(schema.items);
      if (items.type === 'number' || items.type === 'integer') {
        const integer = items.type === 'integer';
        return { ...base, kind: 'numbers', integer, ...(isNumbers(fallback) ? { default: fallback } : {}) };
      }
      if (items.type === 'string') return { ...base, kind: 'texts' };
      const item = describeVariants({ name: '[]', label: base.label }, `${path}[]`, items, words);
      return { ...base, kind: 'list', item, default: Array.isArray(fallback) ? fallback : [] };
    }
    case 'object':
      return { ...base, kind: 'group', fields: describeFields(path, schema, words) };
    case 'null':
    case undefined:
    default:
      throw new TypeError(`The form cannot show ${path}: its schema has no type it knows.`);
  }
}

/** The fields of an object's properties, in their order. `skip` leaves out the key that tells variants apart. */
export function describeFields(path: string, schema: JsonSchema, words: FormVocabulary, skip?: string): FormField[] {
  return Object.entries(schema.properties ?? {})
    .filter(([name]) => name !== skip && name !== '$schema')
    .map(([name, property]) => describeField(name, path === '' ? name : `${path}.${name}`, nodeOf(property), words));
}

function describeVariants(
  base: { readonly name: string; readonly label: string; readonly help?: string },
  path: string,
  schema: JsonSchema,
  words: FormVocabulary,
): VariantsField {
  const variants = flatAlternatives(schema).flatMap((alternative) =>
    variantsOf(withDefault(alternative, schema), path, words),
  );
  const tags = new Set(variants.map((variant) => (variant.match.kind === 'tag' ? variant.match.key : undefined)));
  const [tag] = tags;
  return {
    ...base,
    kind: 'variants',
    ...(tags.size === 1 && tag !== undefined ? { tag, label: labelOf(`${path}.${tag}`, base.label, words) } : {}),
    variants,
    ...(schema.default === undefined ? {} : { default: schema.default }),
  };
}

function variantsOf(schema: JsonSchema, path: string, words: FormVocabulary): Variant[] {
  const named = (id: string) => ({
    id,
    label: labelOf(`${path}:${id}`, id, words),
    ...(schema.description === undefined ? {} : { help: words.translate(schema.description) }),
  });
  if (schema.type === 'null') {
    return [{ ...named('null'), match: { kind: 'constant', value: null }, initial: null, fields: [] }];
  }
  if (schema.enum) {
    return schema.enum
      .map(String)
      .map((value) => ({ ...named(value), match: { kind: 'constant', value }, initial: value, fields: [] }));
  }
  if (schema.type === 'number' || schema.type === 'integer') {
    const initial = typeof schema.default === 'number' ? schema.default : 1;
    const value = { name: '', label: '', kind: 'number', integer: schema.type === 'integer', default: initial } as const;
    return [{ ...named('number'), match: { kind: 'number' }, initial, fields: [value] }];
  }
  const tag = Object.entries(schema.properties ?? {}).find(([, property]) => nodeOf(property).const !== undefined);
  const [key] = schema.required ?? [];
  if (tag) {
    const [tagKey, property] = tag;
    const value = String(nodeOf(property).const);
    return [
      {
        ...named(value),
        match: { kind: 'tag', key: tagKey, value },
        initial: { [tagKey]: value, ...emptyRequired(schema, tagKey) },
        fields: describeFields(path, schema, words, tagKey),
      },
    ];
  }
  if (key === undefined) throw new TypeError(`The form cannot tell the alternatives of ${path} apart.`);
  return [
    {
      ...named(key),
      match: { kind: 'key', key },
      initial: emptyRequired(schema),
      fields: describeFields(path, schema, words),
    },
  ];
}

/** Unions of unions as one list; an outer description is passed to alternatives that have none. */
function flatAlternatives(schema: JsonSchema): JsonSchema[] {
  const alternatives = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  if (alternatives.length === 0) return [schema];
  return alternatives.flatMap((alternative) =>
    flatAlternatives(nodeOf(alternative)).map((inner) => ({ ...describedBy(nodeOf(alternative)), ...inner })),
  );
}

/** A number among other shapes starts with the default of the whole. */
function withDefault(alternative: JsonSchema, whole: JsonSchema): JsonSchema {
  return typeof whole.default === 'number' ? { ...alternative, default: whole.default } : alternative;
}

function describedBy({ description }: JsonSchema): JsonSchema {
  return description === undefined ? {} : { description };
}

/** Values to start the fields with that have no default. */
function emptyRequired(schema: JsonSchema, except?: string): Record<string, unknown> {
  const required = (schema.required ?? []).filter((key) => key !== except);
  return Object.fromEntries(required.map((key) => [key, nodeOf(schema.properties?.[key]).type === 'array' ? [] : '']));
}

/** `learningRate` is called `Learning rate` unless the labels know better. */
function labelOf(path: string, name: string, words: FormVocabulary): string {
  // The fields of a teacher's own training are those of the student's.
  const shared = path.replace(/^teacher\.training\./, 'training.');
  const label = words.labels[path] ?? words.labels[shared];
  if (label !== undefined) return label;
  const spaced = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((element) => typeof element === 'number');
}

function nodeOf(schema: unknown): JsonSchema {
  return typeof schema === 'object' && schema !== null && !Array.isArray(schema) ? (schema as JsonSchema) : {};
}
