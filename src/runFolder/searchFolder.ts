import { join } from 'node:path';

/** Files of a search's folder, beside the trials' run folders. */
export const searchFiles = {
  experiment: 'experiment.json',
  result: 'search.json',
  page: 'search.html',
  optuna: 'optuna.log',
  /** What was decided and done, with which the search goes on. */
  journal: 'journal.jsonl',
  teacher: 'teacher',
  cache: 'cache',
} as const;

/** Where the searches of a workspace folder are, unless a person names another place. */
export function searchesDirectory(workspaceFolder: string): string {
  return join(workspaceFolder, '.distillery', 'searches');
}

/** The folder of a trial, from that of its search on. */
export function trialFolder(trial: number): string {
  return `trials/${String(trial).padStart(4, '0')}`;
}
