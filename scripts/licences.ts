/**
 * The licences of what the package installs and carries, as THIRD-PARTY.md says them.
 *
 *   npx tsx scripts/licences.ts [--write]      checks the page, or writes it
 *
 * Licences are those that package-lock.json notes. One that `ALLOWED` lacks ends it with 1: someone has to read it first.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/** What asks for no more than to be named (and, of a font, not to be sold alone). */
const ALLOWED: readonly string[] = [
  '(Apache-2.0 AND BSD-3-Clause)',
  '(MIT OR CC0-1.0)',
  '0BSD',
  'Apache-2.0',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'OFL-1.1',
];

/** Of packages to develop with, which no user installs. */
const ALLOWED_TO_DEVELOP: readonly string[] = [
  ...ALLOWED,
  'BSD-2-Clause',
  'BlueOak-1.0.0',
  'CC-BY-4.0',
  'MIT OR Apache-2.0',
  'MPL-2.0',
  'PSF-2.0',
  'Python-2.0',
];

/** What a package's own field does not say. */
const REMARKS: Readonly<Record<string, string>> = {
  'h264-mp4-encoder':
    'its WebAssembly holds [libmp4v2](https://github.com/sergiomb2/libmp4v2) (MPL-1.1, source there) and [minih264](https://github.com/lieff/minih264) (public domain); loaded for MP4 outside browsers alone',
  'onnxruntime-node':
    "its programs hold [others' work](https://github.com/microsoft/onnxruntime/blob/main/ThirdPartyNotices.txt), Eigen (MPL-2.0) among it",
};

interface Locked {
  readonly version?: string;
  readonly license?: string;
  readonly link?: boolean;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly optional?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export interface LockFile {
  readonly packages: Readonly<Record<string, Locked>>;
}

/** What is wrong with the licences of a lock file, a line each. */
export function complaints({ packages }: LockFile): string[] {
  return Object.entries(packages).flatMap(([path, { license, link, dev }]) => {
    if (!path.includes('node_modules/') || link) return [];
    const allowed = dev ? ALLOWED_TO_DEVELOP : ALLOWED;
    const name = nameOf(path);
    return license !== undefined && allowed.includes(license) ? [] : [`${name}: ${license ?? 'no licence'}`];
  });
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** The page. Versions are left out: they change more often than licences. */
export function thirdParty({ packages }: LockFile): string {
  const root = packages[''];
  const direct = new Set([...Object.keys(root.dependencies ?? {}), ...Object.keys(root.optionalDependencies ?? {})]);
  const rows = new Map<string, string>();
  for (const [path, { license, link, dev, devOptional, optional }] of Object.entries(packages)) {
    if (!path.includes('node_modules/') || link || dev) continue;
    const name = nameOf(path);
    const how = [direct.has(name) ? 'direct' : '', optional || devOptional ? 'optional' : '']
      .filter((word) => word !== '')
      .join(', ');
    rows.set(name, `| ${name} | ${license} | ${how} | ${REMARKS[name] ?? ''} |`);
  }
  return `${HEAD}\n${[...rows.keys()]
    .sort()
    .map((name) => rows.get(name))
    .join('\n')}\n`;
}

const HEAD = `# Work of others

Written by \`npx tsx scripts/licences.ts --write\`, and checked by the tests. \`npm run sbom\` lists the packages with versions and
checksums in CycloneDX's form; so does \`npm sbom --omit dev --sbom-format cyclonedx\` in a project that has bellman installed.

## Carried by the package

| what | where | licence |
|---|---|---|
| [ONNX Runtime](https://github.com/microsoft/onnxruntime) for the web, with onnxruntime-common | \`dist/elements/ort\`, copied from the package onnxruntime-web when bellman is built | MIT, Copyright (c) Microsoft Corporation |
| tables of the normal and exponential distributions of [NumPy](https://github.com/numpy/numpy) | \`dist/core/random\` | BSD-3-Clause, Copyright (c) 2005-2026, NumPy Developers |
| direction numbers of Sobol's sequence by [Joe and Kuo](https://web.maths.unsw.edu.au/~fkuo/sobol/) | \`dist/tune\` | BSD-3-Clause, Copyright (c) 2008, Frances Y. Kuo and Stephen Joe |
| [Lit](https://lit.dev) | \`dist/elements\` | BSD-3-Clause, Copyright (c) 2017 Google LLC |
| [D3](https://d3js.org): d3-scale, d3-shape and what they use | \`dist/elements\` | ISC, Copyright 2010-2026 Mike Bostock |
| [fflate](https://github.com/101arrowz/fflate) | \`dist/elements\` | MIT, Copyright (c) 2026 Arjun Barrett |
| [noble-hashes](https://github.com/paulmillr/noble-hashes) | \`dist/elements\` | MIT, Copyright (c) 2022 Paul Miller |
| [zod](https://zod.dev) | \`dist/elements\` | MIT, Copyright (c) 2025 Colin McDonnell |
| [leven](https://github.com/sindresorhus/leven) | \`dist/elements\` | MIT, Copyright (c) Sindre Sorhus |
| [AWS Crypto Helpers](https://github.com/aws/aws-sdk-js-crypto-helpers) | \`dist/elements\` | [Apache-2.0](https://www.apache.org/licenses/LICENSE-2.0), Copyright Amazon.com, Inc. or its affiliates |

ONNX Runtime's program is compiled from its own source and from [others' work](https://github.com/microsoft/onnxruntime/blob/main/ThirdPartyNotices.txt), Eigen (MPL-2.0, source at
[libeigen](https://gitlab.com/libeigen/eigen)) and Protocol Buffers (BSD-3-Clause) among it. No game is carried: cartridges are the user's.

MIT, as ONNX Runtime, fflate, noble-hashes, zod and leven state it: Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the
"Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions: The above copyright notice and this permission
notice shall be included in all copies or substantial portions of the Software. THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT
NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM,
DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.

ISC, as D3 states it: Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted, provided that the above copyright
notice and this permission notice appear in all copies. THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED
WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING
FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.

BSD-3-Clause, as NumPy, Lit, and Joe and Kuo state it: Redistribution and use in source and binary forms, with or without modification, are permitted provided that the following conditions are met:
Redistributions of source code must retain the above copyright notice, this list of conditions and the following disclaimer. Redistributions in binary form must reproduce the
above copyright notice, this list of conditions and the following disclaimer in the documentation and/or other materials provided with the distribution. Neither the name of
the NumPy Developers, the University of New South Wales or the University of Waikato nor the names of any contributors may be used to endorse or promote products derived from this software without specific prior written permission. THIS
SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF
MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT OWNER OR CONTRIBUTORS BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL,
SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION)
HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE OF THIS
SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.

## Installed with it

Packages that npm installs next to bellman; optional ones where they are available. None asks for more than its notice, but for the remarks.

| package | licence | how | remark |
|---|---|---|---|`;

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')) as LockFile;
  const path = new URL('../THIRD-PARTY.md', import.meta.url);
  const wrong = complaints(lock);
  for (const line of wrong) console.error(line);
  if (process.argv.includes('--write')) writeFileSync(path, thirdParty(lock));
  else if (readFileSync(path, 'utf8') !== thirdParty(lock)) {
    wrong.push('the page');
    console.error('THIRD-PARTY.md is not what package-lock.json says. Run: npx tsx scripts/licences.ts --write');
  }
  if (wrong.length > 0) process.exitCode = 1;
  else console.log('Licences are in order.');
}
