import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repositoryRoot = fileURLToPath(new URL('../../../', import.meta.url));

/** What is fetched once and kept between runs. Ignored by git. */
export const cacheFolder = join(repositoryRoot, '.cache');

/** Everything that the tests write: bundles, results, screenshots, the servers' user data. Ignored by git. */
export const outputFolder = join(repositoryRoot, 'test', 'e2e', 'output');
