import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders within folders that are looked into. */
const DEEPEST = 3;
const TABLE = /\.(?:parquet|arrow|feather|csv|tsv|jsonl|ndjson|json)$/i;
/** Files beside tables that are no data. */
const BESIDE =
  /\.(?:md|ya?ml|txt|py|lock|cff|pdf|ipynb|gitattributes)$|^(?:_SUCCESS|LICENSE|README)$|^(?:dataset_infos?|dataset_dict|state)\.json$/i;

/**
 * The tables in and below a folder by their paths from it, sorted; undefined where there is anything else but texts about them, as images
 * are, so that the folder is one of something else.
 */
export async function listTables(folder: string): Promise<readonly string[] | undefined> {
  const found: string[] = [];
  const look = async (path: string, depth: number): Promise<boolean> => {
    const entries = await readdir(join(folder, path), { withFileTypes: true }).catch(() => []);
    for (const { name } of entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.'))) {
      if (BESIDE.test(name)) continue;
      if (!TABLE.test(name)) return false;
      found.push(path === '' ? name : `${path}/${name}`);
    }
    for (const entry of entries.filter((each) => each.isDirectory() && !/^[._]/.test(each.name))) {
      if (depth === DEEPEST || !(await look(path === '' ? entry.name : `${path}/${entry.name}`, depth + 1)))
        return false;
    }
    return true;
  };
  return (await look('', 0)) ? found.sort() : undefined;
}
