/** A folder of a table that is divided by what a column says, as Spark, DuckDB and pyarrow write them: `city=Berlin`. */
const PARTITION = /^([^=/]+)=([^=/]*)$/;
/** What stands there for a missing value. */
const MISSING = '__HIVE_DEFAULT_PARTITION__';

/** Whether a folder is called like a column and its value. */
export function isPartition(folder: string): boolean {
  return PARTITION.test(folder);
}

/** The columns that the folders of a file say, numbers as such. */
export function partitionOf(path: string): Readonly<Record<string, string | number | null>> {
  const columns: Record<string, string | number | null> = {};
  for (const folder of path.split('/').slice(0, -1)) {
    const [, name, written] = PARTITION.exec(folder) ?? [];
    if (name === undefined || written === undefined) continue;
    const value = decoded(written);
    columns[decoded(name)] =
      value === MISSING || value === '' ? null : /^-?\d{1,15}(?:\.\d+)?$/.test(value) ? Number(value) : value;
  }
  return columns;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A percent sign that encodes nothing stands for itself.
    return text;
  }
}
