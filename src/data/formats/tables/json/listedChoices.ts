import type { JsonRecord } from '../reading/readJsonLines.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/** Records that are rows, and what was understood of them. */
export interface PlainRecords {
  readonly records: readonly JsonRecord[];
  readonly note: string;
}

/** How Label Studio names files that lie on its own disk. */
const LOCAL_FILE = '/data/local-files/?d=';
const UPLOADED = /^\/data\/upload\/\d+\//;

/**
 * Rows of tasks as Label Studio exports them as JSON, where people chose classes of whole samples, rated them or gave numbers: the data of a task are columns,
 * and so is each of its questions.
 *
 * @returns undefined where they are none, or mark parts of samples
 */
export function listedChoices(file: string, records: readonly JsonRecord[]): PlainRecords | undefined {
  const rows: JsonRecord[] = [];
  const questions = new Set<string>();
  for (const { line, fields } of records) {
    const annotations = fields['annotations'] ?? fields['completions'];
    if (!isObject(fields['data']) || !Array.isArray(annotations)) return undefined;
    const annotation = (annotations as readonly unknown[])
      .filter(isObject)
      .find((each) => each['was_cancelled'] !== true);
    const results: readonly unknown[] = Array.isArray(annotation?.['result']) ? annotation['result'] : [];
    const answers: Record<string, unknown> = {};
    for (const result of results.filter(isObject)) {
      const answer = answerOf(result);
      const question = result['from_name'];
      if (answer === undefined || typeof question !== 'string') return undefined;
      answers[question] = answer;
      questions.add(question);
    }
    const data = Object.entries(fields['data']).map(([name, value]) => [name, localFile(value)]);
    rows.push({ line, fields: { ...(Object.fromEntries(data) as JsonObject), ...answers } });
  }
  if (questions.size === 0) return undefined;
  const full = rows.map(({ line, fields }) => ({
    line,
    fields: { ...fields, ...Object.fromEntries([...questions].map((name) => [name, fields[name] ?? null])) },
  }));
  return {
    records: full,
    note: `${file} is an export of Label Studio: of each task the first annotation is read, and ${[...questions].join(', ')} says what was chosen.`,
  };
}

/** What was chosen; undefined where a part of the sample was marked. */
function answerOf({ type, value }: JsonObject): unknown {
  if (!isObject(value)) return undefined;
  if (type === 'choices' && isTexts(value['choices'])) return alone(value['choices']);
  if (type === 'rating' && typeof value['rating'] === 'number') return value['rating'];
  if (type === 'number' && typeof value['number'] === 'number') return value['number'];
  const paths = value['taxonomy'];
  if (type !== 'taxonomy' || !Array.isArray(paths) || !paths.every(isTexts)) return undefined;
  return alone(paths.map((path) => path.join('/')));
}

function alone(choices: readonly string[]): string | readonly string[] {
  const [only, second] = choices;
  return only !== undefined && second === undefined ? only : choices;
}

function localFile(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (UPLOADED.test(value)) return value.replace(UPLOADED, '');
  return value.startsWith(LOCAL_FILE) ? decodeURIComponent(value.slice(LOCAL_FILE.length)) : value;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'string');
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
