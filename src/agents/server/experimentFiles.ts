import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders in which nobody keeps experiments. */
const PASSED_OVER: ReadonlySet<string> = new Set(['node_modules', '__pycache__', 'venv']);
const MOST_FILES = 200;
const MOST_DEPTH = 6;

/** The experiment files below a folder, by their path from it; links and hidden folders are passed over. */
export async function experimentFiles(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  const visit = async (below: string, depth: number): Promise<void> => {
    const entries = await readdir(join(folder, below), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (found.length >= MOST_FILES) return;
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isFile() && entry.name.endsWith('.distill.json')) found.push(path);
      const isSearched = entry.isDirectory() && !entry.name.startsWith('.') && !PASSED_OVER.has(entry.name);
      if (isSearched && depth < MOST_DEPTH) await visit(path, depth + 1);
    }
  };
  await visit('', 0);
  return found;
}
