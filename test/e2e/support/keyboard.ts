import assert from 'node:assert/strict';
import type { Workbench } from './workbench.ts';
import { until } from './until.ts';

/** What has the focus in a page: its test id, else what it is called. Run in the browser. */
const FOCUSED = `(() => {
  const focused = document.activeElement;
  if (focused === null || focused === document.body) return '';
  const name = focused.getAttribute('data-testid') ?? focused.getAttribute('aria-label') ?? focused.textContent.trim();
  return document.hasFocus() ? name.slice(0, 80) : '';
})()`;

/** The furthest way from one thing of the panel to another, in presses of the tab key. */
const MOST_STOPS = 120;

/** Works the window by its keyboard alone. */
export class Keyboard {
  readonly #workbench: Workbench;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.#workbench.page.keyboard.press(key);
  }

  async type(text: string): Promise<void> {
    await this.#workbench.page.keyboard.type(text);
  }

  /** Runs a command by the end of its title in the command palette. */
  async runCommand(title: string): Promise<void> {
    const { page } = this.#workbench;
    await this.press('F1');
    await page.locator('.quick-input-widget input:focus').waitFor();
    await this.type(title);
    await page.locator('.quick-input-list .monaco-list-row.focused').getByText(title).first().waitFor();
    await this.press('Enter');
    await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  }

  /** What has the focus in the shown webview: its test id, else its name; nothing where the focus is lost or elsewhere. */
  focused(): Promise<string> {
    return this.#workbench.webview().locator('body').evaluate<string, string, unknown>(FOCUSED);
  }

  /** Waits until one of these has the focus. */
  async waitForFocus(...names: readonly string[]): Promise<void> {
    await until(`the focus is on '${names.join("' or '")}'`, async () => names.includes(await this.focused()));
  }

  /** Opens the list that has the focus and chooses from it. */
  async chooseFromList(option: string): Promise<void> {
    const chosen = this.#workbench.webview().locator('vscode-dropdown:focus vscode-option[aria-selected=true]');
    await this.press('Enter');
    for (let steps = 0; (await chosen.allInnerTexts()).join() !== option; steps += 1) {
      assert.ok(steps < MOST_STOPS, `'${option}' is not in the list.`);
      await this.press('ArrowDown');
    }
    await this.press('Enter');
  }

  /** Presses the tab key until this has the focus, which must never be lost on the way. */
  async goTo(testId: string, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
    const way: string[] = [];
    for (let at = await this.focused(); at !== testId; at = await this.focused()) {
      way.push(at);
      assert.ok(at !== '' && way.length < MOST_STOPS, `'${testId}' is not reached: ${way.join(' → ')}`);
      await this.press(key);
    }
  }
}
