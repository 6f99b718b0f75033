import { isUtf8 } from 'node:buffer';
import { basename } from 'node:path';
import { z } from 'zod';
import { BadInputError, messageOf, type Problem } from '../../errors.ts';
import { pathProblem, refuseIfAny, shortList } from '../problems.ts';
import { LINE_FEED } from './dialect.ts';
import { readPieces } from './fileBytes.ts';

/** A line of a JSONL file. */
export interface JsonRecord {
  /** From 1. */
  readonly line: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

const record = z.record(z.string(), z.unknown());

/**
 * Reads a file with a JSON object in every line; empty lines do not count.
 *
 * @throws BadInputError naming every line that is no JSON object
 */
export async function readJsonLines(path: string, signal?: AbortSignal): Promise<readonly JsonRecord[]> {
  const name = basename(path);
  const records: JsonRecord[] = [];
  const problems: Problem[] = [];
  let line = 0;
  const readLine = (bytes: Buffer): void => {
    line++;
    if (!isUtf8(bytes)) {
      problems.push(pathProblem(`Line ${line} of ${name} is not UTF-8.`, 'JSON is written in UTF-8.'));
      return;
    }
    const text = bytes.toString().trim();
    if (text === '') return;
    try {
      const parsed = record.safeParse(JSON.parse(text));
      if (parsed.success) records.push({ line, fields: parsed.data });
      else
        problems.push(
          pathProblem(`Line ${line} of ${name} is no object.`, 'Every line is an object of column names and values.'),
        );
    } catch (error) {
      problems.push(
        pathProblem(`Line ${line} of ${name} is no JSON: ${messageOf(error)}.`, 'Every line is an object of its own.'),
      );
    }
  };
  await readPieces(
    path,
    name,
    (bytes, last) => {
      let start = 0;
      for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
        readLine(bytes.subarray(start, end));
        start = end + 1;
      }
      if (last && start < bytes.length) {
        readLine(bytes.subarray(start));
        start = bytes.length;
      }
      return start;
    },
    { signal },
  );
  refuseIfAny(shortList(problems, 'lines'));
  if (records.length === 0)
    throw new BadInputError([pathProblem(`${name} is empty.`, 'A line is needed for every sample.')]);
  return records;
}
