import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { spokenBy } from './incoming.ts';
import { menuBody, menuSchema } from './menu.ts';

it('[R-038] the menu file offers handling, query, consultation and complaint in two presses', async () => {
  const menu = menuSchema.parse(parse(await readFile(new URL('./menu.yaml', import.meta.url), 'utf8')));
  const body = menuBody(menu) as { button: { sub_button: { key: string }[] }[] };
  const said = body.button.flatMap((one) => one.sub_button.map(({ key }) => spokenBy(key)));
  expect(said).toEqual(expect.arrayContaining(['居住证怎么办', '查办件进度', '转人工', '我要投诉']));
});

it('says what the platform would refuse', () => {
  const problems = (buttons: unknown) => menuSchema.safeParse({ buttons }).error?.issues.length ?? 0;
  expect(problems(Array.from({ length: 4 }, () => ({ name: '一', say: '一' })))).toBeGreaterThan(0);
  expect(problems([{ name: '这个名字太长了', say: '一' }])).toBeGreaterThan(0);
  expect(problems([{ name: '一', say: '很'.repeat(42) }])).toBeGreaterThan(0);
  expect(problems([{ name: '一', url: 'javascript:alert(1)' }])).toBeGreaterThan(0);
  expect(problems([{ name: '一', url: 'https://zwfw.example' }])).toBe(0);
});
