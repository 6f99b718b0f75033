// Assembles the programs in WebAssembly's text form and writes each beside its source, as text that can be imported: npm run generate:programs
import { readFileSync, writeFileSync } from 'node:fs';
import loadWabt from 'wabt';

const programs = [
  ['../src/data/formats/images/resizing/', 'resize'],
  ['../src/estimators/boosting/', 'histogram'],
];
const wabt = await loadWabt();
for (const [path, name] of programs) {
  const folder = new URL(path, import.meta.url);
  const source = wabt.parseWat(`${name}.wat`, readFileSync(new URL(`${name}.wat`, folder), 'utf8'), { simd: true });
  source.validate();
  const program = Buffer.from(source.toBinary({}).buffer).toString('base64');
  const lines = program.match(/.{1,110}/g).map((line) => `  '${line}'`);
  writeFileSync(
    new URL(`${name}Program.ts`, folder),
    `// Made of ${name}.wat by \`npm run generate:programs\`.\n/** The program in base64. */\nexport const ${name}Program =\n${lines.join(' +\n')};\n`,
  );
}
