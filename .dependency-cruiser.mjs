// Which file may import which: no circle, one way between rooms (rooms.mjs), types included.
import { filesForTheHost, rooms } from './rooms.mjs';

const native = '^(onnxruntime-node|sharp|@julusian/|@tensorflow/)';

/** @type {import('dependency-cruiser').IForbiddenRuleType[]} */
const arrows = Object.entries(rooms).map(([room, { imports }]) => ({
  name: `${room}-imports`,
  comment: `src/${room}/ may import only: ${imports.join(', ') || 'itself'}. See rooms.mjs.`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: { path: '^(src/[^/]+/|webview/)', pathNot: `^src/(${[room, ...imports].join('|')})/` },
}));

const hostFiles = Object.entries(filesForTheHost)
  .map(([room, files]) => `^src/${room}/(${files.join('|')})\\.ts$`)
  .join('|');

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphan',
      comment: 'A file that nothing imports and that is no program is dead.',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: ['\\.d\\.ts$', '^src/[^/]+/[^/]+\\.mjs$', '^src/platform/threadFromSource\\.mjs$'],
      },
      to: {},
    },
    ...arrows,
    {
      name: 'host-knows-no-engine',
      comment: 'The extension knows the experiment file and the run folder, never the engine.',
      severity: 'error',
      from: { path: '^src/(extension|launching)/' },
      to: { path: `^src/(${Object.keys(filesForTheHost).join('|')})/`, pathNot: hostFiles },
    },
    {
      name: 'native-only-in-the-child',
      severity: 'error',
      from: { path: '^src/(extension|launching)/' },
      to: { path: native },
    },
    {
      name: 'vscode-only-in-the-extension',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/extension/' },
      to: { path: '^vscode$' },
    },
    {
      name: 'webview-knows-messages-and-the-report',
      severity: 'error',
      from: { path: '^webview/' },
      to: { path: '^src/', pathNot: '^src/(protocol|report)/|^src/errors\\.ts$' },
    },
    {
      name: 'no-room-without-a-row',
      comment: 'Every folder under src/ has a row in rooms.mjs.',
      severity: 'error',
      from: {},
      to: { path: '^src/[^/]+/', pathNot: `^src/(${Object.keys(rooms).join('|')})/` },
    },
    {
      name: 'no-loose-file',
      comment: 'Nothing lies loose under src/ but errors.ts.',
      severity: 'error',
      from: {},
      to: { path: '^src/[^/]+$', pathNot: '^src/errors\\.ts$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.mjs', '.js', '.d.ts'] },
  },
};
