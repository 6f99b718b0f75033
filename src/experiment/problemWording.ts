import type { z } from 'zod';
import type { JsonSchema } from './jsonSchema.ts';
import { joined, listed } from './suggest.ts';

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
export function allowedKinds(nodes: readonly JsonSchema[]): string {
  return joined([...new Set(nodes.map(allowedKind))], 'or');
}

function allowedKind(node: JsonSchema): string {
  if (node.enum) return listed(node.enum.map(String));
  switch (node.type) {
    case 'integer':
      return 'a whole number';
    case 'number':
      return 'a number';
    case 'boolean':
      return 'true or false';
    case 'string':
      return 'text';
    case 'array':
      return 'a list';
    case 'null':
      return 'null';
    case 'object':
    case undefined:
    default: {
      const tag = (node.required ?? []).find((key) => isConstant(node.properties?.[key]));
      const required = (tag === undefined ? (node.required ?? []) : [tag]).map((key) => `\`${key}\``);
      return required.length === 0 ? 'an object' : `an object with ${joined(required, 'and')}`;
    }
  }
}

/** A field of one value tells what an object is; what else it has follows from that. */
function isConstant(property: unknown): boolean {
  return typeof property === 'object' && property !== null && 'const' in property;
}

/** `be at least 1`, `have at least 2 elements`, `not be empty`. */
export function lowerLimit(issue: z.core.$ZodIssueTooSmall, isWhole: boolean): string {
  const minimum = Number(issue.minimum);
  const limit = issue.inclusive === false ? minimum + 1 : minimum;
  if (issue.origin === 'array') return `have at least ${limit} ${limit === 1 ? 'element' : 'elements'}`;
  if (issue.origin === 'string') return limit === 1 ? 'not be empty' : `have at least ${limit} characters`;
  return issue.inclusive === false && !isWhole ? `be greater than ${minimum}` : `be at least ${limit}`;
}

/** `be at most 10`, `be less than 1`, `have at most 16 elements`. */
export function upperLimit(issue: z.core.$ZodIssueTooBig): string {
  const maximum = Number(issue.maximum);
  if (issue.origin === 'array') return `have at most ${maximum} elements`;
  if (issue.origin === 'string') return `have at most ${maximum} characters`;
  return issue.inclusive === false ? `be less than ${maximum}` : `be at most ${maximum}`;
}

/** What was found, in a few words. */
export function shown(found: unknown): string {
  if (found === undefined) return 'nothing';
  if (found === null) return 'null';
  if (found === '') return 'empty text';
  if (typeof found === 'string') return `the text '${shortened(found)}'`;
  if (Array.isArray(found)) return found.length === 0 ? 'an empty list' : `a list of ${found.length}`;
  return typeof found === 'number' || typeof found === 'boolean' ? String(found) : 'an object';
}

export function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

/** A field's name as words with their article: `batchNormalization` → `a batch normalization`. */
export function withArticle(field: PropertyKey): string {
  const noun = String(field).replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
}
