// Writes man/distillery.1, which npm installs, from the commands themselves: npm run generate:man.
import { readFileSync, writeFileSync } from 'node:fs';
import { commands } from '../src/cli/main.ts';
import { manPage } from '../src/cli/manPage.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
writeFileSync(new URL('../man/distillery.1', import.meta.url), manPage(commands, version));
