import { html, Markup } from '../report/drawings/html.ts';
import { keepTogether } from '../report/wording/keepTogether.ts';
import { reportStyle } from './reportStyle.ts';

/** A page that needs nothing else, in the report's style; it may run no script and load nothing. No line of it ends between a number and its unit. */
export function htmlPage({
  title,
  summary,
  body,
  language = 'en',
}: {
  title: string;
  summary: string;
  body: Markup;
  language?: string;
}): string {
  const page = html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"
        />
        <title>${title} · Distillery</title>
        <style>
          ${new Markup(reportStyle)}
        </style>
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          ${summary === '' ? null : html`<p class="summary">${keepTogether(summary)}</p>`}
          ${new Markup(keepTextsTogether(body.text))}
        </main>
      </body>
    </html> `;
  return `${page.text.trim()}\n`;
}

/** What stands between tags; attributes stay as they are. */
function keepTextsTogether(markup: string): string {
  return markup.replaceAll(/(?<=^|>)[^<>]+(?=<|$)/g, keepTogether);
}
