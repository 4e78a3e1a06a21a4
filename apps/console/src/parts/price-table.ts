/** Prices pasted from a spreadsheet: SKU code, price, and from how many pieces on. */

export type PastedRow = { code: string; minQuantity: number; minor: number };
export type BadLine = { line: number; text: string };

export function readTable(pasted: string, currency: string): { rows: PastedRow[]; bad: BadLine[] } {
  const rows: PastedRow[] = [];
  const bad: BadLine[] = [];
  pasted.split(/\r?\n/).forEach((text, index) => {
    if (text.trim() === "") return;
    const [code = "", price = "", from = ""] = cells(text);
    const minor = toMinor(price, currency);
    const minQuantity = from === "" ? 1 : /^\d{1,4}$/.test(from) ? Number(from) : 0;
    // The first line may hold titles: its price is no number.
    if (index === 0 && minor === null && !/\d/.test(price)) return;
    if (code === "" || minor === null || minQuantity < 1) bad.push({ line: index + 1, text });
    else rows.push({ code, minQuantity, minor });
  });
  return { rows, bad };
}

/** The cells of a line (RFC 4180 quotes), by tabs where there are any, else by commas. */
function cells(line: string): string[] {
  if (line.includes("\t")) return line.split("\t").map((cell) => cell.trim());
  const found = line.match(/("([^"]|"")*"|[^,]*)(,|$)/g) ?? [];
  return found
    .map((cell) => cell.replace(/,$/, "").trim())
    .map((cell) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell));
}
import { toMinor } from "@storeloop/i18n";
