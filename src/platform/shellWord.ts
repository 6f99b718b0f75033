/** A text as one word of a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * A path as one word of a command that a person is shown, to be copied into a terminal of this machine. Windows' two shells agree on
 * double quotes alone, and its paths hold none.
 */
export function terminalWord(path: string, platform: NodeJS.Platform = process.platform): string {
  // What begins with a dash would be taken for an option.
  const named = path.startsWith('-') ? `./${path}` : path;
  if (platform !== 'win32') return shellWord(named);
  return /^[\w@+=:./\\-]+$/.test(named) ? named : `"${named}"`;
}
