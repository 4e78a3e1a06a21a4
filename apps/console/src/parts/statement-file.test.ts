import { expect, test } from "vitest";
import { base64Of, yesterday } from "./statement-file.ts";

test("a file arrives byte for byte, whatever its letters", async () => {
  const gbk = new Uint8Array([0xbd, 0xbb, 0x00, 0xff, 0x2c]);
  expect(await base64Of(new Blob([gbk]))).toBe(btoa("\u00bd\u00bb\u0000\u00ff,"));
});

test("yesterday is the reader's, over the end of a month too", () => {
  expect(yesterday(Date.parse("2026-03-01T00:30:00+08:00"))).toBe("2026-02-28");
});
