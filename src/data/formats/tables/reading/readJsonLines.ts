import { isUtf8 } from 'node:buffer';
import { basename } from 'node:path';
import * as z from 'zod';
import { BadInputError, messageOf, type Problem } from '../../../../errors.ts';
import { pathProblem, refuseIfAny, shortList } from '../../../findings/problems.ts';
import { readLines } from './readLines.ts';

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
  const records: JsonRecord[] = [];
  await eachJsonLine(path, (each) => records.push(each), signal);
  return records;
}

/**
 * Gives the object in every line, one after the other; empty lines do not count.
 *
 * @throws BadInputError naming every line that is no JSON object
 */
export async function eachJsonLine(
  path: string,
  take: (each: JsonRecord) => void,
  signal?: AbortSignal,
): Promise<void> {
  const name = basename(path);
  let found = 0;
  const problems: Problem[] = [];
  const readLine = (bytes: Buffer, line: number): void => {
    if (!isUtf8(bytes)) {
      problems.push(pathProblem(`Line ${line} of ${name} is not UTF-8.`, 'JSON is written in UTF-8.'));
      return;
    }
    const text = bytes.toString().trim();
    if (text === '') return;
    try {
      const parsed = record.safeParse(JSON.parse(text));
      if (parsed.success) {
        found++;
        take({ line, fields: parsed.data });
      } else
        problems.push(
          pathProblem(`Line ${line} of ${name} is no object.`, 'Every line is an object of column names and values.'),
        );
    } catch (error) {
      if (error instanceof BadInputError) throw error;
      problems.push(
        pathProblem(`Line ${line} of ${name} is no JSON: ${messageOf(error)}.`, 'Every line is an object of its own.'),
      );
    }
  };
  await readLines(path, name, readLine, signal);
  refuseIfAny(shortList(problems, 'lines'));
  if (found === 0) throw new BadInputError([pathProblem(`${name} is empty.`, 'A line is needed for every sample.')]);
}
