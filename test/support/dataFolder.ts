import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Dataset, DatasetOptions, OpenContext } from '../../src/data/dataset.ts';
import { openDataset } from '../../src/data/openDataset.ts';
import { datasetOptions, removeFolder, temporaryFolder } from './datasets.ts';

/** A folder whose files a test writes and opens as a dataset. */
export interface DataFolder {
  /** Its path, while a test runs. */
  readonly folder: string;
  /** Writes a file, and the folders that it is in. @returns the path, for `open` */
  readonly write: (path: string, content: string | Uint8Array) => string;
  /** Opens what lies at a path, by default everything. */
  readonly open: (path?: string, changes?: Partial<DatasetOptions>, context?: Partial<OpenContext>) => Promise<Dataset>;
}

/**
 * A folder that is there for each test of the suite that this is called in, or for all of them.
 * @param defaults options of the dataset where a test names no others
 */
export function dataFolder(per: 'test' | 'suite', defaults: Partial<DatasetOptions> = {}): DataFolder {
  let folder = '';
  (per === 'test' ? beforeEach : before)(() => {
    folder = temporaryFolder();
  });
  (per === 'test' ? afterEach : after)(() => {
    removeFolder(folder);
  });
  return {
    get folder() {
      return folder;
    },
    write: (path, content) => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
      return path;
    },
    open: (path = '.', changes = {}, context = {}) =>
      openDataset(datasetOptions(path, { ...defaults, ...changes }), { baseDirectory: folder, seed: 0, ...context }),
  };
}

/** What was found out about a dataset, a line each. */
export function toldOf({ findings }: Dataset): string {
  return findings.map(({ message }) => message).join('\n');
}

/** How many samples the training, the validation and the test split have. */
export function countsOf({ training, validation, test }: Dataset): readonly number[] {
  return [training.count, validation.count, test.count];
}
