/** English on a page in German: sentences that the server sent, and words that German does not have. */
import type { Page, Response } from 'playwright-core';

/** What people and machines are called, and what is checked by machines, is in no language. */
const NAMES: ReadonlySet<string> = new Set([
  'name',
  'label',
  'agent',
  'proof',
  'policy',
  'checkpoint',
  'origin',
]);

/** Every sentence inside an answer: three words or more. */
export function sentencesIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return /[a-z]+ \S+ \S/iu.test(value) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => (NAMES.has(name) ? [] : sentencesIn(inner)));
}

/** Notes what the server says to a page from now on. */
export function hearServer(page: Page): ReadonlySet<string> {
  const heard = new Set<string>();
  page.on('response', (response: Response) => {
    if (!/\/api\/v1\/(?!events)/u.test(response.url())) return;
    void response
      .json()
      .then((answer: unknown) => sentencesIn(answer).forEach((one) => heard.add(one)))
      // Cut off, or without a body: then it says nothing.
      .catch(() => undefined);
  });
  return heard;
}

/** Frequent, and neither German nor a name that this product gives. */
const WORDS =
  /\b(?:the|of|is|are|its|it|because|waits?|with|from|been|and|this|that|these|for|by|has|have|not|every|only|to)\b/iu;

/** Runs in the page: unfolds what is folded, and gives every text and label that a reader comes across, once. */
const read = `(() => {
  for (const fold of document.querySelectorAll('details')) fold.open = true;
  const code = 'code, pre, .font-mono, script, style, svg, canvas, option';
  const texts = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT);
  while (walker.nextNode()) {
    const element = walker.currentNode;
    if (element.closest(code) !== null || !element.checkVisibility()) continue;
    for (const name of ['aria-label', 'title', 'placeholder']) texts.add(element.getAttribute(name) ?? '');
    for (const node of element.childNodes) if (node.nodeType === 3) texts.add(node.data.trim());
  }
  texts.delete('');
  return [...texts];
})()`;

/** Names every text that is English. */
export async function englishOn(page: Page, heard: ReadonlySet<string>): Promise<readonly string[]> {
  const texts = await page.evaluate<string[]>(read);
  return texts.filter((text) => WORDS.test(text) || [...heard].some((sentence) => text.includes(sentence)));
}
