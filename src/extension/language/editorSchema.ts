import { experimentJsonSchema, type JsonSchema } from '../../experiment/jsonSchema.ts';
import type { Translate } from '../translate.ts';
import { sectionSnippets, type SectionSnippet } from './sectionSnippets.ts';

/** What JSON's language service reads beyond the standard. */
export type EditorSchema = JsonSchema & {
  markdownDescription?: string;
  defaultSnippets?: SectionSnippet[];
};

/**
 * The schema of experiment files as an editor shows it: what fields mean in the person's language, with their defaults and limits, what
 * each choice of a union is, and snippets.
 */
export function editorSchema(translate: Translate): EditorSchema {
  const schema = withDescriptions(experimentJsonSchema(), translate);
  for (const [name, snippets] of Object.entries(sectionSnippets(translate))) {
    const section = name === '' ? schema : sectionOf(schema, name);
    if (section) section.defaultSnippets = [...snippets];
  }
  return schema;
}

function sectionOf(schema: EditorSchema, name: string): EditorSchema | undefined {
  const [field = '', ofItems] = name.split(/(?=\[\])/);
  const section = schema.properties?.[field];
  if (!isNode(section)) return undefined;
  if (ofItems === undefined) return section;
  const list = [section, ...(section.anyOf ?? []).filter(isNode)].find((node) => isNode(node.items));
  return list && isNode(list.items) ? list.items : undefined;
}

function withDescriptions(node: JsonSchema, translate: Translate): EditorSchema {
  const described: EditorSchema = { ...node };
  const text = markdownOf(node, translate);
  if (text !== '') described.markdownDescription = text;
  if (node.properties) {
    described.properties = Object.fromEntries(
      Object.entries(node.properties).map(([name, property]) => [
        name,
        isNode(property) ? withDescriptions(namingChoice(node, property), translate) : property,
      ]),
    );
  }
  if (isNode(node.items)) described.items = withDescriptions(node.items, translate);
  if (isNode(node.additionalProperties)) {
    described.additionalProperties = withDescriptions(node.additionalProperties, translate);
  }
  for (const kind of ['anyOf', 'oneOf'] as const) {
    const alternatives = node[kind];
    if (alternatives) {
      described[kind] = alternatives.map((inner) => (isNode(inner) ? withDescriptions(inner, translate) : inner));
    }
  }
  return described;
}

/** The field that tells alternatives apart says of each what the alternative is. */
function namingChoice(owner: JsonSchema, property: JsonSchema): JsonSchema {
  if (property.const === undefined || property.description !== undefined || owner.description === undefined) {
    return property;
  }
  return { ...property, description: owner.description };
}

function markdownOf(node: JsonSchema, translate: Translate): string {
  const { description, default: usual } = node;
  // An alternative of a field without words of its own is told with the field.
  if (description === undefined) return '';
  const facts = [
    ...(isPlain(usual) ? [translate('Default: {0}', `\`${JSON.stringify(usual)}\``)] : []),
    ...limitsOf(node, translate),
  ];
  return [translate(description), facts.join(' · ')].filter((part) => part !== '').join('\n\n');
}

function isPlain(value: unknown): boolean {
  return value !== undefined && !['{}', 'null'].includes(JSON.stringify(value)) && JSON.stringify(value).length <= 60;
}

function limitsOf(node: JsonSchema, translate: Translate): readonly string[] {
  const numbers = [node, ...(node.anyOf ?? []).filter(isNode)].find(
    ({ type }) => type === 'number' || type === 'integer',
  );
  if (!numbers) return [];
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum } = numbers;
  const least = minimum ?? exclusiveMinimum;
  // Whole numbers end where doubles stop counting, which is no limit that anybody set.
  const most = maximum === Number.MAX_SAFE_INTEGER ? exclusiveMaximum : (maximum ?? exclusiveMaximum);
  return [
    ...(least === undefined || Math.abs(Number(least)) === Number.MAX_SAFE_INTEGER
      ? []
      : [
          minimum === undefined
            ? translate('greater than {0}', Number(least))
            : translate('at least {0}', Number(least)),
        ]),
    ...(most === undefined
      ? []
      : [maximum === undefined ? translate('less than {0}', Number(most)) : translate('at most {0}', Number(most))]),
  ];
}

function isNode(schema: unknown): schema is EditorSchema {
  return typeof schema === 'object' && schema !== null && !Array.isArray(schema);
}
