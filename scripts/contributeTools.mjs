// Writes the agents' tools into package.json, from the one registry: `npm run generate:tools`.
import { readFileSync, writeFileSync } from 'node:fs';
import { contributedTools } from '../src/agents/contributedTools.ts';

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
manifest.contributes.languageModelTools = contributedTools();
writeFileSync('package.json', `${JSON.stringify(manifest, null, 2)}\n`);
