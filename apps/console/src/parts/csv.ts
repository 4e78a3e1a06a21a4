/** A cell a spreadsheet might run as a formula is made plain text (OWASP, CSV injection). */
const FORMULA = /^[=+\-@\t\r]/;
const NUMBER = /^-?[\d.,\s]+$/;

function cell(value: string): string {
  const plain = FORMULA.test(value) && !NUMBER.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

/** The text of a CSV file (RFC 4180) with a byte order mark, so that Excel reads Chinese. */
export function csv(head: string[], rows: string[][]): string {
  return `\uFEFF${[head, ...rows].map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}

export function downloadCsv(name: string, head: string[], rows: string[][]): void {
  const url = URL.createObjectURL(new Blob([csv(head, rows)], { type: "text/csv" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
