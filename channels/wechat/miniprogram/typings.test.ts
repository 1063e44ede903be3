import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, it } from 'vitest';

const here = dirname(fileURLToPath(import.meta.url));

/** What the type check says of a file beside this one, with the official typings of the runtime. */
function problemsOf(text: string): string[] {
  const name = join(here, 'official.ts');
  const options: ts.CompilerOptions = {
    lib: ['lib.es2020.d.ts'],
    types: ['miniprogram-api-typings'],
    target: ts.ScriptTarget.ES2020,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    allowImportingTsExtensions: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    noEmit: true,
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, getSourceFile } = host;
  host.fileExists = (path) => path === name || fileExists(path);
  host.getSourceFile = (path, target, ...rest) =>
    path === name ? ts.createSourceFile(path, text, target) : getSourceFile(path, target, ...rest);
  const program = ts.createProgram([name], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}

it('the runtime is what the chat takes it for: the official typings agree', { timeout: 60_000 }, () => {
  const code = (call: string) => `import type { Wx } from './lib/wx.ts';\nconst real: Wx = wx;\nreal.${call};\nexport {};`;
  expect(problemsOf(code("setClipboardData({ data: '' })"))).toEqual([]);
  // And the check would notice.
  expect(problemsOf(code('setClipboardData({})'))).not.toEqual([]);
  expect(problemsOf('const real: { connectSocket(options: { url: number }): string } = wx;\nexport { real };')).not.toEqual([]);
});
