/** A million letters of base64 are what the server takes; three bytes make four of them. */
export const MAX_FILE_BYTES = 750_000;

const DAY_MS = 24 * 3_600_000;

/** The day before, `2026-11-22`: providers have its account ready in the morning. */
export function yesterday(now = Date.now()): string {
  // The one format in which this country writes dates as computers do.
  return new Intl.DateTimeFormat("sv-SE").format(now - DAY_MS);
}

/** A file's bytes as text that travels in JSON. */
export async function base64Of(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
