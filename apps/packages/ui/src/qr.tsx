import { lazy, Suspense } from "react";
import { Skeleton } from "./feedback.tsx";

const Drawing = lazy(() => import("./qr-drawing.tsx"));

/** A QR code. The drawing code is loaded when the first one is shown. */
export function QrCode({ payload, label }: { payload: string; label: string }) {
  return (
    <span className="sl-qr" role="img" aria-label={label}>
      <Suspense fallback={<Skeleton height="100%" />}>
        <Drawing payload={payload} />
      </Suspense>
    </span>
  );
}
