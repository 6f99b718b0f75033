// Opens every .onnx file below a folder as the viewer does, and counts: npm run models -- FOLDER
//   git clone --depth 1 https://github.com/onnx/onnx /tmp/onnx && npm run models -- /tmp/onnx
// Refusals of files that are no models are named; anything thrown is a crash, and the script fails.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ModelReader } from '../src/modelView/modelReader.ts';

const folder = process.argv[2] ?? '.';
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.onnx'))
  .sort();
const counts = { opened: 0, understood: 0, refused: 0, crashed: 0 };
let slowest = { milliseconds: 0, file: '' };
for (const file of files) {
  const path = join(folder, file);
  if (!statSync(path).isFile()) continue;
  const begin = performance.now();
  try {
    const reader = new ModelReader();
    const described = await reader.answer({ kind: 'describe', path });
    const drawn = described.kind === 'description' ? await reader.answer({ kind: 'draw', path, scope: '' }) : described;
    if (drawn.kind === 'refused') {
      counts.refused += 1;
      console.log(`refused ${file}: ${drawn.message}`);
    } else {
      counts.opened += 1;
      if (described.kind === 'description' && described.description.problem === null) counts.understood += 1;
    }
  } catch (error) {
    counts.crashed += 1;
    console.log(`CRASHED ${file}:`, error);
  }
  const milliseconds = performance.now() - begin;
  if (milliseconds > slowest.milliseconds) slowest = { milliseconds, file };
}
console.log(
  `${files.length} files: ${JSON.stringify(counts)}; slowest ${Math.round(slowest.milliseconds)} ms (${slowest.file})`,
);
process.exitCode = counts.crashed > 0 ? 1 : 0;
