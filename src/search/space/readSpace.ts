import { BadInputError, type Problem } from '../../errors.ts';
import { alternativesOf, experimentJsonSchema, schemaAt, type JsonSchema } from '../../experiment/jsonSchema.ts';
import { valueAt } from '../../experiment/valueAt.ts';
import type { SearchOptions, SearchParameter } from '../../experiment/schema/search.ts';
import { joined, nearest } from '../../experiment/suggest.ts';
import { omit } from '../omit.ts';
import { isLength, LENGTH, parseFieldPath, withValueAt, type FieldPath } from './fieldPath.ts';
import { isSearched, valueOf, type Condition, type Parameter, type Point, type Space } from './parameter.ts';

/** Parts of an experiment that no trial may change. */
const FIXED: ReadonlySet<string | number> = new Set(['search', '$schema', 'name']);

/**
 * The space of a search, each parameter after those that decide whether it is searched.
 *
 * @param experiment the file's contents, which the fields have to be of
 * @throws BadInputError with every problem
 */
export function readSpace({ space }: Pick<SearchOptions, 'space'>, experiment: unknown): Space {
  const context = { space, experiment, schema: experimentJsonSchema() };
  const fields = Object.entries(space).map(([name, given]) => ({ name, given, path: parseFieldPath(name) }));
  if (fields.length === 0) {
    const hint = 'Name at least one, such as "training.learningRate".';
    throw new BadInputError([{ where: 'search.space', message: 'names no field', hint }]);
  }
  const problems = fields.flatMap(({ name, given, path }) => {
    const where = `search.space["${name}"]`;
    if (!path) return [{ where, ...notAPath }];
    const problem = problemOfPath(path, experiment, context.schema);
    const found = problem
      ? [problem]
      : [...problemsOf(given, Object.keys(space), name), ...endsBeyond(given, path, context)];
    return found.map((each) => ({ where, ...each }));
  });
  if (problems.length > 0) throw new BadInputError(problems);
  return inOrder(fields.flatMap(({ name, given, path }) => (path ? [parameterOf(name, path, given, context)] : [])));
}

const notAPath = {
  message: 'is not the path of a field',
  hint: 'Write it as in "student.hidden[0]" or "training.learningRate".',
};

/** The experiment at a point of its space, without its search. */
export function experimentAt(experiment: unknown, space: Space, point: Point): Record<string, unknown> {
  // What is inside another searched field is put in after it, and elements after the length of their list.
  const rank = ({ path }: Parameter): number => 2 * path.length - (isLength(path) ? 1 : 0);
  const filled = space
    .filter((parameter) => isSearched(parameter, space, point))
    .toSorted((one, other) => rank(one) - rank(other))
    .reduce(
      (made, parameter) => withValueAt(made, parameter.path, valueOf(parameter, point[parameter.name] ?? NaN)),
      experiment,
    );
  return omit(filled as Record<string, unknown>, 'search');
}

function problemOfPath(path: FieldPath, experiment: unknown, schema: JsonSchema): Omit<Problem, 'where'> | undefined {
  if (path[0] !== undefined && FIXED.has(path[0])) return { message: `'${path[0]}' cannot be searched` };
  const field = isLength(path) ? path.slice(0, -1) : path;
  if (schemaAt(schema, experiment, field).length > 0) return undefined;
  // What a whole object is replaced by may have other fields.
  const inner = [...field];
  while (inner.length > 1 && schemaAt(schema, experiment, inner).length === 0) inner.pop();
  const known = [
    ...new Set(
      schemaAt(schema, experiment, inner).flatMap((node) =>
        alternativesOf(node, valueAt(experiment, inner)).flatMap(({ properties = {} }) => Object.keys(properties)),
      ),
    ),
  ];
  const next = String(field[inner.length] ?? field[0]);
  const meant = nearest(next, known);
  return {
    message: `'${next}' is not a field there${meant === undefined ? '' : `; did you mean '${meant}'?`}`,
    ...(known.length > 0 && { hint: `Fields: ${joined(known, 'and')}.` }),
  };
}

function problemsOf(given: SearchParameter, names: readonly string[], own: string): readonly Omit<Problem, 'where'>[] {
  if (Array.isArray(given)) return [];
  const problems: Omit<Problem, 'where'>[] = [];
  if (!('choices' in given)) {
    const [low, high] = 'log' in given ? given.log : given.range;
    if (low >= high) problems.push({ message: `ends at ${high}, which is not above its beginning ${low}` });
    if ('log' in given && low <= 0) problems.push({ message: `begins at ${low}; a logarithmic one begins above 0` });
    if ('step' in given && given.step !== undefined && given.step > high - low) {
      problems.push({ message: `has a step of ${given.step}, which is longer than from ${low} to ${high}` });
    }
  }
  for (const name of Object.keys(given.when ?? {})) {
    if (name === own) problems.push({ message: 'depends on itself' });
    else if (!names.includes(name)) {
      problems.push({
        message: `depends on '${name}', which is not in the space`,
        hint: `Fields of the space: ${joined(names, 'and')}.`,
      });
    }
  }
  return problems;
}

/** What is wrong with the ends of an interval for a field that takes only some numbers, or a list of only so many elements. */
function endsBeyond(given: SearchParameter, path: FieldPath, context: Context): readonly Omit<Problem, 'where'>[] {
  if (Array.isArray(given) || 'choices' in given) return [];
  const [low, high] = 'log' in given ? given.log : given.range;
  const { least, most } = limitsOf(path, context);
  const problems: Omit<Problem, 'where'>[] = [];
  if (low < least) problems.push({ message: `begins at ${low}, and the field takes no less than ${least}` });
  if (high > most) problems.push({ message: `ends at ${high}, and the field takes no more than ${most}` });
  if (low < high && takesWholeNumbers(path, context) && Math.ceil(low) > Math.floor(high)) {
    problems.push({ message: 'holds no whole number, and the field takes no others' });
  }
  return problems;
}

/** Least and most number that a field takes, or elements that a list may have, as far as the schema tells. */
function limitsOf(path: FieldPath, { experiment, schema }: Context): { readonly least: number; readonly most: number } {
  const isOfList = isLength(path);
  const nodes = schemaAt(schema, experiment, isOfList ? path.slice(0, -1) : path)
    .flatMap((node) => alternativesOf(node, undefined))
    .filter(({ type }) => (isOfList ? type === 'array' : type === 'number' || type === 'integer'));
  if (nodes.length === 0) return { least: -Infinity, most: Infinity };
  const least = ({ minItems, minimum, exclusiveMinimum }: JsonSchema) =>
    isOfList ? minItems : (minimum ?? exclusiveMinimum);
  const most = ({ maxItems, maximum, exclusiveMaximum }: JsonSchema) =>
    isOfList ? maxItems : (maximum ?? exclusiveMaximum);
  return {
    least: Math.min(...nodes.map((node) => Number(least(node) ?? -Infinity))),
    most: Math.max(...nodes.map((node) => Number(most(node) ?? Infinity))),
  };
}

interface Context extends Pick<SearchOptions, 'space'> {
  readonly experiment: unknown;
  readonly schema: JsonSchema;
}

function parameterOf(name: string, path: FieldPath, given: SearchParameter, context: Context): Parameter {
  const when = Array.isArray(given) ? {} : (given.when ?? {});
  const written = Object.entries(when).map(([other, values]) => ({
    name: other,
    values: new Set((Array.isArray(values) ? values : [values]).map((value) => JSON.stringify(value))),
  }));
  const conditions = [...written, ...conditionsOfIndices(path, context.space)];
  if (Array.isArray(given)) return { kind: 'choice', name, path, conditions, choices: given };
  if ('choices' in given) return { kind: 'choice', name, path, conditions, choices: given.choices };
  const isWhole = takesWholeNumbers(path, context);
  const [low, high] = 'log' in given ? given.log : given.range;
  const step = 'step' in given && given.step !== undefined ? given.step : isWhole ? 1 : undefined;
  const [first, last] = isWhole ? [Math.ceil(low), Math.floor(high)] : [low, high];
  return { kind: 'number', name, path, conditions, low: first, high: last, isLog: 'log' in given, step };
}

/** Elements of a list whose length is searched are searched only where there are so many. */
function conditionsOfIndices(path: FieldPath, space: Context['space']): readonly Condition[] {
  return path.flatMap((part, depth) => {
    if (typeof part !== 'number') return [];
    const name = `${written(path.slice(0, depth))}.${LENGTH}`;
    const given = space[name];
    if (given === undefined) return [];
    const lengths = Array.isArray(given)
      ? given
      : 'choices' in given
        ? given.choices
        : wholeFrom('log' in given ? given.log : given.range);
    return [
      {
        name,
        values: new Set(lengths.filter((length) => Number(length) > part).map((length) => JSON.stringify(length))),
      },
    ];
  });
}

function wholeFrom([low, high]: readonly [number, number]): readonly number[] {
  return Array.from(
    { length: Math.max(0, Math.floor(high) - Math.ceil(low) + 1) },
    (_, index) => Math.ceil(low) + index,
  );
}

function written(path: FieldPath): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`),
    '',
  );
}

/** Whether a field takes whole numbers only, as far as the schema tells; a list has a whole number of elements. */
function takesWholeNumbers(path: FieldPath, { experiment, schema }: Context): boolean {
  if (isLength(path)) return true;
  const kinds = schemaAt(schema, experiment, path)
    .flatMap((node) => alternativesOf(node, undefined))
    .map(({ type }) => type);
  return kinds.includes('integer') && !kinds.includes('number');
}

/** Parameters after those that they depend on; a circle of conditions is never met, and told. */
function inOrder(parameters: readonly Parameter[]): Space {
  const ordered: Parameter[] = [];
  let left = parameters;
  while (left.length > 0) {
    const isReady = ({ conditions }: Parameter): boolean =>
      conditions.every(({ name }) => !left.some((other) => other.name === name));
    const ready = left.filter(isReady);
    if (ready.length === 0) {
      throw new BadInputError(
        left.map(({ name }) => ({
          where: `search.space["${name}"].when`,
          message: 'depends on fields that depend on it',
        })),
      );
    }
    ordered.push(...ready);
    left = left.filter((parameter) => !ready.includes(parameter));
  }
  return ordered;
}
