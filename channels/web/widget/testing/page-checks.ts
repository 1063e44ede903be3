/** Questions the browser tests ask a page: accessibility, sizes, overflow. Each looks into the widget's shadow tree. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const require = createRequire(import.meta.url);

/** What axe-core finds against WCAG 2.2 AA: “rule: element”, nothing when all is well. */
export async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(require.resolve('axe-core/axe.min.js'), 'utf8'));
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: typeof import('axe-core') };
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const { violations } = await axe.run(document, { runOnly: { type: 'tag', values: tags } });
    return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.any[0]?.message ?? ''}`));
  });
}

/** Visible things to press that are smaller than `least` px on a side. Marks within a sentence and links in text are exempt (WCAG 2.5.8). */
export function smallTargets(page: Page, least: number): Promise<string[]> {
  return page.evaluate((limit) => {
    const root = document.querySelector('wenban-chat')?.shadowRoot;
    const all = [
      ...(root?.querySelectorAll<HTMLElement>(
        'button, select, textarea, input:not([type=radio]):not([type=checkbox]), label.choice, label.level, label.tag, a',
      ) ?? []),
    ];
    return all
      .filter((element) => !element.matches('.cite, .bubble a, label.tag input') && element.offsetParent !== null)
      .map((element) => ({ element, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0 && (box.width < limit - 0.5 || box.height < limit - 0.5))
      .map(({ element, box }) => `${element.className || element.tagName} ${Math.round(box.width)}×${Math.round(box.height)}`);
  }, least);
}

/** Texts in the widget set smaller than `least` px, or with lines closer than `leading`. */
export function smallTexts(page: Page, least: number, leading: number): Promise<string[]> {
  return page.evaluate(
    ([limit, ratio]) => {
      const root = document.querySelector('wenban-chat')?.shadowRoot?.querySelector('.panel');
      const walker = document.createTreeWalker(root as Node, NodeFilter.SHOW_TEXT);
      const found: string[] = [];
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const element = node.parentElement;
        if (!element || !node.textContent?.trim() || element.closest('.sr-only, [hidden]')) continue;
        const style = getComputedStyle(element);
        const size = Number.parseFloat(style.fontSize);
        if (size < (limit ?? 0)) found.push(`${node.textContent.slice(0, 20)} ${size}px`);
        // One-line controls and marks have no lines to keep apart.
        const prose = element.closest('p, li, blockquote') && !element.matches('button, button *, .person-badge, .ai-label');
        if (prose && Number.parseFloat(style.lineHeight) / size < (ratio ?? 0) - 0.01)
          found.push(`${node.textContent.slice(0, 20)} lines ${style.lineHeight}`);
      }
      return found;
    },
    [least, leading],
  );
}

/** How far the panel's content is wider than the panel, in px. */
export function sidewaysOverflow(page: Page): Promise<number> {
  return page.evaluate(() => {
    const root = document.querySelector('wenban-chat')?.shadowRoot;
    const parts = [...(root?.querySelectorAll<HTMLElement>('.panel, .scroll, .header, .composer') ?? [])];
    return Math.max(document.documentElement.scrollWidth - innerWidth, ...parts.map((part) => part.scrollWidth - part.clientWidth));
  });
}
