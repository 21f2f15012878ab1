// What every walk through a filing does.

export const next = (page) => page.getByRole('button', {name: 'Tiếp tục'}).click();
export const heading = (page, name) => page.getByRole('heading', {level: 1, name}).waitFor();

export async function choose(page, place, typed) {
  await place.fill(typed);
  await page.locator('.combo-list:visible li').first().waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
}
