import type * as z from 'zod';
import type { JsonSchema } from './jsonSchema.ts';
import type { Words } from './words.ts';

/** A path in an experiment as people read it: `training.batchSize`, `objective[0].weight`; `experiment` for the whole. */
export function writtenPath(path: readonly PropertyKey[]): string {
  const text = path.reduce<string>((before, key) => {
    if (typeof key === 'number') return `${before}[${key}]`;
    const name = String(key);
    if (!/^[\w$-]+$/.test(name)) return `${before}[${JSON.stringify(name)}]`;
    return before === '' ? name : `${before}.${name}`;
  }, '');
  return text === '' ? 'experiment' : text;
}

/** What a value may be: `a whole number`, `'adam' or 'sgd'`, ``an object with `model` or null``. */
export function allowedKinds(nodes: readonly JsonSchema[], t: Words): string {
  return either([...new Set(nodes.flatMap((node) => allowedKind(node, t)))], t);
}

/** `'auto'`, `'auto' or a list`. @param others kinds that a value may be of beside one of the names */
export function namesOrKinds(names: readonly unknown[], others: readonly JsonSchema[], t: Words): string {
  return either([...new Set([...names.map(quoted), ...others.flatMap((node) => allowedKind(node, t))])], t);
}

function allowedKind(node: JsonSchema, t: Words): readonly string[] {
  if (node.enum) return node.enum.map(quoted);
  switch (node.type) {
    case 'integer':
      return [t('a whole number')];
    case 'number':
      return [t('a number')];
    case 'boolean':
      return [t('true or false')];
    case 'string':
      return [t('text')];
    case 'array':
      return [t('a list')];
    case 'null':
      return ['null'];
    case 'object':
    case undefined:
    default: {
      const tag = (node.required ?? []).find((key) => isConstant(node.properties?.[key]));
      const required = (tag === undefined ? (node.required ?? []) : [tag]).map((key) => `\`${key}\``);
      return [required.length === 0 ? t('an object') : t('an object with {0}', both(required, t))];
    }
  }
}

/** `a`, `a or b`, `a, b or c`. */
function either(words: readonly string[], t: Words): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : t('{0} or {1}', words.slice(0, -1).join(', '), last);
}

function both(words: readonly string[], t: Words): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : t('{0} and {1}', words.slice(0, -1).join(', '), last);
}

/** As it is written in JSON, but for texts, which people read in single quotes. */
function quoted(name: unknown): string {
  return typeof name === 'string' ? `'${name}'` : String(name);
}

/** A field of one value tells what an object is; what else it has follows from that. */
function isConstant(property: unknown): boolean {
  return typeof property === 'object' && property !== null && 'const' in property;
}

/** `must be at least 1`, `must have at least 2 elements`, `must not be empty`. */
export function lowerLimit(issue: z.core.$ZodIssueTooSmall, isWhole: boolean, t: Words): string {
  const minimum = Number(issue.minimum);
  const limit = issue.inclusive === false ? minimum + 1 : minimum;
  if (issue.origin === 'array') {
    return limit === 1 ? t('must have at least 1 element') : t('must have at least {0} elements', limit);
  }
  if (issue.origin === 'string') {
    return limit === 1 ? t('must not be empty') : t('must have at least {0} characters', limit);
  }
  return issue.inclusive === false && !isWhole
    ? t('must be greater than {0}', minimum)
    : t('must be at least {0}', limit);
}

/** `must be at most 10`, `must be less than 1`, `must have at most 16 elements`. */
export function upperLimit(issue: z.core.$ZodIssueTooBig, t: Words): string {
  const maximum = Number(issue.maximum);
  if (issue.origin === 'array') return t('must have at most {0} elements', maximum);
  if (issue.origin === 'string') return t('must have at most {0} characters', maximum);
  return issue.inclusive === false ? t('must be less than {0}', maximum) : t('must be at most {0}', maximum);
}

/** Beyond this a limit is one of what numbers can be, which nobody wants to be told. */
const EVERYDAY = 1e7;

/** `must be from 1 to 65536`: of a number that has both limits, so that nobody finds the other one afterwards. */
export function bothLimits(
  issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig,
  nodes: readonly JsonSchema[],
  t: Words,
): string | undefined {
  const broken = issue.code === 'too_small' ? issue.minimum : issue.maximum;
  const node = nodes.find(
    ({ minimum, maximum }) =>
      minimum !== undefined && maximum !== undefined && [minimum, maximum].includes(Number(broken)),
  );
  const { minimum, maximum } = node ?? {};
  if (minimum === undefined || maximum === undefined || Math.max(-minimum, maximum) > EVERYDAY) return undefined;
  return t('must be from {0} to {1}', minimum, maximum);
}

/** What was found, in a few words. */
export function shown(found: unknown, t: Words): string {
  if (found === undefined) return t('nothing');
  if (found === null) return 'null';
  if (found === '') return t('empty text');
  if (typeof found === 'string') return t("the text '{0}'", shortened(found));
  if (Array.isArray(found)) return found.length === 0 ? t('an empty list') : t('a list of {0}', found.length);
  return typeof found === 'number' || typeof found === 'boolean' ? String(found) : t('an object');
}

export function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

/** A field's name as words with their article: `batchNormalization` → `a batch normalization`. */
export function withArticle(field: PropertyKey, t: Words): string {
  const noun = String(field).replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return /^[aeiou]/.test(noun) ? t('an {0}', noun) : t('a {0}', noun);
}
