// Texts of the licences of packages that are published without them.
import { readFileSync } from 'node:fs';

/** Holders of the rights, and files with texts, of packages by name. */
const KNOWN = [
  { name: /^onnxruntime-/, license: 'MIT', text: () => `Copyright (c) Microsoft Corporation\n\n${read('MIT')}` },
  { name: /^@microsoft\/fast-/, license: 'MIT', text: () => `Copyright (c) Microsoft Corporation\n\n${read('MIT')}` },
  { name: /^@vscode\/l10n$/, license: 'MIT', text: () => `Copyright (c) Microsoft Corporation\n\n${read('MIT')}` },
  {
    name: /^saxes$/,
    license: 'ISC',
    text: () =>
      [
        `Copyright (c) Contributors\n\n${read('ISC')}`,
        `Of sax, from which it was forked:\n\nCopyright (c) Isaac Z. Schlueter and Contributors\n\n${read('ISC')}`,
        `Of String.fromCodePoint:\n\nCopyright Mathias Bynens <https://mathiasbynens.be/>\n\n${read('MIT')}`,
      ].join('\n\n'),
  },
  {
    name: /^@bufbuild\/protobuf$/,
    license: '(Apache-2.0 AND BSD-3-Clause)',
    text: () =>
      `Copyright 2021-2026 Buf Technologies, Inc.\n\n${apache()}\n\nCopyright 2008 Google Inc. All rights reserved.\n\n${read('BSD-3-Clause')}`,
  },
  {
    name: /^@img\/sharp-libvips-/,
    license: 'LGPL-3.0-or-later',
    text: () =>
      'Libvips and what it is built from, each under its own licence: https://github.com/lovell/sharp-libvips/blob/main/THIRD-PARTY-NOTICES.md. ' +
      `The libraries are linked dynamically and can be replaced.\n\n${read('LGPL-3.0')}\n\n${read('GPL-3.0')}`,
  },
  {
    name: /^@img\/sharp-win32-/,
    license: 'Apache-2.0 AND LGPL-3.0-or-later',
    text: () => `${apache()}\n\n${read('LGPL-3.0')}\n\n${read('GPL-3.0')}`,
  },
];

/**
 * @param {string} name of a package
 * @param {unknown} license what its manifest says; another one than is known here has no text
 * @returns {string | undefined}
 */
export function licensesWithoutFile(name, license) {
  return KNOWN.find((known) => known.name.test(name) && known.license === license)?.text();
}

/** Others' code within packages that name it and lack its licence, or whose bundle holds it. */
const WITHIN = {
  jsfive: () => [
    `Of pyfive, on which it is based:\n\nCopyright (c) 2016 Jonathan J. Helmus\n\n${read('BSD-3-Clause')}`,
    `Of pako, which is part of it:\n\nCopyright (C) 2014-2017 by Vitaly Puzrin and Andrei Tuputcyn\n\n${read('MIT')}`,
    `Of zlib, from which pako was made:\n\n(C) 1995-2013 Jean-loup Gailly and Mark Adler\n(C) 2014-2017 Vitaly Puzrin and Andrey Tupitsin\n\n${read('Zlib')}`,
  ],
};

/**
 * Texts of licences that a package owes beside its own.
 *
 * @param {string} name of a package
 * @returns {readonly string[]}
 */
export function licensesWithin(name) {
  return Object.hasOwn(WITHIN, name) ? WITHIN[name]() : [];
}

function read(name) {
  return readFileSync(new URL(`licenses/${name}.txt`, import.meta.url), 'utf8').trim();
}

function apache() {
  return readFileSync(new URL('../LICENSE', import.meta.url), 'utf8').trim();
}
