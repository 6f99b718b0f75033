import * as vscode from 'vscode';

/** The default of the setting, where it is of another type than it should be. */
const ORPHAN_MINUTES = 10;
const BYTES_IN_MEGABYTE = 1_000_000;
const RUN_FOLDER = '.distillery/runs';

/** The settings of Distillery as they are now; see package.json for what each means. */
export const settings = {
  orphanMinutes: (): number => settingOf<number>('orphanMinutes', ORPHAN_MINUTES),
  /** Bytes; undefined where it is left to be chosen. */
  memory: (): number | undefined => {
    const megabytes = settingOf<number>('memoryMegabytes', 0);
    return megabytes > 0 ? megabytes * BYTES_IN_MEGABYTE : undefined;
  },
  /** Undefined where it is left to be chosen. */
  device: (): string | undefined => {
    const device = settingOf<string>('device', 'auto');
    return device === 'auto' ? undefined : device;
  },
  /** Of reports: the window's, unless the setting names one. */
  language: (): string => {
    const language = settingOf<string>('reportLanguage', 'auto');
    return language === 'auto' ? vscode.env.language : language;
  },
  runFolder: (): string => settingOf<string>('runFolder', RUN_FOLDER).trim() || RUN_FOLDER,
};

function settingOf<Value extends string | number>(name: string, otherwise: Value): Value {
  const value: unknown = vscode.workspace.getConfiguration('distillery').get(name);
  return typeof value === typeof otherwise ? (value as Value) : otherwise;
}
