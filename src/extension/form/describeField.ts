import type {
  ChoiceField,
  FormField,
  GroupField,
  ListField,
  NumberField,
  Picker,
  Variant,
  VariantsField,
} from '../../protocol/form.ts';
import type { JsonSchema } from '../../experiment/jsonSchema.ts';
import type { Translate } from '../translate.ts';
import { sharedPath, type IsAdvanced } from './advanced.ts';
import { isEssential } from './essentialFields.ts';
import { emptyRequired, initialWhereAbsent } from './initialValues.ts';
import { flatAlternatives, isTextOrTexts, listOrAutomatic, nodeOf, rampOf } from './schemaShapes.ts';
import { layersOf, scaleOf } from './sliderScales.ts';

export interface FormVocabulary {
  readonly translate: Translate;
  /** Labels by path; see `formLabels`. */
  readonly labels: Readonly<Record<string, string>>;
  /** What is said beneath fields, where it is not the schema's description, likewise. */
  readonly help: Readonly<Record<string, string>>;
  /** Paths of fields that name a file or folder. */
  readonly pickers: Readonly<Record<string, Picker>>;
  /** Paths of fields that name a value inside a network, and which. */
  readonly features: Readonly<Record<string, 'student' | 'teacher'>>;
  readonly isAdvanced: IsAdvanced;
}

/** What every field has. */
type Base = Pick<FormField, 'name' | 'label' | 'help' | 'isAdvanced' | 'isEssential'>;

/**
 * Describes what the panel shows for one property of the experiment's JSON schema.
 *
 * @param path as in `FormVocabulary.labels`: `training.epochs`, `objective[]`
 * @throws TypeError for a schema of a shape that the form has nothing for
 */
function describeField(
  name: string,
  path: string,
  schema: JsonSchema,
  isRequired: boolean,
  words: FormVocabulary,
): FormField {
  const base: Base = {
    name,
    label: labelOf(path, name, words),
    ...helpOf([path], schema, words),
    ...(isEssential(path, isRequired)
      ? { isEssential: true }
      : words.isAdvanced(path, schema, isRequired)
        ? { isAdvanced: true }
        : {}),
  };
  const fallback = schema.default;
  const list = listOrAutomatic(schema);
  if (list) return describeArray(base, path, list, isRequired, words);
  if (schema.anyOf ?? schema.oneOf) {
    const ramp = rampOf(schema);
    if (!ramp) return isTextOrTexts(schema) ? { ...base, kind: 'texts' } : describeVariants(base, path, schema, words);
    const fields = describeFields(path, ramp, words).filter((field) => field.kind === 'number');
    return { ...base, kind: 'ramp', fields, ...(typeof fallback === 'number' ? { default: fallback } : {}) };
  }
  if (schema.enum) {
    const isNumeric = schema.enum.every((value) => typeof value === 'number');
    return {
      ...base,
      kind: 'choice',
      options: optionsOf(path, schema, words),
      isOptional: !isRequired && fallback === undefined,
      ...(isNumeric ? { isNumeric } : {}),
      ...(typeof fallback === 'string' || typeof fallback === 'number' ? { default: String(fallback) } : {}),
    };
  }
  switch (schema.type) {
    case 'string': {
      const picker = words.pickers[path];
      const featureOf = words.features[path];
      return {
        ...base,
        kind: 'text',
        ...(typeof fallback === 'string' ? { default: fallback } : {}),
        ...(picker ? { picker } : {}),
        ...(featureOf ? { featureOf } : {}),
      };
    }
    case 'integer':
    case 'number':
      return describeNumber(base, path, schema);
    case 'boolean':
      return { ...base, kind: 'flag', default: fallback === true };
    case 'array':
      return describeArray(base, path, schema, isRequired, words);
    case 'object': {
      const values = nodeOf(schema.additionalProperties);
      if (values.enum) return { ...base, kind: 'map', options: optionsOf(`${path}[]`, values, words) };
      const fields = describeFields(path, schema, words);
      const initial = isRequired ? undefined : initialWhereAbsent(schema);
      return { ...base, kind: 'group', fields, ...(initial ? { initial } : {}) };
    }
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
    .map(([name, property]) => {
      const isRequired = schema.required?.includes(name) ?? false;
      return describeField(name, path === '' ? name : `${path}.${name}`, nodeOf(property), isRequired, words);
    });
}

function optionsOf(path: string, schema: JsonSchema, words: FormVocabulary): ChoiceField['options'] {
  return (schema.enum ?? []).map(String).map((value) => ({ value, label: labelOf(`${path}:${value}`, value, words) }));
}

function describeNumber(base: Base, path: string, { type, default: fallback }: JsonSchema): NumberField {
  const integer = type === 'integer';
  const scale = scaleOf(path);
  return {
    ...base,
    kind: 'number',
    integer,
    ...(scale && { scale }),
    ...(typeof fallback === 'number' ? { default: fallback } : {}),
  };
}

function describeArray(
  base: Base,
  path: string,
  schema: JsonSchema,
  isRequired: boolean,
  words: FormVocabulary,
): FormField {
  const items = nodeOf(schema.items);
  const fallback = schema.default;
  if (items.type === 'number' || items.type === 'integer') {
    const isOptional = !isRequired && fallback === undefined;
    const integer = items.type === 'integer';
    const layers = isNumbers(fallback) ? layersOf(path, fallback, schema) : undefined;
    return {
      ...base,
      kind: 'numbers',
      integer,
      isOptional,
      ...(isNumbers(fallback) ? { default: fallback } : {}),
      ...(layers && { layers }),
    };
  }
  if (items.type === 'string') return { ...base, kind: 'texts' };
  const item = describeItem(base.label, `${path}[]`, items, words);
  const initialItem = item.kind === 'variants' ? item.variants[0]?.initial : emptyRequired(items);
  const itemLabel = labelAt(`${path}[]`, words);
  return {
    ...base,
    kind: 'list',
    item,
    ...(itemLabel !== undefined && { itemLabel }),
    initialItem,
    default: Array.isArray(fallback) ? fallback : [],
  };
}

function describeItem(label: string, path: string, items: JsonSchema, words: FormVocabulary): ListField['item'] {
  const base = { name: '[]', label };
  if (items.anyOf ?? items.oneOf) return describeVariants(base, path, items, words);
  return { ...base, kind: 'group', fields: describeFields(path, items, words) } satisfies GroupField;
}

function describeVariants(base: Base, path: string, schema: JsonSchema, words: FormVocabulary): VariantsField {
  const variants = flatAlternatives(schema).flatMap((alternative) =>
    variantsOf(withDefault(alternative, schema), path, words),
  );
  const tags = new Set(variants.map((variant) => (variant.match.kind === 'tag' ? variant.match.key : undefined)));
  const [tag] = tags;
  return {
    ...base,
    kind: 'variants',
    ...(tags.size === 1 && tag !== undefined ? { tag, label: labelAt(`${path}.${tag}`, words) ?? base.label } : {}),
    variants,
    ...(schema.default === undefined ? {} : { default: schema.default }),
  };
}

function variantsOf(schema: JsonSchema, path: string, words: FormVocabulary): Variant[] {
  const named = (id: string) => ({
    id,
    label: labelOf(`${path}:${id}`, id, words),
    ...helpOf([`${path}:${id}`, path], schema, words),
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
    const value = {
      name: '',
      label: '',
      kind: 'number',
      integer: schema.type === 'integer',
      default: initial,
    } as const;
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

/** A number among other shapes starts with the default of the whole. */
function withDefault(alternative: JsonSchema, whole: JsonSchema): JsonSchema {
  return typeof whole.default === 'number' ? { ...alternative, default: whole.default } : alternative;
}

/** `learningRate` is called `Learning rate` unless the labels know better. */
/** @param paths of the field, the more special first */
function helpOf(
  paths: readonly string[],
  { description }: JsonSchema,
  { help, translate }: FormVocabulary,
): Pick<FormField, 'help'> {
  const own = paths.map((path) => help[path]).find((text) => text !== undefined);
  const text = own ?? (description === undefined ? '' : translate(description));
  return text === '' ? {} : { help: text };
}

function labelOf(path: string, name: string, words: FormVocabulary): string {
  const label = labelAt(path, words);
  if (label !== undefined) return label;
  const spaced = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

function labelAt(path: string, { labels }: FormVocabulary): string | undefined {
  const shared = sharedPath(path);
  // What is fitted as a head is called as what is fitted as a student.
  return labels[path] ?? labels[shared] ?? labels[shared.replace(/^student\.head\b/, 'student')];
}

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((element) => typeof element === 'number');
}
