import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContext, FrameLocator, Locator, Page } from 'playwright-core';
import type { Host } from './host.ts';
import { commandTitle, type Language } from './languages.ts';
import { outputFolder } from './paths.ts';
import { leaveWindow } from './windowState.ts';

const screenshotFolder = join(outputFolder, 'screenshots');

/** One theme of each kind, with the class that the workbench has in it. */
export const themes = {
  'Dark Modern': 'vs-dark',
  'Light Modern': 'vs',
  'Dark High Contrast': 'hc-black',
  'Light High Contrast': 'hc-light',
} as const;
export type Theme = keyof typeof themes;

/** A VS Code workbench in a browser's page, by what a person does in it. */
export class Workbench {
  readonly page: Page;
  readonly #language: Language | undefined;

  private constructor(page: Page, language: Language | undefined) {
    this.page = page;
    this.#language = language;
  }

  private get paletteInput(): Locator {
    return this.page.locator('.quick-input-widget input[type=text]').first();
  }

  /** Opens a folder, or none, in a window of its own. `trust` answers the question for trust when it is asked. */
  static async open(
    context: BrowserContext,
    host: Host,
    folder: string | undefined,
    options: { readonly trust?: boolean; readonly language?: Language } = {},
  ): Promise<Workbench> {
    const page = await context.newPage();
    const workbench = new Workbench(page, options.language);
    try {
      await page.goto(host.url(folder));
      if (options.trust !== undefined) {
        const name = options.trust ? /^Yes, I trust/ : /^No, I don't trust/;
        await page.getByRole('button', { name }).click();
      }
      await workbench.waitUntilReady();
    } catch (error) {
      console.log(`      Screenshot: ${await workbench.screenshot('failed-opening')}`);
      throw error;
    }
    return workbench;
  }

  /** Reloads the window: the extension host starts anew. */
  async reload(): Promise<void> {
    await leaveWindow(this.page);
    await this.page.reload();
    await this.waitUntilReady();
  }

  /** Has the window show another folder, as *Open Folder…* does. */
  async switchTo(host: Host, folder: string): Promise<void> {
    await leaveWindow(this.page);
    await this.page.goto(host.url(folder));
    await this.waitUntilReady();
  }

  /** Reloads the window with a file in front, so that a tab is back that waits to be shown. */
  async reloadBehind(title: string): Promise<void> {
    await this.openActivity('Explorer');
    await this.openFile('README.md');
    await this.reload();
    await this.tab(title).waitFor();
    // The window has found the tabs of its former self, and shows another one.
    await this.page.locator('.tabs-container .tab.active', { hasText: 'README.md' }).waitFor();
  }

  private async waitUntilReady(): Promise<void> {
    // What the extension contributes comes after the workbench itself, and its tab may be remembered from an earlier window.
    await this.page.locator('.activitybar').getByRole('tab', { name: 'Distillery' }).waitFor();
    await this.findCommand(commandTitle('distillModel', this.#language));
    await this.closePalette();
  }

  /** Runs a command by its title in the command palette. */
  async runCommand(title: string): Promise<void> {
    await (await this.findCommand(title)).first().click();
  }

  /** Types into the command palette and gives the entries that have exactly this title. */
  async findCommand(title: string): Promise<Locator> {
    const entries = this.page
      .locator('.quick-input-list .monaco-list-row .label-name')
      .getByText(title, { exact: true });
    // The palette lists what is known when it opens: while extensions are still being loaded, ask again.
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.page.keyboard.press('F1');
        // A window that is still being drawn may not have heard the key; a busy machine takes longer to show anything.
        const timeout = 3000 * attempt;
        await this.paletteInput.fill(`>${title}`, { timeout });
        await entries.first().waitFor({ timeout });
        return entries;
      } catch (error) {
        if (attempt === 8) throw error;
        await this.closePalette();
      }
    }
  }

  private async closePalette(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  }

  /** Chooses a theme and waits until the shown webview has it too. */
  async chooseTheme(theme: Theme): Promise<void> {
    if (await this.page.locator(`.monaco-workbench.${themes[theme]}`).isVisible()) return;
    await this.runCommand('Preferences: Color Theme');
    await this.page.getByPlaceholder(/^Select Color Theme/).waitFor();
    await this.paletteInput.fill(theme);
    await this.page.locator('.quick-input-list .label-name').getByText(theme, { exact: true }).click();
    await this.page.locator(`.monaco-workbench.${themes[theme]}`).waitFor();
    await this.webview().locator(`body[data-vscode-theme-name="${theme}"]`).waitFor();
  }

  file(name: string): Locator {
    return this.page.locator('.explorer-folders-view [role=treeitem]').getByText(name, { exact: true });
  }

  /** Opens a file from the explorer, in a tab that stays. */
  async openFile(name: string): Promise<void> {
    // A list that is just being filled may lose a click.
    for (let attempt = 1; ; attempt += 1) {
      await this.file(name).dblclick();
      try {
        await this.tab(name).waitFor({ timeout: 10_000 * attempt });
        return;
      } catch (error) {
        if (attempt === 3) throw error;
      }
    }
  }

  /** Opens a model from the explorer in its viewer. */
  async openModel(name: string): Promise<void> {
    // In the first moments of a window VS Code may not know yet who shows such files, and opens them as text.
    for (let attempt = 1; ; attempt += 1) {
      await this.openFile(name);
      try {
        await this.page.locator('iframe.webview.ready:visible').waitFor({ timeout: 20_000 * attempt });
        return;
      } catch (error) {
        if (attempt === 3) throw error;
        await this.closeTab(name);
      }
    }
  }

  /** Chooses an entry of a file's context menu in the explorer. */
  async chooseFromContextMenu(fileName: string, entry: string): Promise<void> {
    const item = this.page.getByRole('menuitem', { name: entry });
    // A menu shows what is offered when it opens: while a window still finds out what it may do, ask again.
    for (let attempt = 1; ; attempt += 1) {
      await this.file(fileName).click({ button: 'right' });
      try {
        // A menu ignores the mouse for its first moments, so that the click which opened it chooses nothing.
        await item.hover({ timeout: 3000 * attempt });
        break;
      } catch (error) {
        if (attempt === 8) throw error;
        await this.page.keyboard.press('Escape');
      }
    }
    await this.page.keyboard.press('Enter');
  }

  /** The entries of a file's context menu in the explorer. */
  async contextMenuOf(fileName: string): Promise<readonly string[]> {
    await this.file(fileName).click({ button: 'right' });
    const entries = this.page.getByRole('menuitem');
    await entries.first().waitFor();
    const labels = await entries.allInnerTexts();
    await this.page.keyboard.press('Escape');
    return labels.map((label) => label.trim());
  }

  /** Opens the panel of an experiment file, from the explorer. */
  async openExperiment(fileName: string): Promise<void> {
    await this.openActivity('Explorer');
    await this.chooseFromContextMenu(fileName, 'Distill with This Experiment');
  }

  /** Opens a view container by its icon in the activity bar. */
  async openActivity(name: string): Promise<void> {
    const tab = this.page.locator('.activitybar').getByRole('tab', { name });
    if ((await tab.getAttribute('aria-selected')) !== 'true') await tab.click();
  }

  /** Rows of the tree view that is shown in the side bar. */
  treeRows(): Locator {
    return this.page.locator('.sidebar .pane-body [role=treeitem]:visible');
  }

  /** Tab of an editor or a panel, by its title. */
  tab(title: string | RegExp): Locator {
    return this.page.locator('.tabs-container .tab', { hasText: title });
  }

  async closeTab(title: string): Promise<void> {
    await this.tab(title).first().click();
    await this.tab(title).first().locator('.tab-actions a').first().click();
    await this.tab(title).first().waitFor({ state: 'detached' });
  }

  /** Document of the webview that is shown: the outer frame is VS Code's, the inner one the extension's. */
  webview(): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready:visible').frameLocator('iframe#active-frame');
  }

  /** What is open and what is read in the webview that is shown, for whoever cannot see a screenshot. */
  async describe(): Promise<string> {
    const tabs = await this.page.locator('.tabs-container .tab').allInnerTexts();
    const frames = await this.page.locator('iframe.webview').count();
    const body = this.webview().locator('body');
    const text = await body.innerText({ timeout: 2000 }).catch((error: unknown) => String(error));
    return `Tabs: ${tabs.map((tab) => tab.trim()).join(', ')}\nWebviews: ${frames}\n${text.slice(0, 1000)}`;
  }

  /** Writes `screenshots/<name>.png` and returns its path. */
  async screenshot(name: string): Promise<string> {
    await mkdir(screenshotFolder, { recursive: true });
    const path = join(screenshotFolder, `${name}.png`);
    await this.page.mouse.move(250, 18); // Where nothing reacts to it.
    await this.page.screenshot({ path });
    return path;
  }
}
