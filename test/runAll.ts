import { spawnSync } from 'node:child_process';

// The tests in VS Code run even where others failed: one run tells everything that is wrong.
const suites = [['node_modules/mocha/bin/mocha.js'], ['--import', 'tsx', 'test/e2e/run.ts']];
const failed = suites.filter((suite) => spawnSync(process.execPath, suite, { stdio: 'inherit' }).status !== 0);
process.exitCode = failed.length === 0 ? 0 : 1;
