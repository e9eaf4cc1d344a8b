import type { Page } from 'playwright-core';

/** *Keep this*: makes an account with the browser's passkey. Resolves to its recovery key as shown. */
export async function makeAccount(page: Page, name: string): Promise<string> {
  await page.goto('/security');
  await page.getByLabel('Your name').fill(name);
  await page.getByRole('button', { name: 'Create passkey' }).click();
  const shown = (await page.getByTestId('recovery-key').textContent()) ?? '';
  await page.getByRole('button', { name: 'I have written it down' }).click();
  await page.getByText('this browser').waitFor();
  return shown;
}
