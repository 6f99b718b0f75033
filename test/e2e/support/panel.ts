import type { FrameLocator, Locator } from 'playwright-core';
import type { HostMessage } from '../../../src/protocol/panel.ts';
import type { RunSnapshot } from '../../../src/protocol/snapshot.ts';
import { until } from './until.ts';
import type { Workbench } from './workbench.ts';

/** What is used of the browser's canvas; its types are not known here. */
interface Canvas {
  readonly width: number;
  readonly height: number;
  getContext(kind: '2d'): {
    getImageData(x: number, y: number, width: number, height: number): { readonly data: Uint8ClampedArray };
  };
}

/** What is used of the browser's window. */
interface StyledWindow {
  getComputedStyle(node: unknown): { readonly fill: string };
}

interface MessagedWindow {
  addEventListener(kind: 'message', listener: (event: { readonly data: { readonly kind?: string } }) => void): void;
}

/** The distillation panel, by what a person does in it and reads off it. */
export class Panel {
  readonly #document: FrameLocator;

  constructor(workbench: Workbench) {
    this.#document = workbench.webview();
  }

  /** The part of the panel with this `data-testid`; a field's is its path in the experiment file. */
  part(testId: string): Locator {
    return this.#document.getByTestId(testId);
  }

  /**
   * Listens for the next message of a kind that the host sends the panel. It does so when this resolves: before what has it sent is done.
   * @returns what resolves when it has come
   */
  async listenFor(kind: HostMessage['kind']): Promise<() => Promise<void>> {
    const heard = await this.#document.locator('body').evaluateHandle((_body, awaited) => {
      const page = globalThis as unknown as MessagedWindow;
      const come = new Promise<void>((resolve) => {
        page.addEventListener('message', ({ data }) => {
          if (data.kind === awaited) resolve();
        });
      });
      // A handle of the promise itself would wait for it.
      return { come };
    }, kind);
    return () => heard.evaluate(({ come }) => come);
  }

  async waitUntilShown(): Promise<void> {
    await this.part('start').or(this.part('stop')).first().waitFor();
  }

  /** Waits until the panel that is in front is the one of an experiment, which another panel may have been a moment ago. */
  async waitUntilOf(experiment: string): Promise<void> {
    await this.#document.getByRole('heading', { level: 1, name: experiment, exact: true }).waitFor();
  }

  /** Types into a field. Where a number may be left to the data, that there is one is chosen first. */
  async fill(field: string, text: string): Promise<void> {
    await this.bringIntoSight(field);
    const part = this.part(field);
    const isChoice = (await part.first().getAttribute('role')) === 'combobox';
    if (isChoice && (await part.count()) === 1) await this.choose(field, 'Number');
    await part.locator('input').last().fill(text);
  }

  valueOf(field: string): Promise<string> {
    return this.part(field).locator('input').last().inputValue();
  }

  /** Waits until a field has a value. */
  async waitForValue(field: string, value: string): Promise<void> {
    await until(`the field ${field} is '${value}'`, async () => (await this.valueOf(field)) === value);
  }

  /** Waits until a field is not empty, and returns what is in it. */
  async waitForSomeValue(field: string): Promise<string> {
    await until(`the field ${field} has a value`, async () => (await this.valueOf(field)) !== '');
    return this.valueOf(field);
  }

  /** Opens a place of the panel. */
  async openTab(id: 'configure' | 'train' | 'report'): Promise<void> {
    await this.part(`tab.${id}`).click();
  }

  /** Shows every setting of the form. */
  async showAllSettings(): Promise<void> {
    // It says what it does next, which is fewer settings where all are shown.
    if (!(await this.part('settings.search').isVisible())) await this.part('settings.all').click();
  }

  /** Shows the field, which may be one of those that are shown among all settings only. */
  private async bringIntoSight(field: string): Promise<void> {
    const part = this.part(field).first();
    await part.waitFor({ state: 'attached' });
    const form = this.part('page.configure');
    const isOfForm = (await form.getByTestId(field).count()) > 0;
    if (isOfForm && !(await part.isVisible())) await this.showAllSettings();
  }

  /** Chooses from a drop-down list. */
  async choose(field: string, option: string): Promise<void> {
    await this.bringIntoSight(field);
    const list = this.part(field).first();
    await list.click();
    await list.getByRole('option', { name: option }).click();
  }

  async start(): Promise<void> {
    await this.part('start').click();
  }

  async stop(): Promise<void> {
    await this.part('stop').click();
  }

  async waitForState(state: RunSnapshot['state']): Promise<void> {
    await this.#document.locator(`[data-testid=run][data-state=${state}]`).waitFor({ state: 'attached' });
  }

  /** The newest value of every line of a chart, as those are told who do not see it. */
  async chart(id: 'accuracy' | 'loss' | 'validationLoss'): Promise<Record<string, string>> {
    const description = (await this.part(`chart.${id}`).locator('.chart-plot').getAttribute('aria-label')) ?? '';
    const values = description.slice(description.indexOf('. ') + 2).split(', ');
    return Object.fromEntries(values.map((value) => value.split(': ') as [string, string]));
  }

  /** Share of a chart's pixels that something is drawn on. */
  async drawnShare(id: 'accuracy' | 'loss' | 'learningRate' | 'speed'): Promise<number> {
    return this.part(`chart.${id}`)
      .locator('canvas')
      .evaluate((node) => {
        const canvas = node as unknown as Canvas;
        const { width, height } = canvas;
        const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
        let drawn = 0;
        for (let alpha = 3; alpha < data.length; alpha += 4) if (data[alpha] !== 0) drawn += 1;
        return drawn / (width * height);
      });
  }

  /** The colour that a part of a drawing is filled with, as `rgb(…)`. */
  async fillOf(part: Locator): Promise<string> {
    return part.evaluate((node) => (globalThis as unknown as StyledWindow).getComputedStyle(node).fill);
  }

  /** The epochs that the table of the accuracy chart has a row for. */
  async epochsInTable(): Promise<readonly number[]> {
    const table = this.part('chart.accuracy.table');
    if (!(await table.isVisible())) await this.part('chart.accuracy.toggleTable').click();
    return (await table.locator('tbody th').allInnerTexts()).map(Number);
  }

  /** What the panel says is wrong: a text per problem. */
  problems(): Locator {
    return this.part('problems').locator('li');
  }
}
