import type { Page } from 'playwright-core';

/** What brings the account back when its passkey is lost. */
export interface RecoverySheet {
  readonly account: string;
  readonly recoveryKey: string;
}

/** *Keep this*: makes an account with the browser's passkey. Resolves to its recovery sheet as shown. */
export async function makeAccount(page: Page, name: string): Promise<RecoverySheet> {
  await page.goto('/security');
  await page.getByLabel('Your name').fill(name);
  await page.getByRole('button', { name: 'Create passkey' }).click();
  const sheet = await readSheet(page);
  await page.getByText('this browser').waitFor();
  return sheet;
}

/** Reads the recovery sheet on the page, and says that it was written down. */
export async function readSheet(page: Page): Promise<RecoverySheet> {
  const account = (await page.getByTestId('account-name').textContent()) ?? '';
  const recoveryKey = (await page.getByTestId('recovery-key').textContent()) ?? '';
  await page.getByRole('button', { name: 'I have written it down' }).click();
  return { account, recoveryKey };
}
