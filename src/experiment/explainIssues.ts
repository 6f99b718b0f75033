import type * as z from 'zod';
import { alternativesOf, schemaAt, type JsonSchema } from './jsonSchema.ts';
import { valueAt } from './valueAt.ts';
import { corrections, type ExperimentProblem, type ProblemFix } from './problemFixes.ts';
import {
  allowedKinds,
  bothLimits,
  namesOrKinds,
  lowerLimit,
  shortened,
  shown,
  upperLimit,
  withArticle,
  writtenPath,
} from './problemWording.ts';
import { nearest } from './suggest.ts';
import { english, type Words } from './words.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

interface Given {
  readonly value: unknown;
  readonly schema: JsonSchema;
  readonly t: Words;
}

interface Explained {
  readonly path: Path;
  readonly message: string;
  readonly hint?: string | undefined;
  /** Where an unknown field would be right. */
  readonly meant?: Path;
  /** What would mend it, the likeliest first. */
  readonly fixes?: readonly ProblemFix[];
}

/**
 * Turns the validator's issues into problems that say what is wrong, what was found and what would be right.
 *
 * @param value the experiment as it was given
 * @param schema the JSON schema of experiments, for the known names and what they are
 * @param t the language in which they are told
 */
export function explainIssues(
  issues: readonly Issue[],
  value: unknown,
  schema: JsonSchema,
  t: Words = english,
): readonly ExperimentProblem[] {
  const explained = nearestLimits(issues).flatMap((issue) => explain(issue, [], { value, schema, t }));
  // `modle` that was meant to be `model` is one problem, not an unknown field and a missing one.
  const meant = new Set(explained.flatMap((problem) => (problem.meant ? [writtenPath(problem.meant)] : [])));
  return explained
    .filter(({ path }) => valueAt(value, path) !== undefined || !meant.has(writtenPath(path)))
    .map(({ path, message, hint, fixes = [] }) => ({
      where: writtenPath(path),
      message,
      ...(hint === undefined ? {} : { hint }),
      path,
      fixes,
    }));
}

/** A number may be beyond what any may be and beyond what the field takes: the nearer limit, which is found last, says both. */
function nearestLimits(issues: readonly Issue[]): readonly Issue[] {
  const limitOf = ({ code, path }: Issue): string | undefined =>
    code === 'too_big' || code === 'too_small' ? JSON.stringify([code, path.map(String)]) : undefined;
  return issues.filter((issue, index) => {
    const limit = limitOf(issue);
    return limit === undefined || !issues.slice(index + 1).some((other) => limitOf(other) === limit);
  });
}

function explain(issue: Issue, outer: Path, given: Given): readonly Explained[] {
  const path = [...outer, ...issue.path];
  const found = valueAt(given.value, path);
  const nodes = schemaAt(given.schema, given.value, path);
  const alternatives = nodes.flatMap((node) => alternativesOf(node, found));
  const { t } = given;
  const description = nodes.find((node) => node.description !== undefined)?.description;
  const hint = description === undefined ? undefined : t(description);
  const limited = (limit: string): Explained => ({ path, hint, message: t('{0} (found {1})', limit, shown(found, t)) });

  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownField([...path, key], fieldsBeside(issue.keys, alternatives, found), t));
    case 'invalid_value':
      return [{ path, hint, ...wrongName({ path, found, alternatives }, issue.values, t) }];
    case 'invalid_union': {
      const names = discriminatorNames(issue);
      if (names) return [{ path, hint, ...wrongName({ path, found, alternatives }, names, t) }];
      const meant = closestAlternative(issue.errors, found, alternatives);
      return meant
        ? nearestLimits(meant).flatMap((inner) => explain(inner, path, given))
        : [{ path, hint, ...wrongKind({ found, alternatives }, t) }];
    }
    case 'invalid_type':
      return [{ path, hint, ...wrongKind({ found, alternatives }, t) }];
    case 'too_small':
    case 'too_big': {
      const both = bothLimits(issue, alternatives, t);
      if (both !== undefined) return [limited(both)];
      if (issue.code === 'too_big') return [limited(upperLimit(issue, t))];
      const isWhole = alternatives.some((node) => node.type === 'integer');
      return [limited(lowerLimit(issue, isWhole, t))];
    }
    case 'invalid_format':
    case 'not_multiple_of':
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return [limited(issue.message)];
  }
}

function unknownField(path: Path, known: readonly string[], t: Words): Explained {
  const suggestion = nearest(String(path.at(-1)), known);
  const hint = known.length === 0 ? undefined : t('Known fields here: {0}.', known.join(', '));
  if (suggestion === undefined) return { path, hint, message: t('is not a known field'), fixes: [{ kind: 'remove' }] };
  return {
    path,
    hint,
    meant: [...path.slice(0, -1), suggestion],
    message: t("is not a known field; did you mean '{0}'?", suggestion),
    fixes: [{ kind: 'rename', to: suggestion, isLikely: true }, { kind: 'remove' }],
  };
}

/** What was found at a path, and what may stand there. */
interface Wrong {
  readonly path: Path;
  readonly found: unknown;
  readonly alternatives: readonly JsonSchema[];
}

function wrongName(
  { path, found, alternatives }: Wrong,
  values: readonly unknown[],
  t: Words,
): Pick<Explained, 'message' | 'hint' | 'fixes'> {
  const names = values.map(String);
  // Beside names, a field may take numbers, lists and what else.
  const others = alternatives.filter((node) => node.type !== 'string' && node.type !== 'object');
  const allowed = namesOrKinds(values, others, t);
  const fixes = corrections(found, values, alternatives);
  if (found === undefined) return { message: t('is missing; it must be {0}', allowed), fixes };
  const suggestion = typeof found === 'string' ? nearest(found, names) : undefined;
  if (typeof found !== 'string' || (suggestion === undefined && others.length > 0)) {
    return { message: t('must be {0} (found {1})', allowed, shown(found, t)), fixes };
  }
  const noun = withArticle(path.findLast((key) => typeof key === 'string') ?? 'value', t);
  const name = shortened(found);
  const message =
    suggestion === undefined
      ? t("'{0}' is not {1}", name, noun)
      : t("'{0}' is not {1}; did you mean '{2}'?", name, noun, suggestion);
  return { message, hint: t('Must be {0}.', allowed), fixes };
}

function wrongKind(
  { found, alternatives }: Omit<Wrong, 'path'>,
  t: Words,
): Pick<Explained, 'message' | 'fixes'> & { readonly hint?: string } {
  const allowed = allowedKinds(alternatives, t);
  const fixes = corrections(found, [], alternatives);
  if (found === undefined) return { message: t('is missing; it must be {0}', allowed), fixes };
  const wrapped = fixes.find((fix) => fix.kind === 'replace' && typeof fix.value === 'object');
  return {
    message: t('must be {0} (found {1})', allowed, shown(found, t)),
    fixes,
    ...(wrapped?.kind === 'replace' && { hint: t('Write {0}.', JSON.stringify(wrapped.value)) }),
  };
}

/** The names that a discriminating field may have, when the field of an object is what is wrong. */
function discriminatorNames(issue: z.core.$ZodIssueInvalidUnion): readonly string[] | undefined {
  return 'options' in issue && Array.isArray(issue.options) ? issue.options.map(String) : undefined;
}

/**
 * The issues of the alternative that the person most likely meant, or undefined when the value is of a type that no
 * alternative takes.
 */
function closestAlternative(
  branches: readonly (readonly Issue[])[],
  found: unknown,
  alternatives: readonly JsonSchema[],
): readonly Issue[] | undefined {
  let closest: { readonly branch: readonly Issue[]; readonly cost: number } | undefined;
  for (const branch of branches) {
    if (branch.some((issue) => isOtherType(issue, found))) continue;
    const cost = branch.reduce((sum, issue) => sum + costOf(issue, found, alternatives), 0);
    if (!closest || cost < closest.cost) closest = { branch, cost };
  }
  return closest?.branch;
}

function isOtherType(issue: Issue, found: unknown): boolean {
  if (issue.path.length > 0) return false;
  return issue.code === 'invalid_type' || (issue.code === 'invalid_value' && typeof found !== 'string');
}

/** An absent discriminator says that another alternative was meant, unless the fields beside it are those of this one. */
function costOf(issue: Issue, found: unknown, alternatives: readonly JsonSchema[]): number {
  if (issue.code === 'unrecognized_keys') return issue.keys.length;
  if (issue.code !== 'invalid_union' || valueAt(found, issue.path) !== undefined) return 1;
  const tag = String(issue.path.at(-1));
  const known = alternatives.flatMap(({ properties = {} }) => (tag in properties ? Object.keys(properties) : []));
  const given = Object.keys(found ?? {});
  return given.length > 0 && given.every((key) => known.includes(key)) ? 1.5 : 10;
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
