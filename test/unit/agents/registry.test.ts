import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { contributedTools } from '../../../src/agents/contributedTools.ts';
import { agentTools } from '../../../src/agents/tools.ts';
import { parseExperiment } from '../../../src/experiment/parseExperiment.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

describe("the agents' tools", () => {
  const manifest = JSON.parse(read('package.json')) as {
    readonly contributes: {
      readonly languageModelTools: unknown;
      readonly chatSkills: readonly { readonly path: string }[];
    };
  };
  const docs = read('docs/agents.md');
  // Those that start processes are tested with the protocol's client.
  const tests = read('test/unit/agents/tools/readingTools.test.ts') + read('test/integration/agents.test.ts');

  for (const { name, description } of agentTools) {
    it(`${name} has a name of verb and noun, a short description, a test and a row in the docs`, () => {
      assert.match(name, /^[a-z]+_[a-z]+$/);
      assert.ok(description.length <= 300, `${description.length} characters`);
      assert.ok(tests.includes(`'${name}'`), 'no test names it');
      assert.ok(docs.includes(`| \`${name}\` |`), 'no row of docs/agents.md names it');
    });
  }

  it('every file with a tool is in the registry', () => {
    const files = readdirSync(join(root, 'src/agents/tools')).map((name) => basename(name, '.ts'));
    const named = agentTools.map(({ name }) => name.replace(/_./, ([, letter = '']) => letter.toUpperCase()));
    assert.deepEqual(named.toSorted(), files.toSorted());
  });

  it('package.json contributes these and no others (npm run generate:tools)', () => {
    assert.deepEqual(manifest.contributes.languageModelTools, contributedTools());
  });

  it('come with a skill that names each of them, and whose experiment can be read', () => {
    const [skill, ...others] = manifest.contributes.chatSkills;
    assert.ok(skill && others.length === 0);
    assert.ok(existsSync(join(root, skill.path)));
    const text = read(skill.path);
    assert.equal(/^name: (.*)$/m.exec(text)?.[1], basename(dirname(skill.path)), 'editors want the name of its folder');
    assert.ok((/^description: (.*)$/m.exec(text)?.[1]?.length ?? Infinity) <= 1024);
    for (const { name } of agentTools) assert.ok(text.includes(`\`${name}\``), `${name} is not in it`);
    parseExperiment(JSON.parse(/```json\n([^`]*)```/.exec(text)?.[1] ?? ''));
  });
});
