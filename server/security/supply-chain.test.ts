import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { projectRoot } from '../paths.ts';

const root = projectRoot();
const packageSchema = z.looseObject({
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  license: z.union([z.string(), z.looseObject({})]).optional(),
  hasInstallScript: z.boolean().optional(),
  dev: z.boolean().optional(),
  devOptional: z.boolean().optional(),
  optional: z.boolean().optional(),
  link: z.boolean().optional(),
  inBundle: z.boolean().optional(),
});
const lock = z
  .looseObject({ packages: z.record(z.string(), packageSchema) })
  .parse(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')));
const installed = Object.entries(lock.packages).filter(([path]) => path !== '');
const nameOf = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** Licences a distributor of this project may pass on, as SPDX writes them. */
const fine =
  /^\(?(?:(?:MIT|MIT-0|ISC|0BSD|BSD|BSD-2-Clause|BSD-3-Clause|Apache-2\.0|Apache 2\.0|CC0-1\.0|CC-BY-4\.0|CC-BY-3\.0|Unlicense|BlueOak-1\.0\.0|Python-2\.0|Zlib|WTFPL|MPL-2\.0|Artistic-2\.0|LGPL-3\.0-or-later)(?: (?:OR|AND) )?)+\)?$/;

/** Of several to choose from, one is enough. */
const free = (license: string): boolean =>
  fine.test(license) ||
  license
    .replace(/[()]/g, '')
    .split(' OR ')
    .some((one) => fine.test(one));

describe('[R-027] what we are built on', () => {
  it('every package comes from the npm registry and is pinned by its checksum', () => {
    // Without an address npm takes the registry's; the checksum says which bytes.
    const odd = installed.filter(
      ([, { link, inBundle, resolved, integrity }]) =>
        !link &&
        !inBundle &&
        !(/^sha512-/.test(integrity ?? '') && (resolved === undefined || resolved.startsWith('https://registry.npmjs.org/'))),
    );
    expect(odd.map(([path]) => path)).toEqual([]);
  });

  it('no package may run a script at installation that is not known here', () => {
    const { allowScripts } = z
      .looseObject({ allowScripts: z.record(z.string(), z.boolean()) })
      .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
    const running = new Set(installed.filter(([, one]) => one.hasInstallScript).map(([path]) => nameOf(path)));
    // Optional native helper of macOS; never installed elsewhere.
    running.delete('fsevents');
    expect([...running].filter((name) => !(name in allowScripts))).toEqual([]);
  });

  it('packages that ship carry a licence that may be passed on', () => {
    const shipped = installed.filter(([, one]) => !one.dev && !one.devOptional && !one.optional);
    expect(shipped.length).toBeGreaterThan(50);
    const odd = shipped
      .filter(([, { license }]) => typeof license === 'string' && !free(license))
      .map(([path, { license }]) => `${path}: ${license}`);
    expect(odd).toEqual([]);
  });
});

/** Where this code calls out to, and who chose the address. A new place fails here until somebody has thought about it. */
const outbound: Readonly<Record<string, string>> = {
  'bot/llm/client.ts': 'OPENAI_BASE_URL',
  'bot/llm/rerank.ts': 'RERANK_BASE_URL',
  'channels/sms/providers/http.ts': '*_BASE_URL of the provider; redirects are errors',
  'channels/wechat/api/transport.ts': 'WECHAT_API_BASE_URL',
  'server/commands/doctor.ts': 'OTEL_EXPORTER_OTLP_ENDPOINT',
  'server/commands/reach.ts': 'the base URLs above',
};

describe('[R-027] server-side requests', () => {
  it('go only to addresses the operator configured, never to one from a message, a file or the knowledge', () => {
    const callers = ['bot', 'channels', 'desk/api', 'knowledge', 'server'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .map((name) => `${folder}/${name}`)
        .filter((name) => /\.ts$/.test(name) && !/\.test\.ts$|\/testing\/|\/widget\/|\/miniprogram\/|\/bench/.test(name))
        .filter((name) => /(?<![\w#])fetch\(\s*[^)]|\.fetch\(url/.test(withoutComments(readFileSync(join(root, name), 'utf8')))),
    );
    const known = new Set([...Object.keys(outbound), ...ownFetch]);
    expect(callers.filter((name) => !known.has(name))).toEqual([]);
  });
});

/** Have a method of that name and call nobody, or define the call that is counted above. */
const ownFetch = ['channels/wechat/incoming.ts', 'channels/wechat/media.ts', 'knowledge/import/documents/pdf.ts'];

function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
}
