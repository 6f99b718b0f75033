import type { z } from 'zod';
import type { Problem } from '../errors.ts';
import { alternativesOf, schemaAt, valueAt, type JsonSchema } from './jsonSchema.ts';
import { allowedKinds, lowerLimit, shortened, shown, upperLimit, withArticle, writtenPath } from './problemWording.ts';
import { listed, nearest } from './suggest.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

interface Given {
  readonly value: unknown;
  readonly schema: JsonSchema;
}

interface Explained {
  readonly path: Path;
  readonly message: string;
  readonly hint?: string | undefined;
  /** Where an unknown field would be right. */
  readonly meant?: Path;
}

/**
 * Turns the validator's issues into problems that say what is wrong, what was found and what would be right.
 *
 * @param value the experiment as it was given
 * @param schema the JSON schema of experiments, for the known names and what they are
 */
export function explainIssues(issues: readonly Issue[], value: unknown, schema: JsonSchema): readonly Problem[] {
  const explained = issues.flatMap((issue) => explain(issue, [], { value, schema }));
  // `modle` that was meant to be `model` is one problem, not an unknown field and a missing one.
  const meant = new Set(explained.flatMap((problem) => (problem.meant ? [writtenPath(problem.meant)] : [])));
  return explained
    .filter(({ path }) => valueAt(value, path) !== undefined || !meant.has(writtenPath(path)))
    .map(({ path, message, hint }) => ({ where: writtenPath(path), message, ...(hint === undefined ? {} : { hint }) }));
}

function explain(issue: Issue, outer: Path, given: Given): readonly Explained[] {
  const path = [...outer, ...issue.path];
  const found = valueAt(given.value, path);
  const nodes = schemaAt(given.schema, given.value, path);
  const alternatives = nodes.flatMap((node) => alternativesOf(node, found));
  const hint = nodes.find((node) => node.description !== undefined)?.description;

  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownField([...path, key], fieldsBeside(issue.keys, alternatives, found)));
    case 'invalid_value':
      return [{ path, hint, ...wrongName(path, found, issue.values.map(String)) }];
    case 'invalid_union': {
      const names = discriminatorNames(issue);
      if (names) return [{ path, hint, ...wrongName(path, found, names) }];
      const meant = closestAlternative(issue.errors, found);
      return meant
        ? meant.flatMap((inner) => explain(inner, path, given))
        : [wrongKind(path, found, alternatives, hint)];
    }
    case 'invalid_type':
      return [wrongKind(path, found, alternatives, hint)];
    case 'too_small': {
      const isWhole = alternatives.some((node) => node.type === 'integer');
      return [{ path, hint, message: `must ${lowerLimit(issue, isWhole)} (found ${shown(found)})` }];
    }
    case 'too_big':
      return [{ path, hint, message: `must ${upperLimit(issue)} (found ${shown(found)})` }];
    case 'invalid_format':
    case 'not_multiple_of':
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return [{ path, hint, message: `${issue.message} (found ${shown(found)})` }];
  }
}

function unknownField(path: Path, known: readonly string[]): Explained {
  const suggestion = nearest(String(path.at(-1)), known);
  const hint = known.length === 0 ? undefined : `Known fields here: ${known.join(', ')}.`;
  if (suggestion === undefined) return { path, hint, message: 'is not a known field' };
  const meant = [...path.slice(0, -1), suggestion];
  return { path, hint, meant, message: `is not a known field; did you mean '${suggestion}'?` };
}

function wrongName(path: Path, found: unknown, names: readonly string[]): Pick<Explained, 'message' | 'hint'> {
  if (found === undefined) return { message: `is missing; it must be ${listed(names)}` };
  if (typeof found !== 'string') return { message: `must be ${listed(names)} (found ${shown(found)})` };
  const suggestion = nearest(found, names);
  const field = path.findLast((key) => typeof key === 'string') ?? 'value';
  const message = `'${shortened(found)}' is not ${withArticle(field)}`;
  return {
    message: suggestion === undefined ? message : `${message}; did you mean '${suggestion}'?`,
    hint: `Must be ${listed(names)}.`,
  };
}

function wrongKind(path: Path, found: unknown, alternatives: readonly JsonSchema[], hint?: string): Explained {
  const allowed = allowedKinds(alternatives);
  if (found === undefined) return { path, hint, message: `is missing; it must be ${allowed}` };
  const message = `must be ${allowed} (found ${shown(found)})`;
  return { path, message, hint: wrapped(found, alternatives) ?? hint };
}

/** For text where an object with one text field belongs: how to write it. */
function wrapped(found: unknown, alternatives: readonly JsonSchema[]): string | undefined {
  if (typeof found !== 'string') return undefined;
  for (const { properties, required } of alternatives) {
    const [key, ...others] = required ?? [];
    const field = key === undefined || others.length > 0 ? undefined : properties?.[key];
    if (key === undefined || typeof field !== 'object' || field.type !== 'string') continue;
    if (field.const === undefined || field.const === found) return `Write ${JSON.stringify({ [key]: found })}.`;
  }
  return undefined;
}

/** The names that a discriminating field may have, when the field of an object is what is wrong. */
function discriminatorNames(issue: z.core.$ZodIssueInvalidUnion): readonly string[] | undefined {
  return 'options' in issue && Array.isArray(issue.options) ? issue.options.map(String) : undefined;
}

/**
 * The issues of the alternative that the person most likely meant, or undefined when the value is of a type that no
 * alternative takes.
 */
function closestAlternative(branches: readonly (readonly Issue[])[], found: unknown): readonly Issue[] | undefined {
  let closest: { readonly branch: readonly Issue[]; readonly cost: number } | undefined;
  for (const branch of branches) {
    if (branch.some((issue) => isOtherType(issue, found))) continue;
    const cost = branch.reduce((sum, issue) => sum + costOf(issue, found), 0);
    if (!closest || cost < closest.cost) closest = { branch, cost };
  }
  return closest?.branch;
}

function isOtherType(issue: Issue, found: unknown): boolean {
  if (issue.path.length > 0) return false;
  return issue.code === 'invalid_type' || (issue.code === 'invalid_value' && typeof found !== 'string');
}

/** An absent discriminator says that another alternative was meant. */
function costOf(issue: Issue, found: unknown): number {
  if (issue.code === 'unrecognized_keys') return issue.keys.length;
  return issue.code === 'invalid_union' && valueAt(found, issue.path) === undefined ? 10 : 1;
}

/** Fields that may stand where `unknown` ones were found: those of the alternatives that fit the other fields best. */
function fieldsBeside(
  unknown: readonly string[],
  alternatives: readonly JsonSchema[],
  found: unknown,
): readonly string[] {
  const given = Object.keys(found ?? {});
  const candidates = alternatives
    .map((node) => Object.keys(node.properties ?? {}))
    .filter((fields) => !unknown.some((key) => fields.includes(key)));
  const fitting = (fields: readonly string[]) => given.filter((key) => fields.includes(key)).length;
  const best = Math.max(0, ...candidates.map(fitting));
  const fields = candidates.filter((candidate) => fitting(candidate) === best).flat();
  return [...new Set(fields)].filter((field) => field !== '$schema');
}
