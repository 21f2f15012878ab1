// What every walk through a filing does.

export const next = (page) => page.getByRole('button', {name: 'Tiếp tục'}).click();
export const heading = (page, name) => page.getByRole('heading', {level: 1, name}).waitFor();

export async function choose(page, place, typed) {
  await place.fill(typed);
  await page.locator('.combo-list:visible li').first().waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
}

// A first certificate of marital status, as far as the page about the people.
export async function toPeople(page) {
  await heading(page, 'Trường hợp của bạn');
  await page.getByRole('radio').first().check();
  await next(page);
  await heading(page, 'Nơi giải quyết');
  await choose(page, page.getByRole('combobox'), 'le thanh nghi');
  await next(page);
  await heading(page, 'Người nộp và chủ hồ sơ');
}
