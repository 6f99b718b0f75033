import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commands, main } from '../../../src/cli/main.ts';
import {
  commandOutputs,
  outputJsonSchema,
  outputNames,
  type OutputName,
} from '../../../src/cli/outputs/commandOutputs.ts';
import { fakeTerminal } from '../../support/fakeTerminal.ts';
import { withTemporaryFolder } from '../../support/programs.ts';
import { sampleReport } from '../../support/sampleReport.ts';

describe('what commands print with --json', () => {
  it('has a schema for every command that takes it, which `distillery schema` prints', async () => {
    for (const { name, options } of commands) {
      if (options.some((option) => option.name === 'json')) assert.ok(Object.hasOwn(commandOutputs, name), name);
    }
    for (const name of outputNames) {
      const terminal = fakeTerminal('.');
      assert.equal(await main(['schema', name], terminal), 0);
      assert.deepEqual(JSON.parse(terminal.out.text), JSON.parse(JSON.stringify(outputJsonSchema(name))));
      const formats = [...terminal.out.text.matchAll(/"format": "([^"]*)"/g)].map(([, format]) => format);
      // Validators that are strict refuse others, and with them the whole schema.
      assert.deepEqual(
        formats.filter((format) => !['date-time', 'uri'].includes(format ?? '')),
        [],
        name,
      );
    }
  });

  it('is as the schemas say', () =>
    withTemporaryFolder(async (folder) => {
      for (const run of ['run', 'other']) {
        await mkdir(join(folder, run));
        await writeFile(join(folder, run, 'report.json'), JSON.stringify(sampleReport));
        await writeFile(join(folder, run, 'experiment.json'), '{ "require": { "accuracy": 0.5 } }');
      }
      await writeFile(join(folder, 'bad.distill.json'), '{\n  "student": 3\n}');
      const said = async (name: OutputName, ...args: string[]): Promise<unknown> => {
        const terminal = fakeTerminal(folder);
        await main([...args, '--json'], terminal);
        return commandOutputs[name].parse(JSON.parse(terminal.out.text));
      };
      await said('report', 'report', 'run');
      await said('compare', 'compare', 'run', 'other');
      await said('queue', 'queue', 'list');
      await said('check', 'check', 'run');
      await said('cache', 'cache', 'list');
      const { problems } = (await said('problems', 'run', 'bad.distill.json')) as { problems: object[] };
      assert.ok(problems.some((problem) => 'line' in problem && problem.line === 2));
    }));
});
