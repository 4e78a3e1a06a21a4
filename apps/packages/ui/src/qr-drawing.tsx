import qrcode from "qrcode-generator";

/** The modules of a QR code as one path, in the colour of the text. */
export default function QrDrawing({ payload }: { payload: string }) {
  // Type 0 picks the smallest size that fits; M survives a scratched screen.
  const code = qrcode(0, "M");
  code.addData(payload);
  code.make();
  const count = code.getModuleCount();
  let path = "";
  for (let row = 0; row < count; row += 1) {
    for (let column = 0; column < count; column += 1) {
      if (code.isDark(row, column)) path += `M${column} ${row}h1v1h-1z`;
    }
  }
  return (
    <svg viewBox={`0 0 ${count} ${count}`} shapeRendering="crispEdges" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}
