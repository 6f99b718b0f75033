import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryRoot } from './paths.ts';

/** A language other than English that the workbench can be shown in. */
export type Language = 'zh-cn';

/**
 * Notes in a server's user data that a language pack is there, as VS Code does when one is installed. The pack says nothing of the workbench, which
 * therefore stays English: what is looked at is what extensions say, whose translations they bring themselves.
 *
 * @param userData the server's folder, before it is started
 */
export async function installLanguage(language: Language, userData: string): Promise<void> {
  const pack = join(userData, 'language-pack');
  const translations = join(pack, 'main.i18n.json');
  await mkdir(pack, { recursive: true });
  await writeFile(translations, JSON.stringify({ version: '1.0.0', contents: {} }));
  const entry = {
    hash: language,
    label: language,
    extensions: [{ extensionIdentifier: { id: `tests.${language}` }, version: '1.0.0' }],
    translations: { vscode: translations },
  };
  await writeFile(join(userData, 'languagepacks.json'), JSON.stringify({ [language]: entry }));
}

/** What a command of Distillery is called in the command palette. @param command without the prefix */
export function commandTitle(command: string, language?: Language): string {
  const file = language === undefined ? 'package.nls.json' : `package.nls.${language}.json`;
  const texts = JSON.parse(readFileSync(join(repositoryRoot, file), 'utf8')) as Readonly<Record<string, string>>;
  const title = texts[`command.${command}`];
  if (title === undefined) throw new Error(`${file} has no title for the command ${command}.`);
  return `Distillery: ${title}`;
}
