// What stands on the page, read as a person does: by the captions of tables, the heads of columns
// and the names of figures. A figure's tip begins with its exact value.

/** Rows of the table with that caption: head → { text, exact }. */
export function rowsOf(page, caption) {
  return page.locator(`.rows[aria-label="${caption}"] table`).first().evaluate((table) => {
    const heads = [...table.tHead.rows[0].cells].map((cell) => cell.firstChild?.textContent?.trim() || cell.textContent.trim());
    return [...table.tBodies[0].rows].filter((row) => row.cells.length === heads.length).map((row) =>
      Object.fromEntries([...row.cells].map((cell, at) => {
        const tip = cell.querySelector("button.figure")?.title;
        return [heads[at], { text: cell.textContent.trim(), exact: tip?.split(" · ")[0].replace("−", "-") ?? null }];
      })));
  });
}

/** The row of `caption` whose `head` reads `text`; nothing without one. */
export async function rowOf(page, caption, head, text) {
  return (await rowsOf(page, caption)).find((row) => row[head]?.text === text);
}

/** The exact values of the figures in the list of totals, by name: realized → ["-4.61"]. */
export function totalsOf(page) {
  return page.locator("dl.totals").first().evaluate((list) =>
    Object.fromEntries([...list.children].map((pair) => [
      pair.querySelector("dt").firstChild.textContent.trim(),
      [...pair.querySelectorAll("dd button.figure")].map((figure) => figure.title.split(" · ")[0].replace("−", "-")),
    ])));
}

/** The bars of that name, by label: { text, exact, note }. */
export function barsOf(page, name) {
  return page.locator(`ul.bars[aria-label="${name}"]`).first().evaluate((list) =>
    Object.fromEntries([...list.children].map((bar) => {
      const label = bar.querySelector(".label").cloneNode(true);
      label.querySelector("small")?.remove();
      return [label.textContent.trim(), {
        text: bar.querySelector(".value").textContent.trim(),
        exact: bar.querySelector("button.figure")?.title.split(" · ")[0].replace("−", "-") ?? null,
        note: bar.querySelector(".note").textContent,
      }];
    })));
}
