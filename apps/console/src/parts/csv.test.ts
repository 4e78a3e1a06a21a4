import { expect, test } from "vitest";
import { csv } from "./csv.ts";

test("quotes what needs quoting and disarms formulas, not numbers", () => {
  const text = csv(
    ["名称", "n"],
    [
      ['a "b", c', "-12.50"],
      ["=HYPERLINK(1)", "3"],
    ],
  );
  expect(text).toBe('\uFEFF名称,n\r\n"a ""b"", c",-12.50\r\n\'=HYPERLINK(1),3\r\n');
});
