// All that can be checked without running anything, side by side: types, lint, format, rooms, what is dead. Names choose some of them:
// `node scripts/check.mjs lint types`.
import { spawn } from 'node:child_process';

const bin = 'node_modules/.bin';
/** The compiler that is a native program; `typescript` is the one that others read sources with. */
const compiler = 'node_modules/typescript7/bin/tsc';
/** Each one's steps, one after the other. */
const checks = {
  types: [`node ${compiler} -p .`, `node ${compiler} -p webview`],
  rooms: [`${bin}/depcruise --config .dependency-cruiser.mjs src webview`, 'node scripts/drawRooms.mjs --check'],
  operators: ['node --import tsx scripts/writeOperators.mjs --check'],
  dead: [`${bin}/knip`],
  format: [`${bin}/oxfmt --check .`],
  lint: [`${bin}/oxlint -f stylish`],
};

/** @returns {Promise<{ status: number | null, output: string }>} */
function run(command) {
  return new Promise((resolve) => {
    const child = spawn(command, { shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (text) => (output += text));
    child.stderr.on('data', (text) => (output += text));
    child.on('close', (status) => resolve({ status, output }));
  });
}

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !(name in checks));
if (unknown.length > 0) {
  console.error(`There is no check ${unknown.join(', ')}. There are: ${Object.keys(checks).join(', ')}.`);
  process.exit(1);
}
const begun = Date.now();
await Promise.all(
  Object.entries(checks).map(async ([name, steps]) => {
    if (chosen.length > 0 && !chosen.includes(name)) return;
    for (const step of steps) {
      const { status, output } = await run(step);
      if (status === 0) continue;
      console.log(`✗ ${name}\n${output.trim()}`);
      process.exitCode = 1;
      return;
    }
    console.log(`✓ ${name} (${((Date.now() - begun) / 1000).toFixed(0)} s)`);
  }),
);
