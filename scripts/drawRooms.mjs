// Draws the rooms of rooms.mjs into docs/architecture.md: the picture and the table. With --check it only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { rooms } from '../rooms.mjs';

const file = 'docs/architecture.md';
const begin = '<!-- rooms: drawn from rooms.mjs by `npm run docs` -->';
const end = '<!-- /rooms -->';

/** Whether `to` is reached from `from` by way of another room. */
function isImplied(from, to) {
  const reaches = (room, seen) =>
    rooms[room].imports.some((next) => next === to || (!seen.has(next) && reaches(next, seen.add(next))));
  return rooms[from].imports.some((other) => other !== to && reaches(other, new Set([other])));
}

const arrows = Object.entries(rooms).flatMap(([room, { imports }]) =>
  imports.filter((other) => !isImplied(room, other)).map((other) => `  ${room} --> ${other}`),
);
const rows = Object.entries(rooms).map(
  ([room, { what, imports }]) =>
    `| \`src/${room}/\` | ${what} | ${imports.map((other) => `\`${other}\``).join(', ') || '–'} |`,
);
const drawn = [
  begin,
  '',
  'An arrow says "imports"; one that follows from others is left out.',
  '',
  '```mermaid',
  'flowchart BT',
  ...arrows,
  '  webview --> protocol',
  '```',
  '',
  '| room | what is in it | may import |',
  '|---|---|---|',
  ...rows,
  '| `webview/` | the page of the panel | `protocol`, `report` |',
  '',
  end,
].join('\n');

const text = readFileSync(file, 'utf8');
const from = text.indexOf(begin);
const to = text.indexOf(end);
if (from < 0 || to < from) throw new Error(`${file} lacks the marks between which the rooms are drawn.`);
const next = text.slice(0, from) + drawn + text.slice(to + end.length);
if (process.argv.includes('--check')) {
  if (next !== text) {
    console.error(`${file} is not what rooms.mjs says. Run "npm run docs".`);
    process.exitCode = 1;
  }
} else writeFileSync(file, next);
