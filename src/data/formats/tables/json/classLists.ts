import { areOpposites } from '../../oppositeNames.ts';
import { targetRank } from '../targets/usualTargets.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/** Rows with the class that each is listed under, and what was understood. */
export interface ListedByClass {
  readonly rows: readonly JsonObject[];
  readonly note: string;
}

/** What fields are called that hold columns of a table and are no classes. */
const COLUMN =
  /^(?:id|ids|index|text|texts|sentence|sentences|question|questions|answer|answers|query|queries|input|inputs|output|outputs|source|target|prompt|prompts|response|responses|title|titles|name|names|data|labels?|columns|features|train|val|valid|validation|dev|test|[a-z]{2})$/i;

/**
 * The samples of an object that lists them by class, as `{"good": ["…", …], "bad": ["…", …]}`: texts, rows of as many numbers, or objects of the same
 * fields, none of which is called like a target.
 *
 * @returns undefined for anything else, such as columns, which are all as long
 */
export function listedByClass(value: JsonObject): ListedByClass | undefined {
  const lists = Object.entries(value).filter((entry): entry is [string, readonly unknown[]] => Array.isArray(entry[1]));
  if (lists.length < 2 || lists.length < Object.keys(value).length || lists.some(([, list]) => list.length < 2))
    return undefined;
  const names = lists.map(([name]) => name);
  if (!areOpposites(names)) {
    if (names.some((name) => COLUMN.test(name))) return undefined;
    const isEven = new Set(lists.map(([, list]) => list.length)).size === 1;
    if (isEven && !lists.every(([, list]) => list.every((each) => typeof each === 'object'))) return undefined;
  }
  const samples = lists.flatMap(([label, list]) => list.map((each) => ({ label, each })));
  const rows = textRows(samples) ?? numberRows(samples) ?? objectRows(samples);
  return (
    rows && {
      rows,
      note: `lists samples by class: ${names.slice(0, 8).join(', ')}.`,
    }
  );
}

interface Sample {
  readonly label: string;
  readonly each: unknown;
}

function textRows(samples: readonly Sample[]): readonly JsonObject[] | undefined {
  if (!samples.every(({ each }) => typeof each === 'string')) return undefined;
  return samples.map(({ label, each }) => ({ text: each, label }));
}

function numberRows(samples: readonly Sample[]): readonly JsonObject[] | undefined {
  const isRow = (each: unknown): each is readonly number[] =>
    Array.isArray(each) && each.length > 1 && each.every((value) => typeof value === 'number');
  const [first] = samples;
  const width = isRow(first?.each) ? first.each.length : 0;
  if (width === 0 || !samples.every(({ each }) => isRow(each) && each.length === width)) return undefined;
  return samples.map(({ label, each }) => ({ x: each, label }));
}

function objectRows(samples: readonly Sample[]): readonly JsonObject[] | undefined {
  const isObject = (each: unknown): each is JsonObject =>
    typeof each === 'object' && each !== null && !Array.isArray(each);
  const fieldsOf = (each: unknown): string => (isObject(each) ? Object.keys(each).sort().join('\n') : '');
  const [first] = samples;
  const fields = fieldsOf(first?.each);
  if (fields === '' || fields.split('\n').some((name) => targetRank(name) !== undefined)) return undefined;
  if (!samples.every(({ each }) => fieldsOf(each) === fields)) return undefined;
  return samples.map(({ label, each }) => ({ ...(isObject(each) ? each : {}), label }));
}
