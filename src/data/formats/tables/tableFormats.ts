import { join } from 'node:path';
import type { Location } from '../../source.ts';
import { arrowReader, ARROW_ENDING } from './arrow/arrowFormat.ts';
import { parquetSplits, readParquet, PARQUET_ENDING } from './parquet/parquetFormat.ts';
import { isOtherTable, otherTableAt } from './otherTables.ts';
import { readDelimited } from './reading/readDelimited.ts';
import { readerOf, splitsOfParts, TABLE_ENDING, textTableEnding } from './textTableFormat.ts';
import { partsOfSplits, splitFiles } from './reading/tableFiles.ts';
import { tfRecordReader, TF_RECORD_ENDING } from './tfRecord/tfRecordFiles.ts';
import type { ReadingContext, TableReader } from './reading/tableReader.ts';

/** Whether a file of this name is a table. */
export function isTableName(name: string): boolean {
  return (
    isOtherTable(name) ||
    [PARQUET_ENDING, ARROW_ENDING, TABLE_ENDING, TF_RECORD_ENDING, /\.(?:json|data|dat)$/i].some((ending) =>
      ending.test(name),
    )
  );
}

/**
 * How the table at a location is read, whatever it is for: the file that was named, or the one in a folder that would be trained on.
 * Undefined where there is none.
 *
 * @throws BadInputError when it is not clear which file is meant
 */
export async function tableAt(location: Location, context: ReadingContext): Promise<TableReader | undefined> {
  const { signal } = context;
  const { folder, file, files } = location;
  const has = (ending: RegExp): boolean => (file === undefined ? files : [file]).some((name) => ending.test(name));
  if (has(PARQUET_ENDING)) {
    const { training } = parquetSplits(location);
    return (storage) => readParquet(training, storage, signal);
  }
  if (has(ARROW_ENDING)) return arrowReader(location, signal);
  if (has(TF_RECORD_ENDING)) return tfRecordReader(location, signal);
  const ending = file === undefined ? textTableEnding(location) : /\.(?:csv|tsv|tab|jsonl|ndjson|json|data|dat)$/i;
  const parts = partsOfSplits(location, ending);
  if (parts) {
    const { training } = splitsOfParts(folder, parts);
    return (storage) => readDelimited(training, { storage, signal, encoding: context.encoding });
  }
  if (has(ending)) return readerOf(join(folder, splitFiles(location, ending).training), undefined, context);
  return otherTableAt(location, signal);
}
