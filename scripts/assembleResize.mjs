// Assembles src/data/formats/resizing/resize.wat and writes the program beside it, as text that can be imported.
import { readFileSync, writeFileSync } from 'node:fs';
import loadWabt from 'wabt';

const folder = new URL('../src/data/formats/images/resizing/', import.meta.url);
const wabt = await loadWabt();
const source = wabt.parseWat('resize.wat', readFileSync(new URL('resize.wat', folder), 'utf8'), { simd: true });
source.validate();
const program = Buffer.from(source.toBinary({}).buffer).toString('base64');
const lines = program.match(/.{1,110}/g).map((line) => `  '${line}'`);
writeFileSync(
  new URL('resizeProgram.ts', folder),
  `// Made of resize.wat by \`npm run generate:resize\`.\n/** The program in base64. */\nexport const resizeProgram =\n${lines.join(' +\n')};\n`,
);
